package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptAliveConnectionTest {

  private static final int ROUNDS = 500;

  @TempDir Path folder;
  @TempDir Path data;

  /** With Reactor Netty 1.3.6 alone, the connection fell silent within a hundred rounds. */
  @Test
  void everyRequestOfAConnectionIsAnswered() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "alpha");
    try (RunningDemo demo = RunningDemo.start(folder, data.resolve("library.db"))) {
      demo.scan();
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(demo.get("/api/health/db-metrics").statusCode()).isEqualTo(200);
        assertThat(demo.get("/api/library/scan").statusCode()).isEqualTo(200);
        assertThat(demo.get("/api/documents?page=x").statusCode()).isEqualTo(400);
      }
    }
  }
}
