package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import reactor.core.publisher.Mono;

/** Makes waiting jobs available when their time has come. The one place that follows the clock. */
final class DueJobs {

  private static final String PROMOTE =
      "UPDATE jobs_job SET state = 'available', delay_ms = NULL"
          + " WHERE id IN (SELECT id FROM jobs_job"
          + " WHERE state IN ('scheduled', 'retryable') AND run_at <= :now"
          + " ORDER BY run_at LIMIT 1000)";
  private static final String NEXT =
      "SELECT run_at FROM jobs_job WHERE state IN ('scheduled', 'retryable')"
          + " ORDER BY run_at LIMIT 1";
  private static final String SHORTEN =
      "UPDATE jobs_job SET run_at = :now + delay_ms"
          + " WHERE state IN ('scheduled', 'retryable') AND delay_ms IS NOT NULL"
          + " AND run_at > :now + delay_ms";

  private final ReactiveDatabase db;
  private final JobsOptions options;
  private final ClockSteps steps;
  // What the clock did before that is not known; only inside promote
  private boolean compared;

  DueJobs(ReactiveDatabase db, JobsOptions options, ClockSteps steps) {
    this.db = db.with(OperationOptions.labelled("jobs.due"));
    this.options = options;
    this.steps = steps;
  }

  /** How many became available, and when the next one is due; -1 if none waits. */
  record Promoted(long jobs, long nextInMillis) {}

  /** Lazy; one at a time. */
  Mono<Promoted> promote() {
    return Mono.defer(
        () -> {
          long now = options.now();
          return shortenAfterAStepBack(now)
              .then(db.query(NEXT).mapTo(Long.class).first().defaultIfEmpty(Long.MAX_VALUE))
              .flatMap(
                  next ->
                      next > now
                          ? Mono.just(new Promoted(0, next == Long.MAX_VALUE ? -1 : next - now))
                          : promote(now));
        });
  }

  private Mono<Promoted> promote(long now) {
    return db.update(PROMOTE)
        .bind("now", now)
        .rowsUpdated()
        .flatMap(
            jobs ->
                db.query(NEXT)
                    .mapTo(Long.class)
                    .first()
                    .map(next -> new Promoted(jobs, Math.max(0, next - now)))
                    .defaultIfEmpty(new Promoted(jobs, -1)));
  }

  /**
   * A pause of a second must not last an hour because the clock went back by one. Where only a
   * duration was asked for, the job is due that long from now at the latest.
   */
  private Mono<Long> shortenAfterAStepBack(long now) {
    ClockSteps.Look look = steps.look(now);
    if (compared && !look.wentBack()) {
      return Mono.just(0L);
    }
    return db.update(SHORTEN)
        .bind("now", now)
        .rowsUpdated()
        .doOnNext(jobs -> compared = true)
        .doOnError(error -> look.undo())
        .doOnCancel(look::undo);
  }
}
