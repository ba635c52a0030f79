package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.LastLock;
import io.github.reactivesqlite.sqlite.engine.connection.LogFiles;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.live.LiveHub;
import io.github.reactivesqlite.sqlite.engine.maintenance.Upkeep;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.ResultThreads;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Closing, step by step, each step bounded: intake stops, the writer drains, readers close, the log
 * is checkpointed, the writer closes last, because the last connection tidies up the log.
 *
 * <p>What runs on the writer's thread cannot be ended from outside. If it does not end in time,
 * whoever waits is told so, and the script goes on when it does; until then the file stays claimed.
 */
final class ClosingScript {

  private static final Logger LOG = SteadyLogger.of(ClosingScript.class);
  private static final long LOOK_EVERY_NANOS = 2_000_000;
  private static final int CHECKPOINT_BUDGET_MILLIS = 50;
  private static final Duration THREADS_BUDGET = Duration.ofSeconds(5);
  private static final Duration WRITER_BUDGET = Duration.ofSeconds(2);

  /** The readers, the two threads of the upkeep, and a last checkpoint. */
  private static final Duration STEPS_BUDGET = THREADS_BUDGET.multipliedBy(4);

  private final WriterThread writer;
  private final FileGuard guard;
  private final SqliteConfig config;
  private final EngineTimer timer;
  private final LiveHub liveHub;
  private final WriteLane writeLane;
  private final ReadLane readLane;
  private final Upkeep upkeep;
  private final DatabaseMetrics metrics;

  private volatile Runnable afterClosed = () -> {};
  private final AtomicBoolean started = new AtomicBoolean();
  private final Sinks.Empty<Void> closed = Sinks.empty();
  private final Sinks.Empty<Void> overdue = Sinks.empty();
  private volatile String step = "a write or other work on the writer's thread that does not end";
  private volatile boolean writerReached;
  private @Nullable LastLock lastLock;
  private boolean keptOpen;
  private final CountDownLatch told = new CountDownLatch(1);
  private final Disposable.Composite alarms = Disposables.composite();

  ClosingScript(
      WriterThread writer,
      FileGuard guard,
      SqliteConfig config,
      EngineTimer timer,
      LiveHub liveHub,
      WriteLane writeLane,
      ReadLane readLane,
      Upkeep upkeep,
      DatabaseMetrics metrics) {
    this.writer = writer;
    this.guard = guard;
    this.config = config;
    this.timer = timer;
    this.liveHub = liveHub;
    this.writeLane = writeLane;
    this.readLane = readLane;
    this.upkeep = upkeep;
    this.metrics = metrics;
  }

  /** Runs at the very end, on the writer's thread; it does not throw. */
  void afterClosed(Runnable task) {
    afterClosed = task;
  }

  /** Ends with the script, or with an error when that is overdue. */
  Mono<Void> run() {
    return Mono.firstWithSignal(closed.asMono(), overdue.asMono())
        .doOnSubscribe(subscription -> start())
        .publishOn(ResultThreads.of(config));
  }

