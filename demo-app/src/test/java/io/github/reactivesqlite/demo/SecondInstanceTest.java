package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
      Process second = start();
      try (BufferedReader lines = lines(second)) {
        assertThat(lines.readLine()).contains("http://127.0.0.1:");
        assertThat(lines.readLine())
            .contains("also open in", "(" + ProcessHandle.current().pid() + ")", "That works");

        // The second one scans at its start, and both do the jobs.
        demo.progressUntil(report -> report.get("state").asString().equals("DONE"));
        assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(FILES);
        JsonNode others = demo.statusUntil(status -> !status.get("others").isEmpty()).get("others");
        assertThat(others).hasSize(1);
        assertThat(others.get(0).get("process").asLong()).isEqualTo(second.pid());

        second.destroy();
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).as("stopped by a signal").isEqualTo(143);
      } finally {
        second.destroyForcibly();
      }
      assertThat(demo.post("/api/notes", "{\"documentId\":1,\"text\":\"x\"}").statusCode())
          .isEqualTo(201);
      demo.statusUntil(status -> status.get("others").isEmpty());
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            DemoApplication.class.getName(),
            "--server.port=0",
            "--library.folder=" + folder,
            "--library.database=" + data.resolve("library.db"))
        .redirectErrorStream(true)
        .start();
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
