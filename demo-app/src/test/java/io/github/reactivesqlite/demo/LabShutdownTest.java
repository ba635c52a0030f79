package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("process")
class LabShutdownTest {

  @TempDir Path top;

  @Test
  void pageThatFollowsARunDoesNotHoldUpTheStop() throws Exception {
    Path folder = folder();
    CompletableFuture<List<JsonNode>> ticks;
    try (RunningDemo demo =
        RunningDemo.start(
            folder,
            top.resolve("library.db"),
            "--spring.lifecycle.timeout-per-shutdown-phase=10m")) {
      long id =
          RunningDemo.parse(
                  demo.post(
                      "/api/lab/runs",
                      "{\"scenario\": \"topics\", \"seconds\": 60, \"workers\": 1}"))
              .get("id")
              .asLong();
      String path = "/api/lab/runs/" + id + "/events";
      CountDownLatch followed = new CountDownLatch(1);
      ticks =
          demo.events(path, "tick").doOnNext(tick -> followed.countDown()).collectList().toFuture();
      assertThat(followed.await(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

      // The run alone would go on for longer
      CompletableFuture.runAsync(demo::close).get(30, TimeUnit.SECONDS);
    }

    assertThat(ticks.get(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS))
        .as("the stream was ended, not cut off")
        .isNotEmpty();
  }

  private Path folder() throws IOException {
    return Files.createDirectories(top.resolve("library"));
  }
}
