package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Peer.Told;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of the system on a process that is running: the size of files, and how many are open. */
@Tag("reliability")
@Tag("process")
class ProcessLimitsTest {

  private static final int ROUNDS = Scale.of(1, 20);
  private static final int MANY = 3_000;

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void needTools() {
    NativeTools.need(NativeTools.isLinux(), "prlimit is a command of Linux");
    NativeTools.needCommand("prlimit");
    file = directory.resolve("limited.db");
  }

  @Test
  void aLogThatMayNotGrowFailsWritesUntilItMay() throws Exception {
    long slowestMillis = 0;
    int refusals = 0;
    try (Peer peer = Peer.start(directory, file, 1).awaitReady()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Way way : Way.REPEATABLE) {
          Os.limit(peer.pid(), "fsize=100000:");
          Told refused = writeUntilRefused(peer, way);
          refusals++;
          assertThat(refused.kind()).as("%s", refused).isIn("IO_ERROR", "DISK_FULL", "UNKNOWN");
          assertThat(refused.message()).as("%s", way).containsIgnoringCase("disk");
          assertThat(peer.tell("read").isAcknowledged()).isTrue();

          Os.limit(peer.pid(), "fsize=unlimited:");
          Told next = peer.tell("write STATEMENT");
          assertThat(next.isAcknowledged()).as("after %s: %s", way, next).isTrue();
          slowestMillis = Math.max(slowestMillis, next.took().toMillis());
        }
      }
      peer.end();
      judge(
          peer,
          "limit on the size of files, %d refusals, slowest recovery %d ms"
              .formatted(refusals, slowestMillis));
    }
    assertThat(slowestMillis).isLessThan(Trials.RECOVERY.toMillis());
  }

  private static Told writeUntilRefused(Peer peer, Way way) throws InterruptedException {
    for (int i = 0; i < MANY; i++) {
      Told told = peer.tell("write " + way);
      if (!told.isAcknowledged()) {
        return told;
      }
    }
    throw new AssertionError("It was never refused");
  }

  @Test
  void withoutFileDescriptorsWritesGoOnAndReadersComeBackLater() throws Exception {
    long slowestMillis = 0;
    try (Peer peer = Peer.start(directory, file, 1).awaitReady()) {
      System.out.println(peer.ask("classes"));
      for (int round = 0; round < ROUNDS; round++) {
        peer.tell("read");
        peer.tell("write UNIT");
        Os.limit(peer.pid(), "nofile=1:");
        peer.ask("release");
        Told refused = peer.tell("read");
        assertThat(refused.kind()).as("%s", refused).isEqualTo("CANNOT_OPEN");
        assertThat(refused.message()).contains("file descriptors");
        for (Way way : Way.REPEATABLE) {
          assertThat(peer.tell("write " + way).isAcknowledged()).as("%s", way).isTrue();
        }

        Os.limit(peer.pid(), "nofile=512:");
        Told next = peer.tell("read");
        assertThat(next.isAcknowledged()).as("%s", next).isTrue();
        slowestMillis = Math.max(slowestMillis, next.took().toMillis());
        assertThat(peer.tell("write STATEMENT").isAcknowledged()).isTrue();
      }
      peer.end();
      judge(peer, "no file descriptors, slowest recovery %d ms".formatted(slowestMillis));
    }
    assertThat(slowestMillis).isLessThan(Trials.RECOVERY.toMillis());
  }

  private void judge(Peer peer, String figures) throws Exception {
    Verdict verdict = Verdict.of(List.of(peer.ledger()), file);
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
    System.out.println(figures + "; " + verdict);
  }
}
