package io.github.reactivesqlite.demo.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.reactivesqlite.demo.RunningDemo;
import io.github.reactivesqlite.demo.doctor.LockHolders.Lock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  private static final Path LOCKS = Path.of("/proc/locks");

  /** The first byte that readers lock; the two before it are the writer's. */
  private static final long SHARED = 0x40000002L;

  @TempDir Path folder;

  @Test
  void locksAreTheSameAfterAScanOfItsFolder() throws IOException {
    assumeThat(LOCKS).isReadable();
    Path database = folder.resolve("library.db");
    Files.writeString(folder.resolve("a.txt"), "alpha");
    try (RunningDemo demo = RunningDemo.start(folder, database)) {
      Files.createLink(folder.resolve("linked.txt"), database);
      demo.json("/api/documents");
      Set<Lock> before = ownLocks(database);
      assertThat(before).isNotEmpty();

      JsonNode report = demo.scan();

      assertThat(ownLocks(database)).containsAll(before);
      assertThat(report.get("files").asInt()).isEqualTo(1);
    }
  }

  /**
   * Those of the main file alone, which every open connection shares all the time. Locks for
   * writing come and go, and those of the other files would not be lost with it.
   */
  private static Set<Lock> ownLocks(Path database) throws IOException {
    long inode = ((Number) Files.getAttribute(database, "unix:ino")).longValue();
    return LockHolders.parse(Files.readAllLines(LOCKS, StandardCharsets.ISO_8859_1)).stream()
        .filter(lock -> lock.process() == ProcessHandle.current().pid() && lock.inode() == inode)
        .filter(lock -> !lock.write() && lock.start() >= SHARED)
        .collect(Collectors.toSet());
  }
}
