package io.github.reactivesqlite.sqlite.engine.runtime;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The threads that answers are given on unless the application brings its own: as many as {@code
 * Schedulers.parallel()} has, and like those shared by all databases, and refusing to block. Unlike
 * those they take from one {@link SpinningQueue}: an answer never waits behind a busy thread while
 * another is idle, and who answers a lone caller is still awake when its next answer comes. They
 * end when there has been nothing to do for a minute.
 */
public final class ResultThreads {

  private static final long KEEP_ALIVE_SECONDS = 60;
  private static final Scheduler SHARED = new Shared(threads());

  private ResultThreads() {}

  /** What the application configured, or the shared threads. */
  public static Scheduler of(SqliteConfig config) {
    Scheduler own = config.resultScheduler();
    return own != null ? own : SHARED;
  }

  private static ExecutorService threads() {
    int count = Schedulers.DEFAULT_POOL_SIZE;
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new SpinningQueue(),
            work -> new ResultThread(work, "sqlite-result-" + number.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static final class ResultThread extends Thread implements NonBlocking {
    ResultThread(Runnable work, String name) {
      super(work, name);
      setDaemon(true);
    }
  }

  /** Nobody's to end. */
  private static final class Shared implements Scheduler {
    private final Scheduler threads;

    Shared(ExecutorService threads) {
      this.threads = Schedulers.fromExecutorService(threads, "sqlite-result");
    }

    @Override
    public Disposable schedule(Runnable task) {
      return threads.schedule(task);
    }

    @Override
    public Worker createWorker() {
      return threads.createWorker();
    }
  }
}
