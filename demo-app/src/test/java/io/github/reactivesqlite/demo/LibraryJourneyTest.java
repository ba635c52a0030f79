package io.github.reactivesqlite.demo;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LibraryJourneyTest {

  @TempDir Path folder;
  @TempDir Path data;
  private RunningDemo demo;

  @BeforeEach
  void start() throws IOException {
    write("guide.md", "# A guide to otters\n\nOtters swim in rivers.\n\nThey sleep on land.\n");
    write("sub/notes.txt", "The river is deep.\n\nNobody swims here.\n");
    write("sub/Main.java", "class Main {\n  int rivers;\n\n  int lakes;\n}\n");
    Files.write(folder.resolve("image.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, 1});
    Files.write(
        folder.resolve("old.txt"),
        "Caf\u00e9 \u201cquoted\u201d".getBytes(Charset.forName("windows-1252")));
    demo = RunningDemo.start(folder, data.resolve("deep/library.db"));
  }

  @AfterEach
  void stop() {
    demo.close();
  }

  @Test
  void scannedFolderIsListedByPath() {
    JsonNode report = demo.scan();

    assertThat(report.get("state").asString()).isEqualTo("DONE");
    assertThat(report.get("documents").asInt()).isEqualTo(4);
    assertThat(report.get("paragraphs").asInt()).isEqualTo(8);
    assertThat(report.get("rows").asInt()).isEqualTo(12);
    assertThat(report.get("notText").asInt()).isEqualTo(1);
    assertThat(report.get("folder").asString()).isEqualTo(".");
    JsonNode page = demo.json("/api/documents?page=0&size=3");
    assertThat(page.get("total").asInt()).isEqualTo(4);
    assertThat(page.get("pages").asInt()).isEqualTo(2);
    assertThat(strings(page.get("documents"), "path"))
        .containsExactly("guide.md", "old.txt", "sub/Main.java");
    assertThat(strings(demo.json("/api/documents?page=1&size=3").get("documents"), "path"))
        .containsExactly("sub/notes.txt");
    assertThat(demo.json("/api/documents?page=&size=").get("size").asInt()).isEqualTo(20);
  }

  @Test
  void searchFindsParagraphsWithTheirWordsMarked() {
    demo.scan();

    JsonNode found = demo.json("/api/search?q=otters%20swi");

    assertThat(strings(found.get("hits"), "title")).containsExactly("A guide to otters");
    JsonNode hit = found.get("hits").get(0);
    assertThat(hit.get("position").asInt()).isEqualTo(1);
    assertThat(strings(hit.get("snippet"), "text"))
        .containsExactly("Otters", " ", "swim", " in rivers.");
    assertThat(found.get("more").asBoolean()).isFalse();
    assertThat(strings(demo.json("/api/search?q=cafe").get("hits"), "path"))
        .as("accents do not matter, and old encodings are read")
        .containsExactly("old.txt");
    assertThat(demo.json("/api/search?q=river&limit=1").get("more").asBoolean()).isTrue();
  }

  @Test
  void documentIsShownWithItsTextAndNotes() {
    demo.scan();
    long id = idOf("guide.md");

    HttpResponse<String> saved =
        demo.post("/api/notes", "{\"documentId\": %d, \"text\": \" Read this \"}".formatted(id));

    assertThat(saved.statusCode()).isEqualTo(201);
    assertThat(RunningDemo.parse(saved).get("text").asString()).isEqualTo("Read this");
    JsonNode shown = demo.json("/api/documents/" + id + "?from=1&count=1");
    assertThat(shown.get("paragraphs").get(0).asString()).isEqualTo("Otters swim in rivers.");
    assertThat(shown.get("paragraphs")).hasSize(1);
    assertThat(shown.get("document").get("paragraphs").asInt()).isEqualTo(3);
    assertThat(strings(shown.get("notes"), "text")).containsExactly("Read this");
  }

  @Test
  void allDocumentsAreStreamedAsLines() throws IOException {
    for (int i = 0; i < 700; i++) {
      write("many/%03d.txt".formatted(i), "Text " + i);
    }
    demo.scan();

    HttpResponse<String> response = demo.get("/api/documents.ndjson");

    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    List<String> paths =
        response.body().lines().map(RunningDemo::parse).map(d -> d.get("path").asString()).toList();
    assertThat(paths).hasSize(704).isSorted().contains("many/699.txt", "guide.md");
  }

  @Test
  void figuresHaveTheNamesPeopleSearchFor() {
    demo.scan();

    JsonNode figures = demo.json("/api/health/db-metrics");

    assertThat(figures.propertyNames())
        .containsExactly(
            "lock_attempts",
            "lock_successes",
            "lock_failures",
            "lock_retries",
            "total_wait_time_ms",
            "max_wait_time_ms",
            "avg_wait_time_ms",
            "failure_rate",
            "retry_rate",
            "last_event",
            "writes_committed",
            "writes_failed",
            "commits",
            "queue_depth_interactive",
            "queue_depth_bulk",
            "reads_completed",
            "reads_failed",
            "queue_depth_reads",
            "readers_active",
            "readers_idle",
            "readers_replaced",
            "wal_bytes",
            "wal_frames",
            "wal_checkpointed_frames");
    assertThat(figures.get("last_event").isNull()).as("no unit met a taken lock").isTrue();
    assertThat(figures.get("lock_failures").asInt()).isZero();
    assertThat(figures.get("lock_attempts").asInt())
        .isEqualTo(figures.get("lock_successes").asInt())
        .isGreaterThanOrEqualTo(4);
    assertThat(figures.get("failure_rate").asDouble()).isZero();
    assertThat(figures.get("wal_bytes").asLong()).isPositive();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private long idOf(String path) {
    return StreamSupport.stream(
            demo.json("/api/documents?size=200").get("documents").spliterator(), false)
        .filter(document -> document.get("path").asString().equals(path))
        .findFirst()
        .orElseThrow()
        .get("id")
        .asLong();
  }

  private static List<String> strings(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(element -> element.get(field).asString())
        .collect(toList());
  }
}
