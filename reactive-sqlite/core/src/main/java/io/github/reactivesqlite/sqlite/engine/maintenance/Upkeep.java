package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.engine.connection.ConnectionFactory;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.Role;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.FatalErrors;
import io.github.reactivesqlite.sqlite.engine.runtime.MissingThread;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.ResultThreads;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.publisher.Mono;

/**
 * The maintenance thread with its own connection: it keeps the log short, notices that another
 * process has changed the schema, and runs the schedules.
 *
 * <p>Commits wake it: while there are any it looks 200 times a second, else every few seconds.
 *
 * <p>Owner of the fields: {@code connection} and what follows it belong to the maintenance thread;
 * {@code ticking} is true from the moment a look is timed until it has ended without another one
 * being timed, so at most one is.
 */
public final class Upkeep {

  private static final Logger LOG = SteadyLogger.of(Upkeep.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MOST_CALLS = 1_024;
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Duration IDLE_TICK = Duration.ofSeconds(5);
  private static final long POSTPONED_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WARN_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int STATEMENTS = 8;

  private final String name;
  private final SqliteConfig config;
  private final EngineTimer timer;
  private final ConnectionFactory factory;
  private final WriteLane writeLane;
  private final ReadLane readLane;
  private final Runnable schemaChanged;
  private final OperationSettings settings;
  private final Answers answers;
  private final ExecutorService executor;
  private final Schedules schedules;
  private final SideThread sideThread;
  private final LogKeeper log;

  private final Runnable tick = this::tick;
  private final AtomicBoolean ticking = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean dirty;
  private volatile boolean closed;

  private @Nullable EngineConnection connection;
  private int pageSize;
  private long schemaVersion;
  private long lastWarning;

  /**
   * Prepares the thread and starts the schedules; opens nothing before it is needed.
   *
   * @param name the database's name
   * @param guard holds the database file, and looks after the files beside it
   * @param config the configuration
   * @param timer times everything
   * @param factory opens its connection
   * @param metrics told of every checkpoint
   * @param writeLane asked for what only the writer can do
   * @param readLane ends its snapshots when they pin too large a log
   * @param schemaChanged called on the maintenance thread when the schema is another one than at
   *     the last look, whoever changed it
   */
  public Upkeep(
      String name,
      FileGuard guard,
      SqliteConfig config,
      EngineTimer timer,
      ConnectionFactory factory,
      DatabaseMetrics metrics,
      WriteLane writeLane,
      ReadLane readLane,
      Runnable schemaChanged) {
    this.name = name;
    this.config = config;
    this.timer = timer;
    this.factory = factory;
    this.writeLane = writeLane;
    this.readLane = readLane;
    this.schemaChanged = schemaChanged;
    this.settings = OperationSettings.of(OperationOptions.none(), config);
    this.answers = new Answers(ResultThreads.of(config));
    this.executor = EngineThread.executor(name + "-maintenance");
    this.schedules = new Schedules(timer);
    this.sideThread = new SideThread(name, factory);
    LogLimits limits = new LogLimits(name, config, timer, writeLane, readLane, sideThread::isBusy);
    this.log =
        new LogKeeper(
            guard.logFiles(), config, timer, metrics, writeLane, readLane, settings, limits);
    this.lastWarning = timer.nanoTime() - WARN_PAUSE_NANOS;
    startSchedules();
  }

  // ---- ticks

  /** Says that there was a commit. Any thread, usually the writer's; nearly free. */
  public void committed() {
    if (!dirty) {
      dirty = true;
      wake(TICK_NANOS);
    }
  }

  private void wake(long nanos) {
    if (!ticking.get() && ticking.compareAndSet(false, true)) {
      tickLater(nanos);
    }
  }

  /** What cannot be timed or run now is left to the next commit or idle look. */
  private void tickLater(long nanos) {
    try {
      schedules.once(
          nanos,
          () -> {
            if (refusal(tick) != null) {
              stopTicking();
            }
          });
    } catch (Throwable refused) {
      stopTicking();
    }
  }

  private void stopTicking() {
    ticking.set(false);
    dirty = false;
  }

  private void tick() {
    dirty = false;
    long again = RETRY_NANOS;
    try {
      again = look();
    } finally {
      lookAgain(again);
    }
  }

  private void lookAgain(long nanos) {
    long again = nanos;
    if (dirty) {
      again = TICK_NANOS;
    }
    if (again > 0) {
      tickLater(again);
      return;
    }
    ticking.set(false);
    if (dirty) {
      wake(TICK_NANOS);
    }
  }

  private long look() {
    if (closed) {
      return 0;
    }
    try {
      EngineConnection open = connection();
      long again = log.look(open, pageSize);
      pollSchema(open);
      return again;
    } catch (SqlFailure failure) {
      warn("failed with code " + failure.code(), null);
      if (failure.breaksWriting()) {
        closeConnection();
      }
    } catch (RuntimeException | Error unexpected) {
      warn("failed", unexpected);
    }
    return RETRY_NANOS;
  }

  /** Reads the first page: from the cache or the log, and from the disk only after a TRUNCATE. */
  private void pollSchema(EngineConnection open) {
    long version = open.schemaVersion();
    if (version != schemaVersion) {
      schemaVersion = version;
      schemaChanged.run();
    }
  }

  private EngineConnection connection() {
    EngineConnection open = connection;
    if (open == null) {
      if (closed) {
        throw new DatabaseClosedException("The database is closed", ErrorDetails.NONE);
      }
      open = EngineConnection.open(factory, Role.MAINTENANCE, STATEMENTS, name + "-maintenance");
      pageSize = (int) open.longValue("PRAGMA page_size");
      schemaVersion = open.schemaVersion();
      connection = open;
      // It may have changed before it was read for the first time
      schemaChanged.run();
    }
    return open;
  }

  private void closeConnection() {
    EngineConnection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  private void warn(String what, @Nullable Throwable cause) {
    long now = timer.nanoTime();
    if (now - lastWarning >= WARN_PAUSE_NANOS) {
      lastWarning = now;
      LOG.warn("{}: a look at the write-ahead log {}; it is tried again", name, what, cause);
    }
  }

  // ---- schedules

  private void startSchedules() {
    schedules.every(IDLE_TICK, () -> wake(0));
    schedules.every(config.truncateInterval(), () -> execute(this::truncateIfUsed));
    schedules.every(config.optimizeInterval(), () -> execute(this::optimizeWhenIdle));
    schedules.every(config.readerIdleTimeout(), () -> execute(this::closeIdleReaders));
    schedules.every(config.readerValidationInterval(), () -> execute(readLane::validateIdle));
  }

  private void truncateIfUsed() {
    if (log.bytes() > 0 && log.isOurs()) {
      inBackground("CHECKPOINT", log::truncate);
    }
  }

  private void optimizeWhenIdle() {
    if (!log.isOurs()) {
      return;
    }
    if (writeLane.depth(Lane.INTERACTIVE) + writeLane.depth(Lane.BULK) > 0) {
      schedules.once(POSTPONED_NANOS, () -> execute(this::optimizeWhenIdle));
      return;
    }
    inBackground(
        "OPTIMIZE",
        open -> {
          open.run("PRAGMA optimize");
          return true;
        });
  }

  private void closeIdleReaders() {
    readLane.closeIdle(EngineTimer.nanos(config.readerIdleTimeout()), false);
  }

  private <T> void inBackground(String operation, WriteLane.ExclusiveWork<T> work) {
    writeLane
        .upkeep(settings, operation, work)
        .subscribeOn(timer.scheduler())
        .subscribe(
            done -> {},
            error -> {
              if (!closed) {
                LOG.warn("{}: scheduled {} failed: {}", name, operation, error.toString());
              }
            });
  }

  // ---- on behalf of MaintenanceOperations

  LogKeeper log() {
    return log;
  }

  SideThread sideThread() {
    return sideThread;
  }

  OperationSettings settings() {
    return settings;
  }

  /** Runs on the maintenance thread and answers on the result scheduler. Lazy. */
  <T> Mono<T> call(Function<EngineConnection, T> work) {
    return LaterAnswer.of(
        answers,
        answer -> {
          if (calls.incrementAndGet() > MOST_CALLS) {
            calls.decrementAndGet();
            answer.deliverError(tooManyCalls());
            return LaterAnswer::letItEnd;
          }
          Runnable task =
              () -> {
                calls.decrementAndGet();
                try {
                  answer.deliver(onConnection(work));
                } catch (SqlFailure failure) {
                  answer.deliverError(failure.toWriterException(ErrorDetails.NONE));
                } catch (Throwable thrown) {
                  answer.deliverError(FatalErrors.asException("The maintenance", thrown));
                }
              };
          Throwable refused = refusal(task);
          if (refused != null) {
            calls.decrementAndGet();
            answer.deliverError(
                refused instanceof RejectedExecutionException
                    ? new DatabaseClosedException("The database is closed", ErrorDetails.NONE)
                    : MissingThread.error("maintenance", ErrorDetails.NONE, 0, refused));
          }
          return LaterAnswer::letItEnd;
        });
  }

  private static WriteQueueFullException tooManyCalls() {
    return new WriteQueueFullException(
        MOST_CALLS
            + " calls of maintenance() are waiting, so this one was not queued. Ask again when they"
            + " have been answered",
        ErrorDetails.NONE,
        MOST_CALLS,
        MOST_CALLS);
  }

  private <T> T onConnection(Function<EngineConnection, T> work) {
    try {
      return work.apply(connection());
    } catch (SqlFailure failure) {
      if (!failure.breaksWriting()) {
        throw failure;
      }
      // One that was opened while the file could not be written stays read-only
      closeConnection();
      return work.apply(connection());
    }
  }

  WalSize walSize(EngineConnection open) {
    CheckpointResult state = log.state(open);
    return new WalSize(
        Math.max(0, state.walFrames()), Math.max(0, state.checkpointedFrames()), log.bytes());
  }

  /** Runs it now, or at the next time of its schedule. */
  private void execute(Runnable task) {
    Throwable refused = refusal(task);
    if (refused != null && !closed) {
      LOG.warn("{}: scheduled maintenance could not be started: {}", name, refused.toString());
    }
  }

  /** Runs it on the maintenance thread; {@code null}, or why it will not run. */
  private @Nullable Throwable refusal(Runnable task) {
    try {
      executor.execute(task);
      return null;
    } catch (Throwable refused) {
      return refused;
    }
  }

  // ---- gauges

  /** Frames in the log at the last look. Any thread. */
  public long walFrames() {
    return log.frames();
  }

  /** Frames of the log that were in the database file at the last look. Any thread. */
  public long walCheckpointedFrames() {
    return log.checkpointedFrames();
  }

  /** The size of the log's file now, in bytes; 0 without one. Any thread; one {@code stat}. */
  public long walBytes() {
    return log.bytes();
  }

  // ---- closing

  /**
   * Stops the schedules, a running backup or check, and the thread, which closes its connection.
   * Waits, and so must not be called on a thread that may not block. Further calls only wait.
   *
   * @param bound the longest wait, for each of the two threads
   * @return whether both have ended
   */
  public boolean close(Duration bound) {
    closed = true;
    schedules.stop();
    boolean sideEnded = sideThread.close(bound);
    execute(this::closeConnection);
    executor.shutdown();
    try {
      return executor.awaitTermination(EngineTimer.nanos(bound), TimeUnit.NANOSECONDS) && sideEnded;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
