package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.WriteUnit;
import io.github.reactivesqlite.error.TransientDatabaseException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.retry.Retry;

/** Runs a handler once, and records what became of it. */
final class Attempt<P> implements JobContext<P> {

  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

  private final ClaimedJob job;
  private final JobType<P> type;
  private final JobHandler<P> handler;
  private final Engine engine;
  private final KeyCircuits circuits;
  // Whether something else than the handler's end ended the attempt
  private final AtomicBoolean settled = new AtomicBoolean();
  // A cancel may follow the end
  private final AtomicBoolean metered = new AtomicBoolean();
  private volatile @Nullable P payload;
  private volatile String outcome = "completed";
  private volatile boolean handlerCompleted;
  private volatile boolean over;

  Attempt(
      ClaimedJob job, JobType<P> type, JobHandler<P> handler, Engine engine, KeyCircuits circuits) {
    this.job = job;
    this.type = type;
    this.handler = handler;
    this.engine = engine;
    this.circuits = circuits;
  }

  /**
   * Completes when the handler has ended, whatever became of it; its worker is free then. Never
   * fails: that would end the workers.
   */
  Mono<Void> run() {
    return Mono.defer(this::attemptOnce)
        .onErrorResume(
            unexpected -> {
              engine.leases().remove(job.lease());
              LOG.error("Job {} comes back when its lease has run out", jobId(), unexpected);
              return Mono.empty();
            });
  }

  private Mono<Void> attemptOnce() {
    long begun = engine.options().nanoTime().getAsLong();
    engine.meters().started(job, engine.options().now() - job.runAt());
    return Mono.<Void>create(this::callHandler)
        .doOnSuccess(nothing -> handlerCompleted = true)
        .timeout(type.timeout(), engine.options().scheduler())
        .takeUntilOther(job.lease().interrupted())
        .then(Mono.fromRunnable(this::handlerEnded))
        .onErrorResume(
            error -> {
              handlerFailed(error);
              return Mono.empty();
            })
        .then()
        // Before the signal that frees the worker: doFinally would come after it
        .doOnTerminate(() -> ended(begun))
        .doOnCancel(() -> ended(begun));
  }

  private void ended(long begun) {
    if (metered.compareAndSet(false, true)) {
      engine.meters().ended(job, outcome, engine.options().nanoTime().getAsLong() - begun);
    }
  }

  /**
   * A missing class or an endless recursion in one handler is that job's failure. What Reactor
   * calls fatal is thrown through all operators, and must not get as far as the workers.
   */
  private void callHandler(MonoSink<Void> sink) {
    try {
      payload = type.decode(job.payload());
      sink.onDispose(
          handler
              .handle(this)
              .contextWrite(sink.contextView())
              .subscribe(nothing -> {}, sink::error, sink::success));
    } catch (Throwable error) {
      sink.error(error instanceof Exception ? error : new JobException("Not run: " + error, error));
    }
  }

  private void handlerEnded() {
    over = true;
    Lease.Interruption why = job.lease().interruption();
    // A stop or cancel that came with its last step was too late
    switch (handlerCompleted && why != Lease.Interruption.LOST ? Lease.Interruption.NONE : why) {
      case LOST -> {
        outcome = "lost";
        engine.leases().remove(job.lease());
        LOG.warn("Attempt {} of job {} lost its lease and was stopped", attempt(), jobId());
      }
      case CANCELLED -> settleQuietly("cancelled", Outcome.CANCELLED);
      case STOPPED -> settleQuietly("stopped", Outcome.HANDED_BACK);
      case NONE -> {
        settleQuietly("completed", Outcome.COMPLETED);
        circuits.succeeded(job.key());
      }
    }
  }

  private void handlerFailed(Throwable error) {
    over = true;
    if (settled.get()) {
      LOG.debug("Job {} had ended before its handler failed", jobId(), error);
      return;
    }
    if (error instanceof LeaseLostException) {
      outcome = "lost";
      engine.leases().remove(job.lease());
      return;
    }
    circuits.failed(job.key());
    String text =
        error instanceof TimeoutException
            ? "The attempt took longer than " + type.timeout() + " and was cancelled"
            : describe(error);
    if (attempt() >= maxAttempts()) {
      LOG.warn("Job {} of type {} is discarded after {} attempts", jobId(), type.name(), attempt());
      settleQuietly("discarded", Outcome.discarded(text));
    } else {
      long pause = type.backoff().after(attempt()).toMillis();
      settleQuietly("failed", Outcome.retry(engine.options().now() + pause, pause, text));
    }
  }

