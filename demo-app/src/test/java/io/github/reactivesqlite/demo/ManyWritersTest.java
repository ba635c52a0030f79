package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.RunningDemo.Held;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ManyWritersTest {

  private static final int FILES = 300;
  private static final int PARAGRAPHS = 20;
  private static final int MOST_TRIES = 10;

  @TempDir Path folder;
  @TempDir Path data;

  @Test
  void filesAreWrittenSideBySideAndNoneMeetsALock() throws IOException {
    writeFiles();
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      JsonNode report = demo.scan();

      assertThat(report.get("state").asString()).isEqualTo("DONE");
      assertThat(report.get("mostWritersInFlight").asInt()).isBetween(8, 64);
      assertThat(report.get("writersInFlight").asInt()).isZero();
      assertThat(report.get("rows").asInt()).isEqualTo(FILES * (PARAGRAPHS + 1));
      assertThat(report.get("lock").get("failures").asInt()).isZero();
      assertThat(report.get("lock").get("retries").asInt()).isZero();
      assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(FILES);
    }
  }

  @Test
  void noteOvertakesTheFilesOfARunningScan() throws IOException {
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      CompletableFuture<HttpResponse<String>> note;
      try (Held writer = holdWriterDuringAScan(demo)) {
        demo.progressUntil(report -> queuedBulk(demo) > 0);
        assertThat(demo.get("/api/search?q=paragraph").statusCode()).isEqualTo(200);
        note = demo.sendAsync(demo.postRequest("/api/notes", "{\"documentId\":1,\"text\":\"x\"}"));
        demo.progressUntil(report -> queuedInteractive(demo) > 0);
      }

      HttpResponse<String> answer = note.orTimeout(60, TimeUnit.SECONDS).join();

      assertThat(answer.statusCode()).isEqualTo(201);
      JsonNode report = demo.progressUntil(r -> !r.get("state").asString().equals("INDEXING"));
      assertThat(report.get("documents").asInt()).isEqualTo(FILES);
    }
  }

  @Test
  void secondScanIsRefusedWhileOneGoesOn() throws IOException {
    writeFiles();
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
      RunningDemo.parse(demo.post("/api/library/scan", "{}"));

      HttpResponse<String> second = demo.post("/api/library/scan", "{}");

      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body()).contains("A scan is running already.");
    }
  }

  @Test
  void scanThatWasCutOffGoesOnWithTheNextStart() throws IOException {
    writeFiles();
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      demo.post("/api/library/scan", "{}");
      demo.progressUntil(report -> report.get("rows").asInt() > 0);
    }

    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      JsonNode report = demo.progressUntil(r -> r.get("state").asString().equals("DONE"));

      assertThat(report.get("documents").asInt()).isEqualTo(FILES);
      assertThat(report.get("rows").asInt()).isEqualTo(FILES * (PARAGRAPHS + 1));
      assertThat(report.get("failed").asInt()).isZero();
      Long paragraphs =
          demo.database()
              .query("SELECT count(*) FROM paragraph")
              .mapTo(Long.class)
              .one()
              .block(RunningDemo.LONG);
      assertThat(paragraphs).isEqualTo((long) FILES * PARAGRAPHS);
    }
  }

  /** A scan may be over before anybody can hold the writer: then again, with other texts. */
  private Held holdWriterDuringAScan(RunningDemo demo) throws IOException {
    for (int scan = 1; scan <= MOST_TRIES; scan++) {
      writeFiles(" in text " + scan);
      RunningDemo.parse(demo.post("/api/library/scan", "{}"));
      demo.progressUntil(report -> report.get("documents").asInt() > 0);
      Held writer = demo.holdWriter();
      if (demo.json("/api/library/scan").get("documents").asInt() < FILES) {
        return writer;
      }
      writer.close();
      demo.progressUntil(report -> report.get("state").asString().equals("DONE"));
    }
    throw new AssertionError("No scan lasted until the writer was held, of " + MOST_TRIES);
  }

  private static int queuedInteractive(RunningDemo demo) {
    return demo.database().stats().writes().queuedInteractive();
  }

  private static int queuedBulk(RunningDemo demo) {
    return demo.database().stats().writes().queuedBulk();
  }

  private void writeFiles() throws IOException {
    writeFiles("");
  }

  private void writeFiles(String ending) throws IOException {
    for (int i = 0; i < FILES; i++) {
      StringBuilder text = new StringBuilder();
      for (int p = 0; p < PARAGRAPHS; p++) {
        text.append("This is paragraph ").append(p).append(" of file ").append(i).append(ending);
        text.append("\n\n");
      }
      Files.writeString(folder.resolve(i + ".txt"), text);
    }
  }
}
