package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RescanTest {

  @TempDir Path folder;
  @TempDir Path data;
  private RunningDemo demo;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("a.txt"), "alpha one\n\nalpha two");
    Files.writeString(folder.resolve("sub/b.txt"), "beta");
    Files.writeString(folder.resolve("sub/c.txt"), "gamma");
    demo = RunningDemo.start(folder, data.resolve("library.db"));
    demo.scan();
  }

  @AfterEach
  void stop() {
    demo.close();
  }

  @Test
  void unchangedFilesAreNotWrittenAgain() throws IOException {
    Files.setLastModifiedTime(folder.resolve("a.txt"), FileTime.from(Instant.EPOCH));

    JsonNode report = demo.scan();

    assertThat(report.get("unchanged").asInt()).isEqualTo(3);
    assertThat(report.get("rows").asInt()).isZero();
    assertThat(demo.json("/api/documents").get("documents").get(0).get("modified").asString())
        .startsWith("1970-01-01");
  }

  @Test
  void changedFileReplacesItsTextAndKeepsItsNotes() throws IOException {
    JsonNode before = demo.json("/api/documents").get("documents").get(0);
    long id = before.get("id").asLong();
    RunningDemo.parse(
        demo.post("/api/notes", "{\"documentId\": %d, \"text\": \"mine\"}".formatted(id)));
    Files.writeString(folder.resolve("a.txt"), "delta only, and longer than before");

    JsonNode report = demo.scan();

    assertThat(report.get("documents").asInt()).isEqualTo(1);
    assertThat(report.get("unchanged").asInt()).isEqualTo(2);
    assertThat(demo.json("/api/search?q=alpha").get("hits")).isEmpty();
    assertThat(demo.json("/api/search?q=delta").get("hits")).hasSize(1);
    JsonNode shown = demo.json("/api/documents/" + id);
    assertThat(shown.get("paragraphs")).hasSize(1);
    assertThat(shown.get("notes").get(0).get("text").asString()).isEqualTo("mine");
    assertThatCode(this::compareIndexWithText).doesNotThrowAnyException();
  }

  @Test
  void documentOfAVanishedFileGoesUnlessItHasNotes() throws IOException {
    long id = demo.json("/api/documents").get("documents").get(0).get("id").asLong();
    RunningDemo.parse(
        demo.post("/api/notes", "{\"documentId\": %d, \"text\": \"mine\"}".formatted(id)));
    Files.delete(folder.resolve("a.txt"));
    Files.delete(folder.resolve("sub/b.txt"));

    JsonNode report = demo.scan();

    assertThat(report.get("removed").asInt()).isEqualTo(1);
    assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(2);
    assertThat(demo.json("/api/search?q=beta").get("hits")).isEmpty();
    assertThat(demo.json("/api/search?q=alpha").get("hits")).hasSize(2);
    assertThatCode(this::compareIndexWithText).doesNotThrowAnyException();
  }

  @Test
  void scanOfAFolderLeavesTheOthersAlone() throws IOException {
    Files.delete(folder.resolve("a.txt"));
    Files.writeString(folder.resolve("sub/d.txt"), "epsilon");

    JsonNode report = demo.scan("{\"folder\": \"sub\"}");

    assertThat(report.get("folder").asString()).isEqualTo("sub");
    assertThat(report.get("files").asInt()).isEqualTo(3);
    assertThat(report.get("documents").asInt()).isEqualTo(1);
    assertThat(report.get("removed").asInt()).isZero();
    assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(4);
  }

  @Test
  void libraryIsThereAfterARestart() {
    demo.close();

    demo = RunningDemo.start(folder, data.resolve("library.db"));

    assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(3);
    assertThat(demo.json("/api/search?q=gamma").get("hits")).hasSize(1);
    JsonNode report = demo.json("/api/library/scan");
    assertThat(report.get("state").asString()).isEqualTo("DONE");
    assertThat(report.get("documents").asInt()).isEqualTo(3);
  }

  /** FTS5 compares its index with the text it stands for; it fails when they differ. */
  private void compareIndexWithText() {
    demo.database()
        .update("INSERT INTO paragraph_fts (paragraph_fts, rank) VALUES ('integrity-check', 1)")
        .rowsUpdated()
        .block(RunningDemo.LONG);
  }
}
