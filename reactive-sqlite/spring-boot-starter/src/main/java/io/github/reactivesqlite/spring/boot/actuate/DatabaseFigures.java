package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.WalSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * The figures of a database since it was opened, under the names that people search for: what the
 * health details and the endpoint {@code sqlite} show, for an address of the application's own.
 */
public final class DatabaseFigures {

  static final long WAL_BYTES = 10_000_000;
  static final double FAILURE_RATE = 0.01;
  static final Duration AVERAGE_WAIT = Duration.ofMillis(100);
  static final Duration MAX_WAIT = Duration.ofSeconds(5);
  static final double QUEUE_SHARE = 0.8;

  private DatabaseFigures() {}

  /**
   * The figures, to be answered as JSON: numbers by name, in a fixed order. {@code last_event} is
   * the time at which a wait for the lock last ended, as ISO 8601 in UTC; an empty Optional, which
   * Jackson writes as {@code null}, until one did.
   *
   * @param database the database
   * @return the figures; lazy, read anew by each subscription on a thread of the library, and not
   *     waiting for the writer. Fails with {@link
   *     io.github.reactivesqlite.error.DatabaseClosedException} after the database was closed
   */
  public static Mono<Map<String, Object>> of(SqliteDatabase database) {
    return database.maintenance().walSize().map(wal -> of(database.stats(), wal));
  }

  static Map<String, Object> of(DatabaseStats stats, WalSize wal) {
    Map<String, Object> figures = new LinkedHashMap<>();
    locks(stats.lock(), figures);
    DatabaseStats.WriteStats writes = stats.writes();
    figures.put("writes_committed", writes.committedUnits());
    figures.put("writes_failed", writes.failedUnits());
    figures.put("commits", writes.commits());
    figures.put("queue_depth_interactive", writes.queuedInteractive());
    figures.put("queue_depth_bulk", writes.queuedBulk());
    DatabaseStats.ReadStats reads = stats.reads();
    figures.put("reads_completed", reads.completed());
    figures.put("reads_failed", reads.failed());
    figures.put("queue_depth_reads", reads.queued());
    figures.put("readers_active", reads.active());
    figures.put("readers_idle", reads.idle());
    figures.put("readers_replaced", reads.replaced());
    figures.put("wal_bytes", wal.bytes());
    figures.put("wal_frames", wal.frames());
    figures.put("wal_checkpointed_frames", wal.checkpointedFrames());
    return figures;
  }

  private static void locks(DatabaseStats.LockStats lock, Map<String, Object> figures) {
    figures.put("lock_attempts", lock.attempts());
    figures.put("lock_successes", lock.successes());
    figures.put("lock_failures", lock.failures());
    figures.put("lock_retries", lock.retries());
    figures.put("total_wait_time_ms", millis(lock.totalWait()));
    figures.put("max_wait_time_ms", millis(lock.maxWait()));
    figures.put("avg_wait_time_ms", millis(lock.averageWait()));
    figures.put("failure_rate", lock.failureRate());
    figures.put("retry_rate", lock.retryRate());
    // Not null, which the actuator would leave out and others would not
    figures.put("last_event", lock.lastEvent().map(Instant::toString));
  }

  /**
   * What is beyond the thresholds that the alerts have too: depths and sizes as they are now, locks
   * as they were lately. Of the longest wait only that is known, so one that is no longer than
   * another before counts in the mean alone.
   */
  static List<String> warnings(RecentFigures.Look recent, WalSize wal, SqliteConfig config) {
    List<String> warnings = new ArrayList<>();
    DatabaseStats.LockStats lock = recent.lock();
    String lately = " in the last " + Math.max(1, (recent.age().toSeconds() + 30) / 60) + " min";
    if (wal.bytes() > WAL_BYTES) {
      warnings.add("the write-ahead log is above 10 MB");
    }
    if (lock.failureRate() > FAILURE_RATE) {
      warnings.add("more than 1 % of the writes failed by locks" + lately);
    }
    if (lock.averageWait().compareTo(AVERAGE_WAIT) > 0) {
      warnings.add("the mean wait for the lock was above 100 ms" + lately);
    }
    if (recent.longerWait() && lock.maxWait().compareTo(MAX_WAIT) > 0) {
      warnings.add("a write waited more than 5 s for the lock" + lately);
    }
    DatabaseStats stats = recent.stats();
    DatabaseStats.WriteStats writes = stats.writes();
    full(
        "interactive lane",
        writes.queuedInteractive(),
        config.interactiveQueueCapacity(),
        warnings);
    full("bulk lane", writes.queuedBulk(), config.bulkQueueCapacity(), warnings);
    full("read queue", stats.reads().queued(), config.readQueueCapacity(), warnings);
    return warnings;
  }

  private static void full(String queue, int depth, int capacity, List<String> warnings) {
    if (depth > QUEUE_SHARE * capacity) {
      warnings.add("the " + queue + " is above 80 % of its capacity, " + capacity);
    }
  }

  private static double millis(Duration time) {
    return Math.round(time.toNanos() / 1e3) / 1e3;
  }
}
