package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class HostileFilesTest {

  private static final String SCRIPT = "<img src=x onerror=alert(1)>";

  /** Control characters at the beginning would make it no text. */
  private static final String PADDING = "\n\n" + "word ".repeat(2_000) + "\n\n";

  @TempDir Path folder;
  @TempDir Path data;

  @Test
  void namesAndTextsOfFilesArriveAsTheText() throws IOException {
    String name = "<b>'\"; DROP TABLE document --.md";
    Files.writeString(
        folder.resolve(name), "# " + SCRIPT + PADDING + SCRIPT + " zebra \u0001x\u0002");
    Files.writeString(folder.resolve("line\nbreak\u001B[2J.txt"), "yak");
    Files.writeString(folder.resolve(".env"), "SECRET=1");
    Files.writeString(folder.resolve("long.txt"), "wide ".repeat(100_000));
    Files.writeString(folder.resolve("empty.txt"), "");
    Files.writeString(folder.resolve("large.txt"), "x".repeat(6_000));
    try (RunningDemo demo =
        RunningDemo.start(folder, data.resolve("library.db"), "--library.max-file-size=600KB")) {
      JsonNode report = demo.scan();

      assertThat(report.get("state").asString()).isEqualTo("DONE");
      assertThat(report.get("documents").asInt()).isEqualTo(5);
      JsonNode hit = demo.json("/api/search?q=zebra").get("hits").get(0);
      assertThat(hit.get("path").asString()).isEqualTo(name);
      assertThat(hit.get("title").asString()).isEqualTo(SCRIPT);
      assertThat(hit.get("snippet").get(0).get("text").asString()).startsWith(SCRIPT);
      assertThat(hit.get("snippet").get(1).get("text").asString()).isEqualTo("zebra");
      assertThat(hit.get("snippet").get(2).get("hit").asBoolean())
          .as("marks in a file mark nothing")
          .isFalse();
      assertThat(demo.json("/api/search?q=yak").get("hits").get(0).get("path").asString())
          .isEqualTo("line\nbreak\u001B[2J.txt");
      assertThat(demo.json("/api/search?q=secret").get("hits")).isEmpty();
      assertThat(demo.json("/api/search?q=wide&limit=1").get("more").asBoolean()).isTrue();
    }
  }

  @Test
  void fileThatIsTooLargeIsLeftOut() throws IOException {
    Files.writeString(folder.resolve("large.txt"), "x".repeat(6_000));
    try (RunningDemo demo =
        RunningDemo.start(folder, data.resolve("library.db"), "--library.max-file-size=5KB")) {
      JsonNode report = demo.scan();

      assertThat(report.get("documents").asInt()).isZero();
      assertThat(report.get("notText").asInt()).isEqualTo(1);
    }
  }

  @Test
  void longFileIsWrittenInSeveralUnits() throws IOException {
    Files.writeString(folder.resolve("long.txt"), "some words\n\n".repeat(1_001));
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      JsonNode report = demo.scan();

      assertThat(report.get("rows").asInt()).isEqualTo(1_002);
      assertThat(report.get("lock").get("attempts").asInt())
          .as("six chunks, and the units of the scan and its job")
          .isGreaterThan(6);
      JsonNode text = demo.json("/api/documents/1?from=990&count=100");
      assertThat(text.get("paragraphs")).hasSize(11);
    }
  }
}
