package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.maintenance.Upkeep;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Closing, step by step, each step bounded: intake stops, the writer drains, readers close, the log
 * is checkpointed, the writer closes last, because the last connection tidies up the log.
 */
final class ClosingScript {

  private static final Logger LOG = SteadyLogger.of(ClosingScript.class);
  private static final long LOOK_EVERY_NANOS = 2_000_000;
  private static final int CHECKPOINT_BUDGET_MILLIS = 50;
  private static final Duration THREADS_BUDGET = Duration.ofSeconds(5);

  private final WriterThread writer;
  private final FileGuard guard;
  private final SqliteConfig config;
  private final EngineTimer timer;
  private final WriteLane writeLane;
  private final ReadLane readLane;
  private final Upkeep upkeep;
  private final DatabaseMetrics metrics;

  private volatile Runnable afterClosed = () -> {};
  private final AtomicBoolean started = new AtomicBoolean();
  private final Sinks.Empty<Void> closed = Sinks.empty();
  private final CountDownLatch closedLatch = new CountDownLatch(1);

  ClosingScript(
      WriterThread writer,
      FileGuard guard,
      SqliteConfig config,
      EngineTimer timer,
      WriteLane writeLane,
      ReadLane readLane,
      Upkeep upkeep,
      DatabaseMetrics metrics) {
    this.writer = writer;
    this.guard = guard;
    this.config = config;
    this.timer = timer;
    this.writeLane = writeLane;
    this.readLane = readLane;
    this.upkeep = upkeep;
    this.metrics = metrics;
  }

  /** Runs at the very end, on the writer's thread; it does not throw. */
  void afterClosed(Runnable task) {
    afterClosed = task;
  }

  Mono<Void> run() {
    return closed
        .asMono()
        .doOnSubscribe(subscription -> start())
        .publishOn(config.resultScheduler());
  }

  /** Waits a little longer than the script is allowed to take. */
  void runAndWait() {
    start();
    try {
      long bound = EngineTimer.nanos(config.closeTimeout().plus(THREADS_BUDGET.multipliedBy(2)));
      if (!closedLatch.await(bound, TimeUnit.NANOSECONDS)) {
        LOG.warn("{} is still closing; giving up the wait", guard.name());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void start() {
    if (started.compareAndSet(false, true)) {
      LOG.info("{} closing: no new work is taken", guard.name());
      writeLane.closeIntake();
      readLane.closeIntake();
      awaitQuiet(timer.nanoTime() + EngineTimer.nanos(config.closeTimeout()));
    }
  }

  private void awaitQuiet(long deadline) {
    boolean quiet = writeLane.isQuiet() && readLane.isQuiet();
    if (quiet || timer.nanoTime() - deadline >= 0) {
      endWork(quiet);
    } else {
      timer.schedule(() -> awaitQuiet(deadline), LOOK_EVERY_NANOS);
    }
  }

  private void endWork(boolean quiet) {
    if (!quiet) {
      LOG.warn(
          "{} closing: work is still under way after {} ms; it is ended now",
          guard.name(),
          config.closeTimeout().toMillis());
    }
    writeLane.refuseQueued();
    if (!quiet) {
      writeLane.abortTransaction();
    }
    readLane.shutdown();
    writer.scheduler().schedule(this::closeConnections);
  }

  /** On the writer's thread, behind whatever it still runs. */
  private void closeConnections() {
    try {
      boolean readersGone = readLane.awaitTermination(THREADS_BUDGET);
      boolean upkeepGone = upkeep.close(THREADS_BUDGET);
      if (!readersGone || !upkeepGone) {
        LOG.warn(
            "{} closing: a thread did not end in time; its connection stays open", guard.name());
      }
      // A group that died meanwhile may have put its units back
      writeLane.refuseQueued();
      writeLane.closeConnection(this::tidyUp);
    } catch (RuntimeException unexpected) {
      LOG.warn("{} closing: a step failed; going on", guard.name(), unexpected);
    } finally {
      guard.release();
      closeMetrics();
      writer.executor().shutdown();
      LOG.info("{} closed", guard.name());
      afterClosed.run();
      closedLatch.countDown();
      closed.tryEmitEmpty();
    }
  }

  private void closeMetrics() {
    try {
      metrics.close();
    } catch (RuntimeException registryFailed) {
      LOG.warn("{} closing: the meters could not be removed", guard.name(), registryFailed);
    }
  }

  private void tidyUp(EngineConnection connection) {
    connection.rollback();
    try {
      connection.busyTimeout(CHECKPOINT_BUDGET_MILLIS);
      connection.run("PRAGMA optimize");
      connection.checkpoint(CheckpointMode.TRUNCATE);
    } catch (SqlFailure failure) {
      LOG.debug("{} closing: the log was not truncated (code {})", guard.name(), failure.code());
    }
  }
}
