package io.github.reactivesqlite.demo.figures;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Everything that is counted, at one moment. The difference of two is a {@link Sample}. Read from
 * the meters that Prometheus scrapes, so that both say the same.
 */
record Readings(
    long nanoTime,
    DatabaseStats stats,
    Buckets writeTimes,
    Buckets readTimes,
    Buckets interactiveTurns,
    Buckets bulkTurns,
    long lockWaits,
    long checkpoints,
    double writerSeconds,
    long walBytes,
    long walPending) {

  private static final Set<String> READING = Set.of("SELECT", "LIVE SELECT", "READ", "SNAPSHOT");
  private static final int FRAME_HEADER = 24;

  static Readings of(SqliteDatabase database, MeterRegistry registry, int pageSize) {
    Collection<Timer> operations = registry.find(MeterNames.OPERATION).timers();
    double pending =
        gauge(registry, MeterNames.WAL_FRAMES)
            - gauge(registry, MeterNames.WAL_CHECKPOINTED_FRAMES);
    return new Readings(
        System.nanoTime(),
        database.stats(),
        Buckets.of(filtered(operations, timer -> !isReading(timer))),
        Buckets.of(filtered(operations, Readings::isReading)),
        turns(registry, "interactive"),
        turns(registry, "bulk"),
        count(registry, MeterNames.LOCK_WAIT),
        count(registry, MeterNames.WAL_CHECKPOINT),
        seconds(registry, MeterNames.WRITER_HOLD) + seconds(registry, MeterNames.WRITER_COMMIT),
        (long) gauge(registry, MeterNames.WAL_BYTES),
        Math.max(0, Math.round(pending)) * (pageSize + FRAME_HEADER));
  }

  private static Buckets turns(MeterRegistry registry, String lane) {
    return Buckets.of(
        registry.find(MeterNames.WRITER_QUEUE_WAIT).tag(MeterNames.TAG_LANE, lane).timers());
  }

  private static List<Timer> filtered(Collection<Timer> timers, Predicate<Timer> which) {
    return timers.stream().filter(which).toList();
  }

  private static boolean isReading(Timer timer) {
    String operation = timer.getId().getTag(MeterNames.TAG_OPERATION);
    return operation != null && READING.contains(operation);
  }

  private static long count(MeterRegistry registry, String name) {
    return registry.find(name).timers().stream().mapToLong(Timer::count).sum();
  }

  private static double seconds(MeterRegistry registry, String name) {
    return registry.find(name).timers().stream()
        .mapToDouble(timer -> timer.totalTime(TimeUnit.NANOSECONDS) / 1e9)
        .sum();
  }

  private static double gauge(MeterRegistry registry, String name) {
    return registry.find(name).gauges().stream().mapToDouble(Gauge::value).sum();
  }

  Sample since(Readings earlier, long time, Sample.JobCounts jobs) {
    double seconds = Math.max(1e-3, Duration.ofNanos(nanoTime - earlier.nanoTime).toMillis() / 1e3);
    DatabaseStats between = stats.since(earlier.stats);
    Buckets writes = writeTimes.since(earlier.writeTimes);
    Buckets reads = readTimes.since(earlier.readTimes);
    long commits = between.writes().commits();
    long units = between.writes().committedUnits();
    return new Sample(
        time,
        units / seconds,
        commits / seconds,
        between.reads().completed() / seconds,
        writes.percentileMillis(0.5),
        writes.percentileMillis(0.95),
        writes.percentileMillis(0.99),
        reads.percentileMillis(0.5),
        reads.percentileMillis(0.95),
        reads.percentileMillis(0.99),
        interactiveTurns.since(earlier.interactiveTurns).percentileMillis(0.95),
        bulkTurns.since(earlier.bulkTurns).percentileMillis(0.95),
        stats.writes().queuedInteractive(),
        stats.writes().queuedBulk(),
        stats.reads().queued(),
        commits == 0 ? null : (double) units / commits,
        Math.max(0, lockWaits - earlier.lockWaits),
        between.lock().totalWait().toNanos() / 1e6,
        between.lock().retries(),
        between.lock().failures(),
        stats.reads().active(),
        stats.reads().idle(),
        walBytes,
        walPending,
        Math.max(0, checkpoints - earlier.checkpoints) / seconds,
        Math.min(1, Math.max(0, writerSeconds - earlier.writerSeconds) / seconds),
        jobs);
  }
}