  private String describe(Throwable error) {
    try {
      return engine.options().errorText(error);
    } catch (RuntimeException broken) {
      return error.getClass().getName();
    }
  }

  private void settleQuietly(String name, Outcome what) {
    if (settled.compareAndSet(false, true)) {
      outcome = name;
      submit(what)
          .subscribe(
              ignored -> {},
              error -> LOG.warn("The outcome of job {} was not recorded: {}", jobId(), "" + error));
    }
  }

  private Mono<Void> submit(Outcome what) {
    Mono<Void> written = engine.acknowledgements().submit(job.lease(), what);
    // Hot: this must be told even when nobody listens
    written
        .doFinally(signal -> engine.leases().remove(job.lease()))
        .subscribe(ignored -> {}, error -> {}, () -> announce(what));
    return written;
  }

  /** Not before it is durable: a look that comes too early finds nothing. */
  private void announce(Outcome what) {
    if (what.runAt() != null && what.delayMillis() != null) {
      engine.waits(what.runAt() - what.delayMillis(), what.delayMillis());
    }
  }

  private Mono<Void> settle(String name, Supplier<Outcome> what) {
    return Mono.defer(
        () -> {
          if (!settled.compareAndSet(false, true)) {
            return Mono.error(
                new IllegalStateException("Job " + jobId() + " was already ended by its handler"));
          }
          outcome = name;
          return told(submit(what.get()));
        });
  }

  /** What the handler does next must not hold up those whose outcomes were written with it. */
  private Mono<Void> told(Mono<Void> written) {
    return written.publishOn(engine.options().scheduler());
  }

  @Override
  public <T> Mono<T> completeWith(WriteUnit<T> unit) {
    return Mono.defer(
        () -> {
          if (!settled.compareAndSet(false, true)) {
            return Mono.error(
                new IllegalStateException("Job " + jobId() + " was already ended by its handler"));
          }
          job.lease().settle();
          return engine
              .outcomes()
              .completeWith(job.lease(), unit, engine.options().now())
              .retryWhen(whileLeased())
              .doOnTerminate(() -> engine.leases().remove(job.lease()))
              .doOnError(
                  error -> {
                    // Not completed: the handler's failure is to be recorded after all
                    boolean held = !(error instanceof LeaseLostException);
                    if (held) {
                      engine.leases().add(job.lease());
                    }
                    reopen();
                    if (held && over) {
                      // Its handler did not wait for it, and nobody else will tell
                      handlerFailed(error);
                    }
                  })
              // Timed out, for example: whether it was committed is for the fence to say
              .doOnCancel(this::reopen);
        });
  }

  /** A taken lock or a full queue is no reason to do the work again. */
  private Retry whileLeased() {
    return Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
        .maxBackoff(MAX_PAUSE)
        .scheduler(engine.options().scheduler())
        .filter(
            error ->
                error instanceof TransientDatabaseException
                    && !job.lease().isExpired(engine.options().nanoTime().getAsLong()));
  }

  private void reopen() {
    job.lease().unsettle();
    settled.set(false);
  }

  @Override
  public Mono<Void> snooze(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("A snooze is not negative: " + time);
    }
    return settle(
        "snoozed",
        () -> {
          long millis = time.toMillis();
          return Outcome.snoozed(engine.options().now() + millis, millis);
        });
  }

  @Override
  public Mono<Void> discard(String reason) {
    return settle("discarded", () -> Outcome.discarded(ErrorText.cut(reason)));
  }

  @Override
  public Mono<Void> cancel() {
    return settle("cancelled", () -> Outcome.CANCELLED);
  }

  @Override
  public Mono<Void> progress(double part, @Nullable String note) {
    if (!(part >= 0.0 && part <= 1.0)) {
      throw new IllegalArgumentException("Progress is between 0 and 1, not " + part);
    }
    return Mono.defer(
        () ->
            told(
                engine
                    .acknowledgements()
                    .submit(
                        job.lease(),
                        Outcome.progress(part, note == null ? null : ErrorText.cut(note)))));
  }

  @Override
  public long jobId() {
    return job.id();
  }

  @Override
  public P payload() {
    P decoded = payload;
    if (decoded == null) {
      throw new IllegalStateException("The payload is decoded before the handler is called");
    }
    return decoded;
  }

  @Override
  public int attempt() {
    return job.attempt();
  }

  @Override
  public int maxAttempts() {
    return job.maxAttempts();
  }

  @Override
  public @Nullable String key() {
    return job.key();
  }

  @Override
  public long token() {
    return job.lease().token();
  }
}
