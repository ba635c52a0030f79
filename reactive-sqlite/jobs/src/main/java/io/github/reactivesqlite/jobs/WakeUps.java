package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.DatabaseClosedException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Tells of commits after which there may be something to do, whoever made them: these workers,
 * other code of the process, another process. A signal too many costs an empty claim; one too few
 * would cost up to a poll interval.
 */
final class WakeUps {

  private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);
  private static final String JOBS = "jobs_job";
  private static final String AVAILABLE =
      "SELECT EXISTS (SELECT 1 FROM jobs_job WHERE state = 'available' AND queue = :queue"
          + " AND type IN (:types))"
          + " AND NOT EXISTS (SELECT 1 FROM jobs_pause WHERE queue = :queue)";
  private static final String NEXT_DUE =
      "SELECT coalesce(min(due), 9223372036854775807) FROM (SELECT * FROM (SELECT run_at AS due"
          + " FROM jobs_job WHERE state IN ('scheduled', 'retryable') ORDER BY run_at LIMIT 1)"
          + " UNION ALL SELECT min(next_run_at) FROM jobs_recurring)";
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

  private final ReactiveDatabase db;
  private final JobsOptions options;
  private final JobMeters meters;

  WakeUps(ReactiveDatabase db, JobsOptions options, JobMeters meters) {
    this.db = db.with(OperationOptions.labelled("jobs.look").liveInterval(BETWEEN_LOOKS));
    this.options = options;
    this.meters = meters;
  }

  /** After each commit that may have made such jobs available, on the thread that tells of it. */
  Disposable available(String queue, Set<String> types, Runnable onSignal) {
    return forAsLongAsItIsOpen(
        db.changes(JOBS, "jobs_pause")
            // Merged while one is looked at
            .concatMap(
                change -> change.everything() ? isAvailable(queue, types) : Mono.just(true), 1),
        maybe -> {
          if (maybe) {
            onSignal.run();
          }
        });
  }

  /** What another process did is not known, and a look needs no lock, unlike a claim. */
  private Mono<Boolean> isAvailable(String queue, Set<String> types) {
    return db.query(AVAILABLE)
        .bind("queue", queue)
        .bind("types", types)
        .mapTo(Boolean.class)
        .one()
        // The claim will tell
        .onErrorReturn(true);
  }

  /** When the next job is due, now and after each commit that may have changed it. */
  Disposable nextDue(LongConsumer onTime) {
    return forAsLongAsItIsOpen(
        db.query(NEXT_DUE)
            .mapTo(Long.class)
            .live(JOBS, "jobs_recurring")
            .map(times -> times.get(0))
            .distinctUntilChanged(),
        onTime::accept);
  }

  private <T> Disposable forAsLongAsItIsOpen(Flux<T> signals, Consumer<T> onSignal) {
    return signals
        .doOnError(
            error -> {
              if (!(error instanceof DatabaseClosedException)) {
                meters.failed("listen");
                LOG.warn(
                    "Workers do not hear of commits for a moment, and look every {}: {}",
                    options.pollInterval(),
                    error.toString());
              }
            })
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(MAX_PAUSE)
                .scheduler(options.scheduler())
                .transientErrors(true)
                .filter(error -> !(error instanceof DatabaseClosedException)))
        .subscribe(onSignal, closed -> {});
  }
}
