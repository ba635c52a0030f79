package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two processes share one database, and each says so. */
@Tag("process")
class SecondInstanceTest {

  private static final int FILES = 20;

  @TempDir Path folder;
  @TempDir Path data;

  @Test
  void bothWorkAndEachSaysThatThereIsAnother() throws IOException, InterruptedException {
    assumeThat(Path.of("/proc/locks")).isReadable();
    for (int i = 0; i < FILES; i++) {
      Files.writeString(folder.resolve(i + ".txt"), "Otter " + i);
    }
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      assertThat(demo.status().get("others")).isEmpty();
      try (SecondDemo second = SecondDemo.start(folder, data.resolve("library.db"))) {
        assertThat(second.address()).startsWith("http://127.0.0.1:");
        assertThat(second.lineWith("also open in"))
            .contains("(" + ProcessHandle.current().pid() + ")", "That works");

        // The second one scans at its start, and both do the jobs.
        demo.progressUntil(report -> report.get("state").asString().equals("DONE"));
        assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(FILES);
        JsonNode others = demo.statusUntil(status -> !status.get("others").isEmpty()).get("others");
        assertThat(others).hasSize(1);
        assertThat(others.get(0).get("process").asLong()).isEqualTo(second.pid());

        assertThat(second.stop()).as("stopped by a signal").isEqualTo(143);
      }
      assertThat(demo.post("/api/notes", "{\"documentId\":1,\"text\":\"x\"}").statusCode())
          .isEqualTo(201);
      demo.statusUntil(status -> status.get("others").isEmpty());
    }
  }
}
