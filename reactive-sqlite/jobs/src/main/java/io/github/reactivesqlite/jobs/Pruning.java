package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Removes finished jobs that are old enough, some at a time. */
final class Pruning {

  private static final int CHUNK = 1_000;
  private static final String PRUNE =
      "DELETE FROM jobs_job WHERE id IN (SELECT id FROM jobs_job"
          + " WHERE finished_at IS NOT NULL AND finished_at < :before"
          + " AND state IN ('completed', 'cancelled', 'discarded')"
          + " ORDER BY finished_at LIMIT :chunk)";

  private final ReactiveDatabase db;
  private final JobsOptions options;

  Pruning(ReactiveDatabase db, JobsOptions options) {
    this.db = db.with(OperationOptions.labelled("jobs.prune").lane(Lane.BULK));
    this.options = options;
  }

  Mono<Long> prune() {
    return prune(options.retention());
  }

  Mono<Long> prune(Duration olderThan) {
    return Mono.defer(
            () ->
                db.update(PRUNE)
                    .bind("before", options.now() - olderThan.toMillis())
                    .bind("chunk", CHUNK)
                    .rowsUpdated())
        .repeat()
        .takeUntil(removed -> removed < CHUNK)
        .reduce(0L, Long::sum);
  }
}
