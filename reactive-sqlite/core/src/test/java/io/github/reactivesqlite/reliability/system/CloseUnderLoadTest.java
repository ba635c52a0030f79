package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process closes its database while hundreds of operations of every kind run. */
@Tag("reliability")
@Tag("process")
class CloseUnderLoadTest {

  private static final Duration STEP = Duration.ofSeconds(60);
  private static final int ROUNDS = Scale.of(1, 20);

  @TempDir Path directory;

  /** With time for what is queued, and with hardly any. */
  @ParameterizedTest
  @ValueSource(longs = {10_000, 20})
  void everybodyIsAnsweredAndTheProcessEnds(long closeTimeoutMillis) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path file = directory.resolve("crowded-" + round + ".db");
      Path ledger = directory.resolve("ledger-" + round);
      try (ChildJvm child =
          ChildJvm.start(directory, CrowdMain.class, file, ledger, closeTimeoutMillis)) {
        child.awaitLine(CrowdMain.RUNNING, STEP);
        String closed = child.awaitLine(CrowdMain.CLOSED, STEP);
        assertThat(child.endsWithin(Duration.ofSeconds(10)))
            .as("ended by itself:\n%s", child.transcript())
            .isTrue();
        assertThat(child.exitCode()).as(child.transcript()).isZero();
        assertThat(child.transcript()).doesNotContain("onErrorDropped", "Operator called default");
        Verdict verdict = Verdict.of(List.of(ledger), file);
        assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
        System.out.printf("close under load: %s; %s%n", closed, verdict);
      }
    }
  }
}
