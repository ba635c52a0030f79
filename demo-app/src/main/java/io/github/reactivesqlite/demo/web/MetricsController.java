package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.WalSize;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows the database's figures under the names that people search for. */
@RestController
class MetricsController {

  private final SqliteDatabase database;

  MetricsController(SqliteDatabase database) {
    this.database = database;
  }

  @GetMapping("/api/health/db-metrics")
  Mono<Map<String, @Nullable Object>> metrics() {
    return database.maintenance().walSize().map(wal -> figures(database.stats(), wal));
  }

  private static Map<String, @Nullable Object> figures(DatabaseStats stats, WalSize wal) {
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    DatabaseStats.LockStats lock = stats.lock();
    figures.put("lock_attempts", lock.attempts());
    figures.put("lock_successes", lock.successes());
    figures.put("lock_failures", lock.failures());
    figures.put("lock_retries", lock.retries());
    figures.put("total_wait_time_ms", millis(lock.totalWait()));
    figures.put("max_wait_time_ms", millis(lock.maxWait()));
    figures.put("avg_wait_time_ms", millis(lock.averageWait()));
    figures.put("failure_rate", lock.failureRate());
    figures.put("retry_rate", lock.retryRate());
    figures.put("last_event", lock.lastEvent().orElse(null));
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
    figures.put("wal_bytes", wal.bytes());
    figures.put("wal_frames", wal.frames());
    figures.put("wal_checkpointed_frames", wal.checkpointedFrames());
    return figures;
  }

  private static double millis(Duration time) {
    return Math.round(time.toNanos() / 1e3) / 1e3;
  }
}
