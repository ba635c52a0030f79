package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Pauses of queues, as rows that every claim looks at. */
final class Pauses {

  private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);
  // The pause by hand; those that somebody holds have a name
  private static final String BY_HAND = "";
  private static final String HOLD =
      "INSERT INTO jobs_pause (queue, holder, safety_ms, since)"
          + " VALUES (:queue, :holder, :safety, :now) ON CONFLICT (queue, holder) DO NOTHING";
  private static final String RELEASE =
      "DELETE FROM jobs_pause WHERE queue = :queue AND holder = :holder";

  private final ReactiveDatabase db;
  private final JobsOptions options;

  Pauses(ReactiveDatabase db, JobsOptions options) {
    this.db = db.with(OperationOptions.labelled("jobs.pause").reservedRoom(true));
    this.options = options;
  }

  Mono<Void> pause(String queue) {
    return db.update(HOLD)
        .bind("queue", queue)
        .bind("holder", BY_HAND)
        .bind("safety", null)
        .bind("now", options.now())
        .rowsUpdated()
        .then();
  }

  Mono<Void> resume(String queue) {
    return release(queue, BY_HAND);
  }

  Mono<Boolean> isPaused(String queue) {
    return db.query("SELECT count(*) FROM jobs_pause WHERE queue = :queue")
        .bind("queue", queue)
        .mapTo(Long.class)
        .one()
        .map(pauses -> pauses > 0);
  }

  <T> Mono<T> during(String queue, Mono<T> work, Duration safety) {
    return Mono.usingWhen(
        hold(queue, safety),
        held -> work,
        Held::release,
        (held, error) -> held.release(),
        Held::release);
  }

  private Mono<Held> hold(String queue, Duration safety) {
    return Mono.defer(
        () -> {
          String holder = options.workerName() + "-" + UUID.randomUUID();
          return db.update(HOLD)
              .bind("queue", queue)
              .bind("holder", holder)
              .bind("safety", safety.toMillis())
              .bind("now", options.now())
              .rowsUpdated()
              .map(rows -> new Held(queue, holder, safety))
              // It may have been written all the same
              .doOnCancel(
                  () ->
                      release(queue, holder)
                          .subscribe(
                              ignored -> {}, error -> LOG.warn("Releasing a pause failed", error)));
        });
  }

  private Mono<Void> release(String queue, String holder) {
    return db.update(RELEASE).bind("queue", queue).bind("holder", holder).rowsUpdated().then();
  }

  /** One of the counted pauses. */
  private final class Held {
    private final String queue;
    private final String holder;
    private final reactor.core.Disposable safetyTimer;

    Held(String queue, String holder, Duration safety) {
      this.queue = queue;
      this.holder = holder;
      this.safetyTimer =
          Mono.delay(safety, options.scheduler())
              .doOnNext(
                  tick ->
                      LOG.warn(
                          "A pause of queue {} was released after its safety time {}",
                          queue,
                          safety))
              .flatMap(tick -> Pauses.this.release(queue, holder))
              .subscribe(ignored -> {}, error -> LOG.warn("Releasing a pause failed", error));
    }

    /** Should it fail for good, the watchers release it after the safety time. */
    Mono<Void> release() {
      return Pauses.this
          .release(queue, holder)
          .retryWhen(Retry.backoff(3, Duration.ofMillis(20)).scheduler(options.scheduler()))
          .doOnSuccess(done -> safetyTimer.dispose());
    }
  }
}
