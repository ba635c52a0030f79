package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** What is set for the database itself counts, not what the application sets by default. */
class OwnDatabaseSettingsTest {

  @TempDir Path top;

  @Test
  void scanLeavesTheFileAloneThatIsReallyOpen() throws IOException {
    Path folder = Files.createDirectories(top.resolve("library"));
    Files.writeString(folder.resolve("a.txt"), "Otter");
    Path lab = Files.createDirectories(folder.resolve("reactive-sqlite-lab-123"));
    Files.writeString(lab.resolve("b.txt"), "Otter");
    try (RunningDemo demo =
        RunningDemo.start(
            folder,
            top.resolve("other.db"),
            "--reactive-sqlite.file=" + folder.resolve("real.db"))) {
      JsonNode report = demo.scan();

      assertThat(report.get("state").asString()).isEqualTo("DONE");
      assertThat(report.get("files").asInt()).as("neither the database nor the lab's").isEqualTo(1);
      assertThat(report.get("documents").asInt()).isEqualTo(1);
      assertThat(demo.json("/api/library/folders").get("folders")).isEmpty();
      assertThat(top.resolve("other.db")).doesNotExist();
      assertThat(demo.status().get("databaseBytes").asLong()).isPositive();
    }
  }

  /** A customizer has the last word, so no property says how large the queues are. */
  @Test
  void queueIsMeasuredByTheCapacityThatTheDatabaseWasOpenedWith() throws IOException {
    Path folder = Files.createDirectories(top.resolve("library"));
    try (RunningDemo demo =
        RunningDemo.start(
            config -> config.interactiveQueueCapacity(100).bulkQueueCapacity(50),
            folder,
            top.resolve("library.db"),
            "--reactive-sqlite.interactive-queue-capacity=5000")) {
      CompletableFuture<Void> writes;
      try (RunningDemo.Held held = demo.holdWriter()) {
        writes =
            Flux.range(0, 85)
                .flatMap(
                    i ->
                        demo.database()
                            .update("UPDATE scan SET failed = failed WHERE id = 0")
                            .rowsUpdated(),
                    85)
                .then()
                .toFuture();
        demo.statusUntil(OwnDatabaseSettingsTest::queueIsNearlyFull);
      }
      writes.orTimeout(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  private static boolean queueIsNearlyFull(JsonNode status) {
    return status
        .get("thresholds")
        .valueStream()
        .filter(threshold -> threshold.get("id").asString().equals("queue"))
        .anyMatch(threshold -> threshold.get("state").asString().equals("CROSSED"));
  }
}
