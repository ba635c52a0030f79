package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.LogFiles;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Keeps the write-ahead log short. The maintenance thread copies what it can beside the writer; the
 * writer then copies the little that was added meanwhile, between two transactions, so that its
 * next commit starts the log over from the beginning. Either of them alone lets the log grow: the
 * thread never catches up with a busy writer, and the writer would stand still while it copies.
 *
 * <p>Reads that overlap without a gap keep the log from starting over, however short each of them
 * is. When it has grown for that reason, reads are held back until those that run have ended.
 *
 * <p>Owner of the fields: all but {@code frames}, {@code checkpointed} and {@code writerAsked}
 * belong to the maintenance thread.
 *
 * @see <a href="https://sqlite.org/wal.html#ckpt">sqlite.org/wal.html</a>
 */
final class LogKeeper {

  private static final Logger LOG = SteadyLogger.of(LogKeeper.class);

  /** What the writer may be left to copy: well below a millisecond of reading and writing. */
  private static final long LITTLE_FRAMES = 200;

  private static final int PASSES = 3;

  /** Times the configured frames; from here on a gap between the reads is made. */
  private static final long STUBBORN = 16;

  /** How long a gap is waited for, and how long one may last. */
  private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** For readers of other processes. */
  private static final int BUDGET_MILLIS = 50;

  private static final long GAP_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int FRAME_HEADER_BYTES = 24;
  private static final long WARN_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final SqliteConfig config;
  private final EngineTimer timer;
  private final DatabaseMetrics metrics;
  private final WriteLane writeLane;
  private final ReadLane readLane;
  private final OperationSettings settings;
  private final LogFiles files;
  private final LogLimits limits;

  private final AtomicBoolean writerAsked = new AtomicBoolean();
  private volatile long frames;
  private volatile long checkpointed;
  private volatile long lastWarning;
  private long lastGap;

  LogKeeper(
      LogFiles files,
      SqliteConfig config,
      EngineTimer timer,
      DatabaseMetrics metrics,
      WriteLane writeLane,
      ReadLane readLane,
      OperationSettings settings,
      LogLimits limits) {
    this.config = config;
    this.timer = timer;
    this.metrics = metrics;
    this.writeLane = writeLane;
    this.readLane = readLane;
    this.settings = settings;
    this.files = files;
    this.limits = limits;
    this.lastGap = timer.nanoTime() - GAP_PAUSE_NANOS;
    this.lastWarning = timer.nanoTime() - WARN_PAUSE_NANOS;
  }

  long frames() {
    return frames;
  }

  long checkpointedFrames() {
    return checkpointed;
  }

  /** Whether what a checkpoint would copy is ours. Looks; any thread. */
  boolean isOurs() {
    return files.beforeCheckpoint() == LogFiles.State.WELL;
  }

  /** By {@code stat}: to open the file would drop SQLite's locks. */
  long bytes() {
    try {
      return Files.size(files.log());
    } catch (IOException missing) {
      return 0;
    }
  }

  /**
   * Looks at the log and copies what is due. On the maintenance thread.
   *
   * @return after how many nanoseconds to look again even without a commit; 0 for no need
   */
  long look(EngineConnection connection, int pageSize) {
    if (!isOurs()) {
      return 0;
    }
    CheckpointResult state = publish(connection.walState());
    boolean pinned = false;
    if (isDue(state) || limits.areExceeded()) {
      Copied copied = copyOrCheck(connection, state, pageSize);
      state = copied.state();
      pinned = copied.pinned();
    }
    return limits.check(bytesOf(state, pageSize), state, pinned);
  }

  private static long bytesOf(CheckpointResult state, int pageSize) {
    return state.walFrames() * (pageSize + FRAME_HEADER_BYTES);
  }

  private Copied copyOrCheck(EngineConnection connection, CheckpointResult state, int pageSize) {
    try {
      return copy(connection, state);
    } catch (SqlFailure failure) {
      // A log that cannot be copied has its limits too
      limits.check(bytesOf(state, pageSize), state, false);
      throw failure;
    }
  }

  /**
   * Not due: a log that is copied but for a few frames, which a reader keeps from starting over.
   */
  private boolean isDue(CheckpointResult state) {
    int due = config.walCheckpointFrames();
    return state.walFrames() >= due && pending(state) * 4 >= due;
  }

