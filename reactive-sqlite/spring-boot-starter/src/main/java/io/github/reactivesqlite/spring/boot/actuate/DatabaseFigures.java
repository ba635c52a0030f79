package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.WalSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of a database under the names that people search for, and what is wrong with them.
 */
final class DatabaseFigures {

  static final long WAL_BYTES = 10_000_000;
  static final double FAILURE_RATE = 0.01;
  static final Duration AVERAGE_WAIT = Duration.ofMillis(100);
  static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private DatabaseFigures() {}

  static Map<String, Object> of(SqliteDatabase database, WalSize wal) {
    Map<String, Object> figures = new LinkedHashMap<>();
    DatabaseStats stats = database.stats();
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
    lock.lastEvent().ifPresent(last -> figures.put("last_event", last.toString()));
  }

  /** What is beyond the thresholds that the alerts have too. */
  static List<String> warnings(SqliteDatabase database, WalSize wal) {
    List<String> warnings = new ArrayList<>();
    DatabaseStats.LockStats lock = database.stats().lock();
    if (wal.bytes() > WAL_BYTES) {
      warnings.add("the write-ahead log is above 10 MB");
    }
    if (lock.failureRate() > FAILURE_RATE) {
      warnings.add("more than 1 % of the writes failed by locks");
    }
    if (lock.averageWait().compareTo(AVERAGE_WAIT) > 0) {
      warnings.add("the mean wait for the lock is above 100 ms");
    }
    if (lock.maxWait().compareTo(MAX_WAIT) > 0) {
      warnings.add("a write waited more than 5 s for the lock");
    }
    return warnings;
  }

  private static double millis(Duration time) {
    return Math.round(time.toNanos() / 1e3) / 1e3;
  }
}
