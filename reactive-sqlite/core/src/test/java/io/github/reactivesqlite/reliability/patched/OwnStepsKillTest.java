package io.github.reactivesqlite.reliability.patched;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes in every way at once is killed at one of the library's own steps, at a
 * random passing of it, and the next one goes on with the same file. {@code -Downsteps.seed}
 * repeats the passings of a run.
 */
@Tag("reliability")
@Tag("process")
class OwnStepsKillTest {

  private static final Duration STEP = Duration.ofSeconds(60);
  private static final int SIGKILLED = 128 + 9;
  private static final int LIVES_OF_A_FILE = 10;
  private static final long UNITS_OF_A_LIFE = 1_000_000;

  private final long seed = Long.getLong("ownsteps.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @TempDir Path directory;

  private Path classes;
  private final List<Path> ledgers = new ArrayList<>();
  private int kills;
  private int acknowledged;
  private int failed;
  private int inFlight;
  private int keptUnacknowledged;
  private @Nullable Verdict before;

  @Test
  @Timeout(1_800)
  void whateverStepAProcessDiesAtNothingAcknowledgedIsLostAndNothingIsHalfThereOrTwice()
      throws Exception {
    NativeTools.needCommand("sh");
    System.out.println("seed " + seed);
    classes = Files.createDirectory(directory.resolve("classes"));
    PatchedLibrary.compile(KillPoint.hooks(), classes);
    List<KillPoint> lives = new ArrayList<>();
    for (int round = 0; round < Scale.of(1, 30); round++) {
      lives.addAll(List.of(KillPoint.values()));
    }
    ChildJvm next = start(0, lives.get(0));
    try {
      for (int life = 0; life < lives.size(); life++) {
        ChildJvm writer = next;
        try {
          // The next one starts its JVM while this one writes and is judged
          next = life + 1 < lives.size() ? start(life + 1, lives.get(life + 1)) : writer;
          die(writer, lives.get(life));
        } finally {
          writer.close();
        }
        judge(life, lives.get(life));
      }
    } finally {
      next.close();
    }
    System.out.printf(
        "%d kills at %d steps of the library: %d acknowledged, %d failed, %d in flight when killed,"
            + " %d of them committed, 0 lost, 0 twice, 0 in part%n",
        kills, KillPoint.values().length, acknowledged, failed, inFlight, keptUnacknowledged);
  }

  private ChildJvm start(int life, KillPoint point) {
    return ChildJvm.of(directory, KilledAtAStep.class)
        .classesFirst(classes)
        .start(
            file(life),
            ledger(life),
            life * UNITS_OF_A_LIFE,
            point,
            1 + random.nextInt(point.mostPassings()));
  }

  private Path file(int life) {
    return directory.resolve("steps-" + life / LIVES_OF_A_FILE + ".db");
  }

  private Path ledger(int life) {
    return directory.resolve("ledger-" + life);
  }

  private void die(ChildJvm writer, KillPoint point) throws InterruptedException {
    writer.awaitLine(KilledAtAStep.READY, STEP);
    writer.say("go");
    assertThat(writer.endsWithin(STEP))
        .as("killed at %s; it said %s", point, writer.transcript())
        .isTrue();
    assertThat(writer.exitCode())
        .as("killed at %s; it said %s", point, writer.transcript())
        .isEqualTo(SIGKILLED);
    assertThat(writer.transcript()).doesNotContain("error");
    kills++;
  }

  private void judge(int life, KillPoint point) throws Exception {
    if (life % LIVES_OF_A_FILE == 0) {
      ledgers.clear();
      before = null;
    }
    ledgers.add(ledger(life));
    Verdict verdict = Verdict.of(ledgers, file(life));
    assertThat(verdict.complaints())
        .as("killed at %s, life %d, seed %d: %s", point, life, seed, verdict)
        .isEmpty();
    Verdict earlier = before;
    before = verdict;
    int kept =
        verdict.presentUnacknowledged() - (earlier == null ? 0 : earlier.presentUnacknowledged());
    if (point.isBetweenCommitAndAnswer()) {
      assertThat(kept).as("committed and not answered, killed at %s", point).isPositive();
    }
    keptUnacknowledged += kept;
    acknowledged += more(Fate.ACKNOWLEDGED, earlier, verdict);
    failed += more(Fate.FAILED, earlier, verdict);
    inFlight += more(Fate.STARTED, earlier, verdict);
  }

  private static int more(Fate fate, @Nullable Verdict earlier, Verdict now) {
    return now.count(fate) - (earlier == null ? 0 : earlier.count(fate));
  }
}
