package io.github.reactivesqlite.sqlite.engine.runtime;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The engine's clock and alarm. Time is monotonic; the wall clock is never used for a deadline.
 * Both halves are injected, so that tests can run in virtual time.
 */
public final class EngineTimer {

  private final Scheduler scheduler;
  private final LongSupplier nanoClock;

  private EngineTimer(Scheduler scheduler, LongSupplier nanoClock) {
    this.scheduler = scheduler;
    this.nanoClock = nanoClock;
  }

  /** Real time. Alarms run on the parallel scheduler, so they never block. */
  public static EngineTimer real() {
    return new EngineTimer(Schedulers.parallel(), System::nanoTime);
  }

  /** The time of a scheduler, for virtual time. */
  public static EngineTimer of(Scheduler scheduler) {
    return new EngineTimer(scheduler, () -> scheduler.now(TimeUnit.NANOSECONDS));
  }

  /** The monotonic time in nanoseconds; only differences mean anything. */
  public long nanoTime() {
    return nanoClock.getAsLong();
  }

  /** The scheduler that backoff pauses run on. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** Runs a short, non-blocking task later. */
  public Disposable schedule(Runnable task, long delayNanos) {
    try {
      return scheduler.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException gone) {
      return Disposables.disposed();
    }
  }

  /** A time in nanoseconds, without overflow for the largest ones. */
  public static long nanos(Duration time) {
    try {
      return Math.min(time.toNanos(), Long.MAX_VALUE / 4);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE / 4;
    }
  }
}
