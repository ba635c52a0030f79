package io.github.reactivesqlite.jobs;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler whose workers are all the same one of another scheduler: nothing that it runs, timers
 * included, runs beside anything else that it runs. Reactor's own form of it knows no timers.
 */
final class OneWorker implements Scheduler {

  private final Scheduler origin;
  private final Worker worker;

  OneWorker(Scheduler origin) {
    this.origin = origin;
    this.worker = origin.createWorker();
  }

  @Override
  public Disposable schedule(Runnable task) {
    return worker.schedule(task);
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return worker.schedule(task, delay, unit);
  }

  @Override
  public long now(TimeUnit unit) {
    return origin.now(unit);
  }

  @Override
  public Worker createWorker() {
    return new Worker() {
      @Override
      public Disposable schedule(Runnable task) {
        return worker.schedule(task);
      }

      @Override
      public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return worker.schedule(task, delay, unit);
      }

      @Override
      public void dispose() {
        // The worker is that of others too
      }
    };
  }

  @Override
  public void dispose() {
    worker.dispose();
  }
}
