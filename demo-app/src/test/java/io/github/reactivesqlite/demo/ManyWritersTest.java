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

  @TempDir Path folder;
  @TempDir Path data;

  @Test
  void sixtyFourWritesAreInFlightAndNoneMeetsALock() throws IOException {
    writeFiles();
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      try (Held writer = demo.holdWriter()) {
        assertThat(demo.post("/api/library/scan", "{}").statusCode()).isEqualTo(202);
        JsonNode full = demo.progressUntil(report -> report.get("writersInFlight").asInt() >= 64);
        assertThat(full.get("writersInFlight").asInt()).isEqualTo(64);
        assertThat(full.get("rows").asInt()).isZero();
      }

      JsonNode report = demo.progressUntil(r -> !r.get("state").asString().equals("INDEXING"));

      assertThat(report.get("state").asString()).isEqualTo("DONE");
      assertThat(report.get("mostWritersInFlight").asInt()).isEqualTo(64);
      assertThat(report.get("writersInFlight").asInt()).isZero();
      assertThat(report.get("rows").asInt()).isEqualTo(FILES * (PARAGRAPHS + 1));
      assertThat(report.get("lock").get("failures").asInt()).isZero();
      assertThat(report.get("lock").get("retries").asInt()).isZero();
      assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(FILES);
    }
  }

  @Test
  void noteIsWrittenAndSearchAnsweredWhileTheScanRuns() throws IOException {
    writeFiles();
    Files.writeString(folder.resolve("0.txt"), "first");
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      CompletableFuture<HttpResponse<String>> note;
      try (Held writer = demo.holdWriter()) {
        demo.post("/api/library/scan", "{}");
        demo.progressUntil(report -> report.get("writersInFlight").asInt() == 64);
        assertThat(demo.get("/api/search?q=paragraph").statusCode()).isEqualTo(200);
        // It refers to a document that is queued behind it, so it tells who is served first.
        note = demo.sendAsync(demo.postRequest("/api/notes", "{\"documentId\":1,\"text\":\"x\"}"));
        demo.progressUntil(report -> queuedNotes(demo) == 1);
      }

      HttpResponse<String> answer = note.orTimeout(60, TimeUnit.SECONDS).join();

      assertThat(answer.statusCode()).isEqualTo(409);
      JsonNode report = demo.progressUntil(r -> !r.get("state").asString().equals("INDEXING"));
      assertThat(report.get("state").asString()).isEqualTo("DONE");
    }
  }

  @Test
  void secondScanIsRefusedWhileOneRuns() throws IOException {
    writeFiles();
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      try (Held writer = demo.holdWriter()) {
        demo.post("/api/library/scan", "{}");
        HttpResponse<String> second = demo.post("/api/library/scan", "{}");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("A scan is running already.");
      }
    }
  }

  @Test
  void scanThatWasCutOffIsFinishedByTheNext() throws IOException {
    writeFiles();
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      demo.post("/api/library/scan", "{}");
      demo.progressUntil(report -> report.get("rows").asInt() > 0);
    }

    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      long before = demo.json("/api/documents").get("total").asLong();
      JsonNode report = demo.scan();

      assertThat(before).isPositive();
      assertThat(report.get("documents").asLong()).isEqualTo(FILES - before);
      assertThat(report.get("unchanged").asLong()).isEqualTo(before);
      Long paragraphs =
          demo.database()
              .query("SELECT count(*) FROM paragraph")
              .mapTo(Long.class)
              .one()
              .block(RunningDemo.LONG);
      assertThat(paragraphs).isEqualTo((long) FILES * PARAGRAPHS);
    }
  }

  private static int queuedNotes(RunningDemo demo) {
    return demo.database().stats().writes().queuedInteractive();
  }

  private void writeFiles() throws IOException {
    for (int i = 0; i < FILES; i++) {
      StringBuilder text = new StringBuilder();
      for (int p = 0; p < PARAGRAPHS; p++) {
        text.append("This is paragraph ").append(p).append(" of file ").append(i).append("\n\n");
      }
      Files.writeString(folder.resolve(i + ".txt"), text);
    }
  }
}
