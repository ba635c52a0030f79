package io.github.reactivesqlite.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.Lane;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DatabaseMetricsTest {

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final DatabaseMetrics metrics = new DatabaseMetrics(registry, "app", now::get);

  @AfterEach
  void close() {
    metrics.close();
    registry.close();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private Timer timer(String name, String... tags) {
    return registry.get(name).tags(tags).timer();
  }

  @Nested
  class LockFigures {

    @Test
    void unitsThatNeverWaitedAreAttemptsAndSuccesses() {
      metrics.lockAcquiredAtOnce(256);

      DatabaseStats.LockStats lock = metrics.stats().lock();
      assertThat(lock.attempts()).isEqualTo(256);
      assertThat(lock.successes()).isEqualTo(256);
      assertThat(lock.retries()).isZero();
      assertThat(lock.totalWait()).isZero();
      assertThat(lock.maxWait()).isZero();
      assertThat(lock.lastEvent()).isEmpty();
      assertThat(registry.find(MeterNames.LOCK_WAIT).meter()).isNull();
      assertThat(gauge(MeterNames.LOCK_LAST_EVENT)).isNaN();
    }

    @Test
    void everyAttemptEndsAsSuccessFailureOrAbandoned() {
      metrics.lockAcquiredAtOnce(7);
      metrics.lockAcquired("save", Lane.INTERACTIVE, 40_000_000, 4);
      metrics.lockFailed("save", Lane.INTERACTIVE, 30_000_000_000L, 3_000);
      metrics.lockAbandoned("save", Lane.BULK, 20_000_000, 2);

      DatabaseStats.LockStats lock = metrics.stats().lock();
      assertThat(lock.attempts()).isEqualTo(10);
      assertThat(lock.successes()).isEqualTo(8);
      assertThat(lock.failures()).isEqualTo(1);
      assertThat(lock.retries()).isEqualTo(3_006);
      assertThat(lock.totalWait()).isEqualTo(Duration.ofMillis(30_060));
      assertThat(lock.maxWait()).isEqualTo(Duration.ofSeconds(30));
      assertThat(lock.failureRate()).isEqualTo(0.1);
      assertThat(lock.averageWait()).isEqualTo(Duration.ofNanos(30_060_000_000L / 8));
      assertThat(timer(MeterNames.LOCK_WAIT, "outcome", "acquired", "lane", "interactive").count())
          .isEqualTo(1);
      assertThat(timer(MeterNames.LOCK_WAIT, "outcome", "failed").totalTime(TimeUnit.SECONDS))
          .isEqualTo(30);
      assertThat(timer(MeterNames.LOCK_WAIT, "outcome", "abandoned", "lane", "bulk").count())
          .isEqualTo(1);
    }

    @Test
    void lastEventIsTheTimeOfTheLastWait() {
      metrics.lockAcquired(null, Lane.INTERACTIVE, 1, 1);
      now.set(NOON.plusMillis(1_500));
      metrics.lockFailed(null, Lane.INTERACTIVE, 1, 1);
      now.set(NOON.plusSeconds(60));
      metrics.lockAcquiredAtOnce(1);

      assertThat(metrics.stats().lock().lastEvent()).contains(NOON.plusMillis(1_500));
      assertThat(registry.get(MeterNames.LOCK_LAST_EVENT).timeGauge().value(TimeUnit.MILLISECONDS))
          .isEqualTo(NOON.toEpochMilli() + 1_500);
    }

    @Test
    void negativeWaitCountsAsZero() {
      metrics.lockAcquired(null, Lane.INTERACTIVE, -5, 1);

      assertThat(metrics.stats().lock().totalWait()).isZero();
      assertThat(timer(MeterNames.LOCK_WAIT).count()).isEqualTo(1);
    }
  }

  @Nested
  class ExactSums {

    @Test
    void areExactUnderManyThreads() throws Exception {
      int threads = 64;
      int calls = 10_000;
      CountDownLatch start = new CountDownLatch(1);
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          String label = "label-" + thread % 8;
          running.add(
              pool.submit(
                  () -> {
                    assertThat(start.await(10, TimeUnit.SECONDS)).isTrue();
                    for (int call = 0; call < calls; call++) {
                      metrics.lockAcquiredAtOnce(2);
                      metrics.lockAcquired(label, Lane.INTERACTIVE, 3, 1);
                      metrics.lockFailed(label, Lane.BULK, 5, 2);
                      metrics.groupCommitted(2, 7);
                      metrics.unitsCommitted(3);
                      metrics.itemsDiscarded(4);
                      metrics.readCompleted();
                      metrics.operation("INSERT", label, 11, null);
                    }
                    return null;
                  }));
        }
        start.countDown();
        for (Future<?> future : running) {
          future.get(60, TimeUnit.SECONDS);
        }
      } finally {
        pool.shutdownNow();
      }

      long n = (long) threads * calls;
      DatabaseStats stats = metrics.stats();
      assertThat(stats.lock().attempts()).isEqualTo(4 * n);
      assertThat(stats.lock().successes()).isEqualTo(3 * n);
      assertThat(stats.lock().failures()).isEqualTo(n);
      assertThat(stats.lock().retries()).isEqualTo(3 * n);
      assertThat(stats.lock().totalWait()).isEqualTo(Duration.ofNanos(8 * n));
      assertThat(stats.lock().maxWait()).isEqualTo(Duration.ofNanos(5));
      assertThat(stats.writes().commits()).isEqualTo(n);
      assertThat(stats.writes().committedUnits()).isEqualTo(3 * n);
      assertThat(stats.writes().discardedItems()).isEqualTo(4 * n);
      assertThat(stats.reads().completed()).isEqualTo(n);
      assertThat(timer(MeterNames.WRITER_COMMIT).count()).isEqualTo(n);
      assertThat(registry.get(MeterNames.LOCK_WAIT).timers())
          .hasSize(16)
          .allSatisfy(timer -> assertThat(timer.count()).isEqualTo(n / 8));
      assertThat(registry.get(MeterNames.OPERATION).timers())
          .hasSize(8)
          .allSatisfy(timer -> assertThat(timer.count()).isEqualTo(n / 8));
    }

    @Test
    void ofTheRegistryAreThoseOfTheStats() {
      Recordings.ofEveryKind(metrics);
      metrics.bindGauges(new StandingStill());

      DatabaseStats stats = metrics.stats();
      assertThat(counter(MeterNames.LOCK_ATTEMPTS)).isEqualTo(stats.lock().attempts()).isEqualTo(6);
      assertThat(counter(MeterNames.LOCK_SUCCESSES))
          .isEqualTo(stats.lock().successes())
          .isEqualTo(4);
      assertThat(counter(MeterNames.LOCK_FAILURES)).isEqualTo(stats.lock().failures()).isEqualTo(1);
      assertThat(counter(MeterNames.LOCK_RETRIES)).isEqualTo(stats.lock().retries()).isEqualTo(6);
      assertThat(
              registry.get(MeterNames.LOCK_WAIT).timers().stream()
                  .mapToDouble(timer -> timer.totalTime(TimeUnit.NANOSECONDS))
                  .sum())
          .isEqualTo(stats.lock().totalWait().toNanos())
          .isEqualTo(6_000);
      assertThat(gauge(MeterNames.LOCK_WAIT_GREATEST)).isEqualTo(3_000 / 1e9);
      assertThat(stats.writes()).isEqualTo(new DatabaseStats.WriteStats(4, 1, 1, 1, 1, 9, 1, 2));
      assertThat(counter(MeterNames.WRITER_COMMITTED)).isEqualTo(4);
      assertThat(counter(MeterNames.WRITER_FAILED)).isEqualTo(1);
      assertThat(counter(MeterNames.WRITER_COMMITS)).isEqualTo(1);
      assertThat(counter(MeterNames.WRITER_CANCELLED, "stage", "queued")).isEqualTo(1);
      assertThat(counter(MeterNames.WRITER_CANCELLED, "stage", "after_commit")).isEqualTo(1);
      assertThat(counter(MeterNames.WRITER_DISCARDED)).isEqualTo(9);
      assertThat(stats.reads()).isEqualTo(new DatabaseStats.ReadStats(1, 1, 1, 1, 3, 4, 5));
      assertThat(counter(MeterNames.READS_COMPLETED)).isEqualTo(1);
      assertThat(counter(MeterNames.READS_FAILED)).isEqualTo(1);
      assertThat(counter(MeterNames.READS_CANCELLED)).isEqualTo(1);
      assertThat(counter(MeterNames.READERS_REPLACED)).isEqualTo(1);
    }

    @Test
    void differenceToAnEarlierReadingIsWhatHappenedBetween() {
      Recordings.ofEveryKind(metrics);
      DatabaseStats earlier = metrics.stats();
      metrics.lockAcquiredAtOnce(5);
      metrics.lockAcquired("save", Lane.BULK, 500, 2);
      metrics.unitsCommitted(6);
      metrics.readCancelled();

      DatabaseStats between = metrics.stats().since(earlier);

      assertThat(between.lock().attempts()).isEqualTo(6);
      assertThat(between.lock().successes()).isEqualTo(6);
      assertThat(between.lock().failures()).isZero();
      assertThat(between.lock().retries()).isEqualTo(2);
      assertThat(between.lock().totalWait()).isEqualTo(Duration.ofNanos(500));
      assertThat(between.lock().maxWait()).isEqualTo(Duration.ofNanos(3_000));
      assertThat(between.writes()).isEqualTo(new DatabaseStats.WriteStats(6, 0, 0, 0, 0, 0, 0, 0));
      assertThat(between.reads()).isEqualTo(new DatabaseStats.ReadStats(0, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void areKeptWithoutAnyRegistry() {
      DatabaseMetrics unpublished = DatabaseMetrics.unpublished("app");

      Recordings.ofEveryKind(unpublished);

      assertThat(unpublished.stats().lock().attempts()).isEqualTo(6);
      assertThat(unpublished.database()).isEqualTo("app");
    }
  }

  @Nested
  class HotPath {

    @Test
    void allocatesNothingOnceTheLabelsAreKnown() {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      int rounds = 20_000;
      run(rounds);

      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      run(rounds);
      long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

      // A histogram may turn its time window meanwhile; an allocation a call would be megabytes.
      assertThat(allocated).isLessThan(rounds);
    }

    private void run(int rounds) {
      for (int i = 0; i < rounds; i++) {
        metrics.lockAcquiredAtOnce(1);
        metrics.queueWait("save", Lane.INTERACTIVE, 1_000);
        metrics.hold("save", Lane.INTERACTIVE, 2_000);
        metrics.groupCommitted(1, 3_000);
        metrics.unitsCommitted(1);
        metrics.readCompleted();
        metrics.operation("INSERT", "save", 4_000, null);
        metrics.operation("INSERT", null, 4_000, "ConstraintViolationException");
      }
    }
  }
}