  private record Copied(CheckpointResult state, boolean pinned) {}

  private Copied copy(EngineConnection connection, CheckpointResult before) {
    CheckpointResult state = before;
    boolean pinned = false;
    for (int pass = 0; pass < PASSES && pending(state) > LITTLE_FRAMES && !pinned; pass++) {
      CheckpointResult result = timed(connection, CheckpointMode.PASSIVE);
      if (result.busy()) {
        break;
      }
      pinned = !result.complete();
      state = connection.walState();
    }
    publish(state);
    boolean useless = pinned && limits.isPinnedForLong();
    if (pending(state) > 0 && !useless) {
      askWriter(state, pinned);
    }
    return new Copied(state, pinned);
  }

  private static long pending(CheckpointResult state) {
    return state.walFrames() - state.checkpointedFrames();
  }

  private void askWriter(CheckpointResult state, boolean pinned) {
    if (!writerAsked.compareAndSet(false, true)) {
      return;
    }
    boolean longPinned = pinned && limits.isPinnedForLong();
    try {
      boolean gap = isStubborn(state) && !longPinned && beginGap();
      writeLane
          .upkeep(settings, "CHECKPOINT", connection -> writerPass(connection, longPinned, gap))
          .subscribeOn(timer.scheduler())
          .doFinally(ended -> writerEnded())
          .subscribe(done -> {}, this::writerFailed);
    } catch (Throwable notAsked) {
      writerEnded();
      throw notAsked;
    }
  }

  private void writerEnded() {
    try {
      readLane.endGap();
    } finally {
      writerAsked.set(false);
    }
  }

  private void writerFailed(Throwable error) {
    long now = timer.nanoTime();
    if (error instanceof StorageException && now - lastWarning >= WARN_PAUSE_NANOS) {
      lastWarning = now;
      LOG.warn(
          "The writer could not copy the write-ahead log, which grows until it can; it is tried"
              + " again: {}",
          error.toString());
    } else {
      LOG.debug("The writer's part of a checkpoint failed: {}", error.toString());
    }
  }

  private boolean isStubborn(CheckpointResult state) {
    return state.walFrames() >= STUBBORN * config.walCheckpointFrames();
  }

  /** The writer goes on meanwhile; the reads wait for it only when it can make use of that. */
  private boolean beginGap() {
    if (timer.nanoTime() - lastGap < GAP_PAUSE_NANOS) {
      return false;
    }
    lastGap = timer.nanoTime();
    boolean nobodyReads = readLane.beginGap(GAP_NANOS);
    if (nobodyReads) {
      timer.schedule(readLane::endGap, GAP_NANOS);
    } else {
      readLane.endGap();
    }
    return nobodyReads;
  }

  /** On the writer's thread, between two transactions. */
  private CheckpointResult writerPass(
      EngineConnection connection, boolean longPinned, boolean gap) {
    CheckpointResult state = connection.walState();
    if (longPinned && pending(state) > config.walCheckpointFrames()) {
      // Whoever pins it could leave now, and all of it would be copied while the writes wait
      return publish(state);
    }
    return gap ? truncate(connection) : passive(connection);
  }

  /**
   * Copies everything and cuts the log; on the writer's thread. Waits for readers, but not long.
   */
  CheckpointResult truncate(EngineConnection connection) {
    connection.busyTimeout(BUDGET_MILLIS);
    try {
      return publish(timed(connection, CheckpointMode.TRUNCATE));
    } finally {
      connection.busyTimeout(0);
    }
  }

  /** One PASSIVE checkpoint. */
  CheckpointResult passive(EngineConnection connection) {
    return publish(timed(connection, CheckpointMode.PASSIVE));
  }

  CheckpointResult state(EngineConnection connection) {
    return publish(connection.walState());
  }

  private CheckpointResult timed(EngineConnection connection, CheckpointMode mode) {
    files.requireOurs();
    long begun = timer.nanoTime();
    CheckpointResult result = connection.checkpoint(mode);
    metrics.checkpoint(mode.name(), timer.nanoTime() - begun, result.busy());
    return result;
  }

  private CheckpointResult publish(CheckpointResult state) {
    frames = Math.max(0, state.walFrames());
    checkpointed = Math.max(0, state.checkpointedFrames());
    return state;
  }
}
