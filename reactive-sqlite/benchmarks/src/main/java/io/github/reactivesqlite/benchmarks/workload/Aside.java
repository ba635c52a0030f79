package io.github.reactivesqlite.benchmarks.workload;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A second load beside the first, on a thread of its own. */
final class Aside<T extends @Nullable Object> {

  private static final long PATIENCE_SECONDS = 300;

  private final FutureTask<T> task;

  private Aside(Callable<T> load) {
    this.task = new FutureTask<>(load);
  }

  static <T extends @Nullable Object> Aside<T> begin(Callable<T> load) {
    Aside<T> aside = new Aside<>(load);
    Thread thread = new Thread(aside.task, "load-aside");
    thread.setDaemon(true);
    thread.start();
    return aside;
  }

  /** Waits for its end. */
  T await() throws Exception {
    return await(PATIENCE_SECONDS);
  }

  /** Waits so long for its end. */
  T await(long seconds) throws Exception {
    return task.get(seconds, TimeUnit.SECONDS);
  }
}
