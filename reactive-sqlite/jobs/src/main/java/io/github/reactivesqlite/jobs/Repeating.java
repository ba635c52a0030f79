package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A task that runs again and again, one run at a time, each saying when the next one is to be. A
 * failed run is logged, counted and repeated; nothing but {@link #dispose()} ends it.
 */
final class Repeating implements Disposable {

  private static final Logger LOG = LoggerFactory.getLogger(Repeating.class);

  private final String name;
  private final Scheduler scheduler;
  private final Duration afterError;
  private final Supplier<Mono<Duration>> task;
  private final JobMeters meters;
  // All guarded by this
  private boolean running;
  private boolean again;
  private boolean disposed;
  private @Nullable Disposable timer;
  private long timerAt = Long.MAX_VALUE;
  private @Nullable Disposable current;

  Repeating(
      String name,
      Scheduler scheduler,
      Duration afterError,
      JobMeters meters,
      Supplier<Mono<Duration>> task) {
    this.name = name;
    this.scheduler = scheduler;
    this.afterError = afterError;
    this.meters = meters;
    this.task = task;
  }

  /** Makes the next run come after this time, if it would come later. */
  synchronized void within(Duration time) {
    if (disposed) {
      return;
    }
    if (running) {
      again = again || time.isZero();
    }
    schedule(time);
  }

  private void schedule(Duration time) {
    long at = scheduler.now(TimeUnit.NANOSECONDS) + time.toNanos();
    if (at < timerAt) {
      if (timer != null) {
        timer.dispose();
      }
      timerAt = at;
      timer = scheduler.schedule(this::run, time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void run() {
    // The run's own: it may end, and the next one begin, before its subscription is known
    Disposable.Swap subscription = Disposables.swap();
    synchronized (this) {
      timer = null;
      timerAt = Long.MAX_VALUE;
      if (disposed) {
        return;
      }
      if (running) {
        again = true;
        return;
      }
      running = true;
      again = false;
      current = subscription;
    }
    subscription.update(
        Mono.defer(task)
            .onErrorResume(
                error -> {
                  meters.failed(name);
                  LOG.warn(
                      "The workers' {} failed and is tried again in {}: {}",
                      name,
                      afterError,
                      error.toString());
                  return Mono.just(afterError);
                })
            .onErrorReturn(afterError)
            .defaultIfEmpty(afterError)
            .subscribe(this::ended));
  }

  private synchronized void ended(Duration next) {
    running = false;
    if (!disposed) {
      schedule(again ? Duration.ZERO : next);
    }
  }

  @Override
  public synchronized void dispose() {
    disposed = true;
    if (timer != null) {
      timer.dispose();
    }
    if (current != null) {
      current.dispose();
    }
  }
}
