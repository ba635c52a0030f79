package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class LabShutdownTest {

  @TempDir Path top;

  @Test
  void pageThatFollowsARunDoesNotHoldUpTheStop() throws Exception {
    Path folder = folder();
    CompletableFuture<HttpResponse<String>> events;
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
      demo.events(path, "tick").blockFirst(RunningDemo.LONG);
      events = demo.sendAsync(demo.request(path));

      // The run alone would go on for longer
      CompletableFuture.runAsync(demo::close).get(30, TimeUnit.SECONDS);
    }

    assertThat(events.get(RunningDemo.LONG.toSeconds(), TimeUnit.SECONDS).body())
        .contains("event:begun")
        .doesNotContain("event:finished");
  }

  private Path folder() throws IOException {
    return Files.createDirectories(top.resolve("library"));
  }
}
