package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler for {@code publishOn} whose workers ignore what comes after their own end. Other
 * workers refuse it, and a refusal that meets a cancel would reach the hook for dropped errors
 * although nothing is wrong.
 */
public final class LenientScheduler implements Scheduler {

  private final Scheduler scheduler;

  private LenientScheduler(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** The same threads, with lenient workers. */
  public static Scheduler over(Scheduler scheduler) {
    return new LenientScheduler(scheduler);
  }

  @Override
  public Disposable schedule(Runnable task) {
    return scheduler.schedule(task);
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return scheduler.schedule(task, delay, unit);
  }

  @Override
  public Worker createWorker() {
    return new LenientWorker(scheduler.createWorker());
  }

  /** A scheduler that is gone still refuses: only the worker's own end is let pass. */
  private record LenientWorker(Worker worker) implements Worker {

    @Override
    public Disposable schedule(Runnable task) {
      try {
        return worker.schedule(task);
      } catch (RejectedExecutionException refused) {
        if (worker.isDisposed()) {
          return Disposables.disposed();
        }
        throw refused;
      }
    }

    @Override
    public void dispose() {
      worker.dispose();
    }

    @Override
    public boolean isDisposed() {
      return worker.isDisposed();
    }
  }
}