  /** Waits for the end of the script, or until it is overdue. */
  void runAndWait() {
    start();
    try {
      if (!told.await(EngineTimer.nanos(bound()), TimeUnit.NANOSECONDS)) {
        LOG.warn("{} is still closing, held by {}; giving up the wait", guard.name(), step);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void start() {
    if (started.compareAndSet(false, true)) {
      // First of all: whoever waits is answered whatever becomes of the steps
      attempt(() -> setAlarm(this::tellOverdue, bound()));
      LOG.info("{} closing: no new work is taken", guard.name());
      attempt(liveHub::close);
      attempt(writeLane::closeIntake);
      attempt(readLane::closeIntake);
      awaitQuiet(timer.nanoTime() + EngineTimer.nanos(config.closeTimeout()));
    }
  }

  /** How long closing may take in all. */
  private Duration bound() {
    return config.closeTimeout().plus(WRITER_BUDGET).plus(STEPS_BUDGET);
  }

  private void setAlarm(Runnable task, Duration delay) {
    alarms.add(timer.schedule(task, EngineTimer.nanos(delay)));
  }

  /** One step that may fail, be it for lack of memory or of a thread, does not keep the others. */
  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error unexpected) {
      LOG.warn("{} closing: a step failed; going on", guard.name(), unexpected);
    }
  }

  private void awaitQuiet(long deadline) {
    boolean quiet = false;
    try {
      quiet = writeLane.isQuiet() && readLane.isQuiet();
      boolean canWait = !timer.scheduler().isDisposed();
      if (!quiet && canWait && timer.nanoTime() - deadline < 0) {
        timer.schedule(() -> awaitQuiet(deadline), LOOK_EVERY_NANOS);
        return;
      }
    } catch (RuntimeException | Error unexpected) {
      LOG.warn("{} closing: what runs cannot be waited for", guard.name(), unexpected);
    }
    endWork(quiet);
  }

  private void endWork(boolean quiet) {
    if (!quiet) {
      LOG.warn(
          "{} closing: work is still under way after {} ms; it is ended now",
          guard.name(),
          config.closeTimeout().toMillis());
    }
    attempt(writeLane::refuseQueued);
    if (!quiet) {
      attempt(writeLane::abortTransaction);
    }
    attempt(readLane::shutdown);
    attempt(() -> setAlarm(this::tellIfWriterIsHeld, WRITER_BUDGET));
    attempt(() -> setAlarm(this::tellOverdue, WRITER_BUDGET.plus(STEPS_BUDGET)));
    try {
      writer.scheduler().schedule(this::closeConnections);
    } catch (RuntimeException | Error unexpected) {
      LOG.error("{} closing: the writer's thread takes no work", guard.name(), unexpected);
      tellOverdue();
    }
  }

  private void tellIfWriterIsHeld() {
    if (!writerReached) {
      tellOverdue();
    }
  }

  /** The claim stays: beside what still runs, nobody in this process may open the file. */
  private void tellOverdue() {
    if (alarms.isDisposed()) {
      return;
    }
    DatabaseClosedException error =
        new DatabaseClosedException(
            "The database '"
                + guard.name()
                + "' takes no work any more but is not closed yet: it is held by "
                + step
                + ". Closing goes on by itself when that ends, and until then the file stays open;"
                + " the log names who holds the writer",
            ErrorDetails.NONE);
    if (overdue.tryEmitError(error) == Sinks.EmitResult.OK) {
      told.countDown();
      LOG.warn("{} is still closing, held by {}", guard.name(), step);
    }
  }

  /** On the writer's thread, behind whatever it still runs. */
  private void closeConnections() {
    writerReached = true;
    try {
      attempt(() -> end("a reader that does not end", readLane::awaitTermination));
      attempt(
          () ->
              end(
                  "the maintenance thread, a backup or an integrity check that does not end",
                  upkeep::close));
      // A group that died meanwhile may have put its units back
      attempt(writeLane::refuseQueued);
      step = "the last checkpoint, or the closing of the writer's connection";
      attempt(() -> writeLane.closeConnection(this::tidyUp));
    } finally {
      attempt(this::releaseFile);
      attempt(metrics::close);
      writer.executor().shutdown();
      LOG.info("{} closed", guard.name());
      afterClosed.run();
      alarms.dispose();
      told.countDown();
      closed.tryEmitEmpty();
    }
  }

  private void end(String what, Predicate<Duration> ending) {
    step = what;
    if (!ending.test(THREADS_BUDGET)) {
      LOG.warn("{} closing: a thread did not end in time; its connection stays open", guard.name());
    }
  }

  private void releaseFile() {
    LastLock lock = lastLock;
    lastLock = null;
    if (lock != null) {
      lock.close();
    }
    if (!keptOpen) {
      guard.release();
    }
  }

  /** Before the writer's connection is closed; does not throw. */
  private void tidyUp(EngineConnection connection) {
    LogFiles.State state = LogFiles.State.UNSEEN;
    try {
      connection.rollback();
      state = guard.logFiles().beforeCheckpoint();
    } catch (RuntimeException | Error unexpected) {
      LOG.warn("{} closing: a step failed; going on", guard.name(), unexpected);
    }
    if (state == LogFiles.State.FOREIGN || state == LogFiles.State.UNSEEN) {
      closeWithoutCopying(connection);
    } else {
      copyLog(connection, state);
    }
  }

  private void closeWithoutCopying(EngineConnection connection) {
    LOG.error(
        "{} closing: the -wal or -shm file beside the database is not the one that was used, or"
            + " cannot be looked at; nothing is copied into the database file, which others may"
            + " have changed",
        guard.name());
    lastLock = LastLock.on(guard);
    if (lastLock == null && guard.look() != FileGuard.Look.CHANGED && connection.keepOpen()) {
      // Into a file that is not at its path any more SQLite copies nothing
      keptOpen = true;
      LOG.error(
          "{} closing: the writer's connection stays open, because closing it could copy the lost"
              + " log over what others have written, and the lock that would prevent it could not"
              + " be had. This process cannot open the file again. Put the right files in place,"
              + " and start the process anew",
          guard.name());
    }
  }

  private void copyLog(EngineConnection connection, LogFiles.State state) {
    try {
      connection.busyTimeout(CHECKPOINT_BUDGET_MILLIS);
      if (state == LogFiles.State.LOG_LOST) {
        saveLog(connection);
        return;
      }
      connection.run("PRAGMA optimize");
      connection.checkpoint(CheckpointMode.TRUNCATE);
    } catch (SqlFailure failure) {
      LOG.debug("{} closing: the log was not truncated (code {})", guard.name(), failure.code());
    } catch (RuntimeException | Error unexpected) {
      LOG.warn("{} closing: a step failed; going on", guard.name(), unexpected);
    }
  }

  /** With this process the log would be gone: nobody else can find it. */
  private void saveLog(EngineConnection connection) {
    try {
      CheckpointResult saved = connection.checkpoint(CheckpointMode.PASSIVE);
      if (saved.busy() || !saved.complete()) {
        LOG.error(
            "{} closing: of the {} frames of the lost log only {} could be saved, so commits may be"
                + " lost",
            guard.name(),
            saved.walFrames(),
            saved.checkpointedFrames());
      }
    } catch (SqlFailure failure) {
      LOG.error(
          "{} closing: the lost log could not be saved (code {}), so commits may be lost",
          guard.name(),
          failure.code());
    }
  }
}
