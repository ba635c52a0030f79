package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Peer.Told;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** A process is frozen by SIGSTOP in the middle of its work, while another one goes on. */
@Tag("reliability")
@Tag("process")
class FrozenProcessTest {

  private static final int ROUNDS = Scale.of(2, 60);
  private static final Duration FROZEN = Duration.ofMillis(500);

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void needSignals() {
    NativeTools.need(NativeTools.isLinux(), "the state of a process is read from /proc");
    file = directory.resolve("frozen.db");
  }

  @Test
  void nothingIsLostAndBothGoOn() throws Exception {
    Path ownLedger = directory.resolve("ledger-own");
    int progressed = 0;
    long slowest = 0;
    long usual = 0;
    try (Peer peer = Peer.start(directory, file, 1).awaitReady()) {
      try (SqliteDatabase database = SqliteDatabase.open(file);
          Trials trials = new Trials(ownLedger, 0)) {
        peer.ask("load 8");
        Load own = new Load(trials, database, Way.REPEATABLE, 8);
        for (int round = 0; round < ROUNDS; round++) {
          usual = Math.max(usual, peer.awaitProgress().toMillis());
          usual = Math.max(usual, own.awaitProgress().toMillis());
          Os.stop(peer.pid());
          long before = own.acknowledged();
          Bounded.get(Mono.delay(FROZEN));
          // If it was frozen with the lock in its hand, the others have to wait
          if (own.acknowledged() > before + 8) {
            progressed++;
          }
          Os.resume(peer.pid());
          slowest = Math.max(slowest, peer.awaitProgress().toMillis());
          slowest = Math.max(slowest, own.awaitProgress().toMillis());
        }
        own.stop();
        String theirs = peer.ask("calm");
        assertThat(theirs).contains("failed 0, unknown 0").endsWith("unanswered 0");
        assertThat(own.errors()).isEmpty();
        System.out.printf(
            "frozen %d times for %d ms: the other process went on in %d, both go on at most %d ms"
                + " later (before it %d ms); own %s; theirs %s%n",
            ROUNDS, FROZEN.toMillis(), progressed, slowest, usual, own, theirs);
      }
      peer.end();
      Verdict verdict = Verdict.of(List.of(ownLedger, peer.ledger()), file);
      assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
      System.out.println("frozen: " + verdict);
    }
    // Two saturating writers on a busy machine are slow without any fault too
    assertThat(slowest - usual).isLessThan(Trials.RECOVERY.toMillis());
  }

  @Test
  void timeoutsThatPassedMeanwhileAreAnsweredAtOnce() throws Exception {
    try (Peer peer = Peer.start(directory, file, 1).awaitReady()) {
      peer.ask("hang 200");
      Os.stop(peer.pid());
      Bounded.get(Mono.delay(FROZEN));
      Os.resume(peer.pid());
      Told hung = peer.tell("await");
      assertThat(hung.kind()).as("%s", hung).isEqualTo("TransactionTimeoutException");
      assertThat(hung.took()).isBetween(Duration.ofMillis(180), FROZEN.plus(Trials.RECOVERY));
      Told next = peer.tell("write STATEMENT");
      assertThat(next.isAcknowledged()).as("%s", next).isTrue();
      peer.end();
      System.out.printf(
          "frozen for %d ms with a transaction of 200 ms: ended after %d ms%n",
          FROZEN.toMillis(), hung.took().toMillis());
    }
  }
}
