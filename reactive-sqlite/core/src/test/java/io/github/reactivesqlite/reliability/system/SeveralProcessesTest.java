package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes come, go and are killed, and those that stay make progress. */
@Tag("reliability")
@Tag("process")
class SeveralProcessesTest {

  private static final int ROUNDS = Scale.of(1, 40);
  private static final int IN_FLIGHT = 8;

  @TempDir Path directory;

  private final List<Peer> started = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();
  private Path file;
  private long slowest;
  private long usual;

  @Test
  void eachMakesProgressWhileOthersAreKilledAndCloseAndComeBack() throws Exception {
    file = directory.resolve("shared.db");
    try {
      for (int i = 0; i < 3; i++) {
        peers.add(start());
      }
      for (Peer peer : peers) {
        begin(peer);
      }
      for (int round = 0; round < ROUNDS; round++) {
        Peer next = start();
        Peer another = start();
        usual = Math.max(usual, allProgress());
        peers.remove(0).kill();
        slowest = Math.max(slowest, allProgress());
        begin(next);
        peers.add(next);
        slowest = Math.max(slowest, allProgress());

        Peer leaving = peers.remove(0);
        assertThat(leaving.ask("calm")).contains("failed 0, unknown 0").endsWith("unanswered 0");
        leaving.end();
        slowest = Math.max(slowest, allProgress());
        begin(another);
        peers.add(another);
      }
      slowest = Math.max(slowest, allProgress());
      // To the last closer
      while (!peers.isEmpty()) {
        Peer leaving = peers.remove(0);
        assertThat(leaving.ask("calm")).contains("failed 0, unknown 0").endsWith("unanswered 0");
        leaving.end();
      }
    } finally {
      for (Peer peer : started) {
        peer.close();
      }
    }
    assertThat(file.resolveSibling("shared.db-wal")).doesNotExist();
    assertThat(Files.exists(file)).isTrue();
    Verdict verdict = Verdict.of(started.stream().map(Peer::ledger).toList(), file);
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
    System.out.printf(
        "%d processes on one file, three at a time, %d killed: slowest progress %d ms,"
            + " before a kill %d ms; %s%n",
        started.size(), ROUNDS, slowest, usual, verdict);
    // Three saturating writers on a busy machine are slow without any fault too
    assertThat(slowest - usual).isLessThan(Trials.RECOVERY.toMillis());
  }

  private Peer start() {
    Peer peer = Peer.start(directory, file, started.size() + 1);
    started.add(peer);
    return peer;
  }

  private static void begin(Peer peer) throws InterruptedException {
    peer.awaitReady();
    peer.ask("load " + IN_FLIGHT);
  }

  /** Waits until each has come on, and says how many milliseconds the slowest needed. */
  private long allProgress() throws InterruptedException {
    long longest = 0;
    for (Peer peer : peers) {
      longest = Math.max(longest, peer.awaitProgress().toMillis());
    }
    return longest;
  }
}
