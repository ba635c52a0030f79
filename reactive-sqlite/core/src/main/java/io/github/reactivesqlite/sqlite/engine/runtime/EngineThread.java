package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A thread that owns a connection. Its type is how the facade notices a subscription on the
 * engine's own threads, which could only wait for itself.
 */
public final class EngineThread extends Thread {

  private EngineThread(Runnable work, String name) {
    super(work, name);
    setDaemon(true);
  }

  /**
   * Refuses a call on an engine thread.
   *
   * @throws IllegalStateException if the current thread is one
   */
  public static void rejectCurrent() {
    if (Thread.currentThread() instanceof EngineThread thread) {
      throw new IllegalStateException(
          "A database call was subscribed to on the engine thread "
              + thread.getName()
              + ", where it would wait for itself. Use the session inside a unit, and compose"
              + " further calls on the result (flatMap) instead of inside a mapper or unit");
    }
  }

  /** Whether the current thread is an engine thread. */
  public static boolean isCurrent() {
    return Thread.currentThread() instanceof EngineThread;
  }

  /**
   * One named daemon platform thread, started with its first task. Its queue takes no lock, as
   * tasks come from threads that must not block.
   */
  public static ExecutorService executor(String name) {
    return new ThreadPoolExecutor(
        1, 1, 0, TimeUnit.SECONDS, new SpinningQueue(), work -> new EngineThread(work, name));
  }

  /** A scheduler over one executor; its threads may block, unlike those of {@code newSingle}. */
  public static Scheduler scheduler(ExecutorService executor) {
    return Schedulers.fromExecutorService(executor);
  }
}
