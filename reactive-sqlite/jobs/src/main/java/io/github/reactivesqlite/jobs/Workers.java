package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Running workers of one queue. No error ends them; {@link #stop()} does. */
public final class Workers {

  /** How long {@link #stop()} waits for handlers. */
  public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private final QueueSource source;
  private final Map<String, WorkersBuilder.Handled<?>> handlers;
  private final int concurrency;
  private final KeyCircuits circuits;
  private final Engine engine;
  private final Sinks.Empty<Void> stopClaiming = Sinks.empty();
  private final Sinks.Empty<Void> idle = Sinks.empty();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Set<ClaimedJob> running = ConcurrentHashMap.newKeySet();
  private volatile boolean interrupting;

  Workers(
      QueueSource source,
      Map<String, WorkersBuilder.Handled<?>> handlers,
      int concurrency,
      KeyCircuits circuits,
      Engine engine) {
    this.source = source;
    this.handlers = handlers;
    this.concurrency = concurrency;
    this.circuits = circuits;
    this.engine = engine;
  }

  void start() {
    engine.housekeeping().workersStarted();
    JobsOptions options = engine.options();
    new Claims(
            source,
            stopClaiming.asMono(),
            options.scheduler(),
            options.pollInterval(),
            error -> engine.meters().failed("claim"))
        .flatMap(this::run, concurrency, 1)
        .subscribe(ignored -> {}, error -> ended(), this::ended);
  }

  private void ended() {
    engine.housekeeping().workersStopped();
    idle.tryEmitEmpty();
  }

  private Mono<Void> run(ClaimedJob job) {
    WorkersBuilder.Handled<?> handled = handlers.get(job.type());
    if (handled == null) {
      source.handBack(job);
      return Mono.empty();
    }
    running.add(job);
    if (interrupting) {
      // It was not among those that interrupt() saw
      job.lease().interrupt(Lease.Interruption.STOPPED);
    }
    // Before the signal that frees the worker: doFinally would come after the next job, or the end
    return handled
        .attempt(job, engine, circuits)
        .run()
        .doOnTerminate(() -> running.remove(job))
        .doOnCancel(() -> running.remove(job));
  }

  /**
   * How many handlers are executing.
   *
   * @return at most the concurrency
   */
  public int running() {
    return running.size();
  }

  /**
   * Stops: nothing more is claimed, running handlers may end within 30 s, the others are cancelled
   * and their jobs handed back, which is no attempt.
   *
   * @return completes when every outcome is durable
   */
  public Mono<Void> stop() {
    return stop(DEFAULT_STOP_TIMEOUT);
  }

  /**
   * As {@link #stop()}, with another time. Lazy; cancelling does not take back a stop that has
   * begun; stopping again waits for the same end.
   *
   * @param atMost how long handlers may go on; zero cancels them at once
   * @return completes when every outcome is durable
   */
  public Mono<Void> stop(Duration atMost) {
    return Mono.defer(
        () -> {
          if (stopped.compareAndSet(false, true)) {
            stopClaiming.tryEmitEmpty();
            if (atMost.isZero()) {
              interrupt();
            } else {
              Mono.delay(atMost, engine.options().scheduler())
                  .takeUntilOther(idle.asMono())
                  .subscribe(tick -> interrupt());
            }
          }
          return idle.asMono().then(untilQuiet());
        });
  }

  /** Others may go on to write outcomes: what counts are the leases of these. */
  private Mono<Void> untilQuiet() {
    return Flux.interval(Duration.ZERO, BETWEEN_LOOKS, engine.options().scheduler())
        .onBackpressureDrop()
        .filter(tick -> source.isQuiet())
        .next()
        .then();
  }

  private void interrupt() {
    interrupting = true;
    running.forEach(job -> job.lease().interrupt(Lease.Interruption.STOPPED));
  }
}
