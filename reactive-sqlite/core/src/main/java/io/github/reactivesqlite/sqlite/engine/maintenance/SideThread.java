package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.Role;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.MissingThread;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread of long reads of the whole file, with a connection of its own: there while it is
 * needed, and for one job at a time.
 */
final class SideThread {

  private static final int STATEMENTS = 4;

  /** What it runs. */
  @FunctionalInterface
  interface Job<T> {
    /** Runs on the thread; {@code null} if it was stopped. */
    @Nullable T run(EngineConnection connection, StopSignal stop) throws Exception;
  }

  private final String threadName;
  private final ConnectionFactory factory;
  private final AtomicReference<@Nullable Running<?>> current = new AtomicReference<>();
  private volatile boolean closed;

  SideThread(String databaseName, ConnectionFactory factory) {
    this.threadName = databaseName + "-backup";
    this.factory = factory;
  }

  boolean isBusy() {
    return current.get() != null;
  }

  /**
   * Starts a job. Its end is told on its thread, after its connection has been closed and the next
   * job may start.
   *
   * @return stops it, and then nothing is told
   */
  <T> Runnable start(Job<T> job, Consumer<? super T> done, Consumer<? super Throwable> failed) {
    Running<T> running = new Running<>(job, done, failed);
    if (!current.compareAndSet(null, running)) {
      failed.accept(
          new IllegalStateException(
              "A backup or an integrity check of this database is running; one runs at a time."
                  + " Start the next one when it has ended"));
      return () -> {};
    }
    try {
      running.start();
    } catch (Throwable refused) {
      // Nothing runs, so nothing else would ever let the next job start
      current.set(null);
      failed.accept(MissingThread.error("backup or check", ErrorDetails.NONE, 0, refused));
      return () -> {};
    }
    return running::stop;
  }

  /** Stops a running job and waits for its end; nothing starts any more. */
  boolean close(Duration bound) {
    closed = true;
    Running<?> running = current.get();
    return running == null || running.stopAndWait(bound);
  }

  private final class Running<T> implements StopSignal {
    private final Job<T> job;
    private final Consumer<? super T> done;
    private final Consumer<? super Throwable> failed;
    private final ExecutorService executor = EngineThread.executor(threadName);
    private volatile boolean stopped;

    Running(Job<T> job, Consumer<? super T> done, Consumer<? super Throwable> failed) {
      this.job = job;
      this.done = done;
      this.failed = failed;
    }

    void start() {
      try {
        executor.execute(this::run);
      } finally {
        executor.shutdown();
      }
    }

    void stop() {
      stopped = true;
    }

    boolean stopAndWait(Duration bound) {
      stopped = true;
      try {
        return executor.awaitTermination(EngineTimer.nanos(bound), TimeUnit.NANOSECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public boolean stopRequested() {
      return stopped || closed;
    }

    private void run() {
      T result = null;
      Throwable error = null;
      try {
        result = stopRequested() ? null : runOnConnection();
      } catch (SqlFailure failure) {
        error = typed(failure);
      } catch (Throwable thrown) {
        error = thrown;
      }
      current.set(null);
      if (stopped && !closed) {
        return;
      }
      if (result != null) {
        done.accept(result);
      } else {
        failed.accept(error != null ? error : stoppedError());
      }
    }

    private @Nullable T runOnConnection() throws Exception {
      // Not read-only: a copy is stopped with the write lock, and in a connection that was opened
      // read-only integrity_check passes over CHECK constraints
      EngineConnection connection =
          EngineConnection.open(factory, Role.MAINTENANCE, STATEMENTS, threadName);
      try {
        connection.stopSignal(this);
        return job.run(connection, this);
      } finally {
        connection.close();
      }
    }

    private @Nullable Throwable typed(SqlFailure failure) {
      return failure.isInterrupt() && stopRequested()
          ? null
          : failure.toReaderException(ErrorDetails.NONE);
    }

    private static DatabaseException stoppedError() {
      return new DatabaseClosedException(
          "The backup or check was stopped because the database was closed", ErrorDetails.NONE);
    }
  }
}
