package io.github.reactivesqlite.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.WalSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentFiguresTest {

  private static final DatabaseStats.WriteStats NO_WRITES =
      new DatabaseStats.WriteStats(0, 0, 0, 0, 0, 0, 0, 0);
  private static final DatabaseStats.ReadStats NO_READS =
      new DatabaseStats.ReadStats(0, 0, 0, 0, 0, 0, 0);

  private final AtomicLong seconds = new AtomicLong();
  private long successes;
  private long failures;
  private Duration totalWait = Duration.ZERO;
  private Duration maxWait = Duration.ZERO;
  private final RecentFigures recent =
      new RecentFigures(this::stats, () -> Duration.ofSeconds(seconds.get()).toNanos());

  private DatabaseStats stats() {
    return new DatabaseStats(
        new DatabaseStats.LockStats(
            successes + failures, successes, failures, 0, totalWait, maxWait, Optional.empty()),
        NO_WRITES,
        NO_READS);
  }

  private void write(Duration wait) {
    successes++;
    totalWait = totalWait.plus(wait);
    maxWait = maxWait.compareTo(wait) > 0 ? maxWait : wait;
  }

  private void writes(int count) {
    for (int i = 0; i < count; i++) {
      write(Duration.ZERO);
    }
  }

  private List<String> warningsAfter(int passed) {
    seconds.addAndGet(passed);
    return DatabaseFigures.warnings(recent.look(), new WalSize(0, 0, 0), SqliteConfig.ofDefaults());
  }

  @Test
  void longWaitIsAWarningForFiveMinutes() {
    write(Duration.ofSeconds(6));
    writes(1_000);

    assertThat(warningsAfter(20))
        .containsExactly("a write waited more than 5 s for the lock in the last 1 min");
    for (int looks = 0; looks < 28; looks++) {
      assertThat(warningsAfter(10)).hasSize(1);
    }
    // The first reading after it is five minutes old
    assertThat(warningsAfter(20)).isEmpty();
    assertThat(recent.look().stats().lock().maxWait()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void nextLongWaitIsAWarningAgainIfItIsLonger() {
    write(Duration.ofSeconds(6));
    warningsAfter(20);
    assertThat(warningsAfter(300)).isEmpty();

    write(Duration.ofSeconds(7));
    writes(1_000);

    assertThat(warningsAfter(10))
        .containsExactly("a write waited more than 5 s for the lock in the last 5 min");
  }

  /** What is known of it is the sum. */
  @Test
  void waitThatIsNoLongerThanOneBeforeCountsInTheMean() {
    write(Duration.ofSeconds(6));
    warningsAfter(20);
    assertThat(warningsAfter(300)).isEmpty();

    write(Duration.ofSeconds(6));
    writes(10);

    assertThat(warningsAfter(10))
        .containsExactly("the mean wait for the lock was above 100 ms in the last 5 min");
  }

  @Test
  void failuresAreComparedWithTheWritesOfTheSameTime() {
    writes(100_000);
    warningsAfter(10);
    warningsAfter(300);
    failures++;
    writes(50);

    assertThat(warningsAfter(10))
        .containsExactly("more than 1 % of the writes failed by locks in the last 5 min");
    writes(100);
    assertThat(warningsAfter(10)).isEmpty();
  }

  @Test
  void whoAsksSeldomMissesNothing() {
    warningsAfter(10);
    failures++;

    assertThat(warningsAfter(3_600))
        .containsExactly("more than 1 % of the writes failed by locks in the last 60 min");
    assertThat(warningsAfter(300)).isEmpty();
  }

  @Test
  void keepsFewReadingsHoweverOftenAndLongItIsAsked() {
    for (int looks = 0; looks < 10_000; looks++) {
      warningsAfter(looks % 3);
      assertThat(recent.kept()).isLessThanOrEqualTo(RecentFigures.READINGS);
    }
    assertThat(recent.kept()).isGreaterThan(RecentFigures.READINGS / 2);
  }

  @Test
  void canBeAskedByManyThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicLong nanos = new AtomicLong();
    RecentFigures shared =
        new RecentFigures(this::stats, () -> nanos.addAndGet(RecentFigures.SPACING.toNanos() / 2));
    try {
      List<Future<?>> asked = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        asked.add(
            threads.submit(
                () -> {
                  for (int looks = 0; looks < 5_000; looks++) {
                    assertThat(shared.look().age())
                        .isBetween(
                            Duration.ZERO,
                            RecentFigures.WINDOW.plus(RecentFigures.SPACING.multipliedBy(2)));
                  }
                }));
      }
      for (Future<?> each : asked) {
        each.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(shared.kept()).isBetween(2, RecentFigures.READINGS);
  }
}
