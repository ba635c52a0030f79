package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler for {@code publishOn} whose workers end gently. Reactor's own workers drop the tasks
 * that are waiting when they are disposed of, and refuse later ones: a value that meets a cancel
 * there is neither emitted nor discarded, or its refusal reaches the hook for dropped errors
 * although nothing is wrong. These run both, so that the operator discards what it holds; only
 * delayed tasks end with their worker.
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
  public long now(TimeUnit unit) {
    return scheduler.now(unit);
  }

  @Override
  public Worker createWorker() {
    return new LenientWorker(scheduler.createWorker());
  }

  /** A scheduler that is gone still refuses. */
  private static final class LenientWorker implements Worker {
    private static final int ENDED = 1 << 31;

    private final Worker worker;

    /** How many tasks without a delay are under way, and whether the end has been asked for. */
    private final AtomicInteger underWay = new AtomicInteger();

    LenientWorker(Worker worker) {
      this.worker = worker;
    }

    @Override
    public Disposable schedule(Runnable task) {
      if (!enter()) {
        // Its operator has ended: all that is left to do is to discard
        task.run();
        return Disposables.disposed();
      }
      boolean scheduled = false;
      try {
        worker.schedule(() -> run(task));
        scheduled = true;
      } finally {
        if (!scheduled) {
          leave();
        }
      }
      return Disposables.never();
    }

    private boolean enter() {
      while (true) {
        int current = underWay.get();
        if (current < 0) {
          return false;
        }
        if (underWay.compareAndSet(current, current + 1)) {
          return true;
        }
      }
    }

    private void run(Runnable task) {
      try {
        task.run();
      } finally {
        leave();
      }
    }

    private void leave() {
      if (underWay.decrementAndGet() == ENDED) {
        worker.dispose();
      }
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      try {
        return isDisposed() ? Disposables.disposed() : worker.schedule(task, delay, unit);
      } catch (RejectedExecutionException refused) {
        if (isDisposed()) {
          return Disposables.disposed();
        }
        throw refused;
      }
    }

    @Override
    public void dispose() {
      if (underWay.getAndUpdate(count -> count | ENDED) == 0) {
        worker.dispose();
      }
    }

    @Override
    public boolean isDisposed() {
      return underWay.get() < 0;
    }
  }
}
