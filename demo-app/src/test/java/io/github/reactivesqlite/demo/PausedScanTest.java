package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A scan is jobs: it can be held back, and it is there again after a restart. */
class PausedScanTest {

  private static final int FILES = 30;

  @TempDir Path folder;
  @TempDir Path data;

  @BeforeEach
  void writeFiles() throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.writeString(folder.resolve(i + ".txt"), "Otter " + i);
    }
  }

  @Test
  void nothingIsBegunDuringAPauseAndEverythingAfterIt() {
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      assertThat(RunningDemo.parse(demo.post("/api/library/scan/pause", "{}")).get("paused"))
          .hasToString("true");
      RunningDemo.parse(demo.post("/api/library/scan", "{}"));

      JsonNode held = demo.progressUntil(report -> report.get("waiting").asInt() == FILES);

      assertThat(held.get("state").asString()).isEqualTo("INDEXING");
      assertThat(held.get("paused").asBoolean()).isTrue();
      assertThat(held.get("filesDone").asInt()).isZero();

      RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
      JsonNode done = demo.progressUntil(report -> report.get("state").asString().equals("DONE"));
      assertThat(done.get("documents").asInt()).isEqualTo(FILES);
      assertThat(done.get("paused").asBoolean()).isFalse();
    }
  }

  @Test
  void pauseAndJobsSurviveARestart() {
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
      RunningDemo.parse(demo.post("/api/library/scan", "{}"));
      demo.progressUntil(report -> report.get("waiting").asInt() == FILES);
    }

    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      JsonNode report = demo.json("/api/library/scan");
      assertThat(report.get("paused").asBoolean()).isTrue();
      assertThat(report.get("waiting").asInt()).isEqualTo(FILES);
      assertThat(demo.post("/api/library/scan", "{}").statusCode()).isEqualTo(409);

      RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
      demo.progressUntil(r -> r.get("state").asString().equals("DONE"));
      assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(FILES);
    }
  }

  @Test
  void fileThatIsGoneOrNoneBeforeItsTurnIsLeftOut() throws IOException {
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
      RunningDemo.parse(demo.post("/api/library/scan", "{}"));
      demo.progressUntil(report -> report.get("waiting").asInt() == FILES);
      Files.delete(folder.resolve("0.txt"));
      Files.delete(folder.resolve("1.txt"));
      Files.createSymbolicLink(folder.resolve("1.txt"), folder.resolve("2.txt"));

      RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
      JsonNode done = demo.progressUntil(report -> report.get("state").asString().equals("DONE"));

      assertThat(done.get("documents").asInt()).isEqualTo(FILES - 2);
      assertThat(done.get("notText").asInt()).isEqualTo(2);
      assertThat(done.get("problems")).isEmpty();
    }
  }

  @Test
  void fileThatCannotBeReadIsShownAndReadWhenItCanBe() throws IOException {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.writeString(sub.resolve("<b>hard.txt"), "Badger");
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
      RunningDemo.parse(demo.post("/api/library/scan", "{}"));
      demo.progressUntil(report -> report.get("waiting").asInt() == FILES + 1);
      // What not even root can read: a folder that is a link to itself
      Files.move(sub, data.resolve("sub"));
      Files.createSymbolicLink(sub, sub);

      RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
      JsonNode done = demo.progressUntil(report -> report.get("state").asString().equals("DONE"));

      assertThat(done.get("failed").asInt()).isEqualTo(1);
      assertThat(done.get("filesDone").asInt()).isEqualTo(FILES + 1);
      JsonNode problem = done.get("problems").get(0);
      assertThat(problem.get("path").asString()).isEqualTo("sub/<b>hard.txt");
      assertThat(problem.get("attempts").asInt()).isEqualTo(3);
      assertThat(problem.get("reason").asString()).isEqualTo("The file could not be read.");

      Files.delete(sub);
      Files.move(data.resolve("sub"), sub);
      RunningDemo.parse(demo.post("/api/library/scan/retry", "{}"));
      JsonNode again = demo.progressUntil(r -> r.get("documents").asInt() == FILES + 1);
      assertThat(again.get("failed").asInt()).isZero();
      assertThat(demo.json("/api/search?q=badger").get("hits")).hasSize(1);
    }
  }

  @Test
  void vanishedFilesAreRemovedInChunks() throws IOException {
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      demo.scan();
      for (int i = 0; i < FILES - 1; i++) {
        Files.delete(folder.resolve(i + ".txt"));
      }

      JsonNode report = demo.scan();

      assertThat(report.get("removed").asInt()).isEqualTo(FILES - 1);
      assertThat(report.get("unchanged").asInt()).isEqualTo(1);
      assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(1);
      Long jobs =
          demo.database()
              .query("SELECT count(*) FROM jobs_job WHERE type = 'remove-documents'")
              .mapTo(Long.class)
              .one()
              .block(RunningDemo.LONG);
      assertThat(jobs).as("20 documents a job").isEqualTo(2);
    }
  }
}
