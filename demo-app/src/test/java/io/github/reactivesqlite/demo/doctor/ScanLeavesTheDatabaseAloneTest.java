package io.github.reactivesqlite.demo.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.reactivesqlite.demo.RunningDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A process loses its POSIX locks of a file when it closes any descriptor of it. So a scan of a
 * folder that holds the open database must not look into it.
 */
class ScanLeavesTheDatabaseAloneTest {

  @TempDir Path folder;

  @Test
  void locksAreTheSameAfterAScanOfItsFolder() throws IOException {
    assumeThat(Path.of("/proc/locks")).isReadable();
    Path database = folder.resolve("library.db");
    Files.writeString(folder.resolve("a.txt"), "alpha");
    try (RunningDemo demo = RunningDemo.start(folder, database)) {
      Files.createLink(folder.resolve("linked.txt"), database);
      demo.json("/api/documents");
      Set<String> before = ownLocks(database);
      assertThat(before).contains("has it open");

      JsonNode report = demo.scan();

      assertThat(ownLocks(database)).containsAll(before);
      assertThat(report.get("files").asInt()).isEqualTo(1);
    }
  }

  private static Set<String> ownLocks(Path database) {
    return LockHolders.ofThisMachine().of(database).orElseThrow().stream()
        .filter(holder -> holder.process() == ProcessHandle.current().pid())
        .flatMap(holder -> holder.doings().stream())
        .collect(Collectors.toSet());
  }
}
