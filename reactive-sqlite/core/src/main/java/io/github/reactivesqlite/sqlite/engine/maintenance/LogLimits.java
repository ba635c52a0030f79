package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/**
 * What happens when the log cannot be cut back because somebody reads an old snapshot: our own
 * readers are ended beyond {@code walLimit}, other ones are reported, and beyond {@code
 * walHardLimit} writes are refused. Used by the maintenance thread only.
 */
final class LogLimits {

  private static final Logger LOG = SteadyLogger.of(LogLimits.class);
  private static final long LONG_PIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long END_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REPORT_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String name;
  private final SqliteConfig config;
  private final EngineTimer timer;
  private final WriteLane writeLane;
  private final ReadLane readLane;
  private final BooleanSupplier backupRuns;

  private boolean pinned;
  private long pinnedFrame;
  private long pinnedSince;
  private boolean exceeded;
  private boolean refusing;
  private long lastEnd;
  private long lastReport;

  LogLimits(
      String name,
      SqliteConfig config,
      EngineTimer timer,
      WriteLane writeLane,
      ReadLane readLane,
      BooleanSupplier backupRuns) {
    this.name = name;
    this.config = config;
    this.timer = timer;
    this.writeLane = writeLane;
    this.readLane = readLane;
    this.backupRuns = backupRuns;
    this.lastEnd = timer.nanoTime() - END_PAUSE_NANOS;
    this.lastReport = timer.nanoTime() - REPORT_PAUSE_NANOS;
  }

  /** Whether a limit was exceeded when it was last checked. */
  boolean areExceeded() {
    return exceeded;
  }

  /** Whether the same old snapshot has held the log for longer than ordinary reads last. */
  boolean isPinnedForLong() {
    return pinned && timer.nanoTime() - pinnedSince >= LONG_PIN_NANOS;
  }

  /**
   * Acts on what a look at the log found.
   *
   * @return after how many nanoseconds to look again even without a commit; 0 for no need
   */
  long check(long bytes, CheckpointResult state, boolean nowPinned) {
    note(state, nowPinned);
    boolean beyond = bytes > config.walLimit() && !state.complete();
    if (beyond && isPinnedForLong()) {
      endPins(bytes);
    }
    Long hardLimit = config.walHardLimit();
    refuse(hardLimit != null && bytes > hardLimit && !state.complete(), bytes);
    exceeded = beyond || refusing;
    return exceeded ? LOOK_AGAIN_NANOS : 0;
  }

  /** A pin that moves on is a sequence of ordinary reads. */
  private void note(CheckpointResult state, boolean nowPinned) {
    long frame = state.checkpointedFrames();
    if (nowPinned && (!pinned || frame != pinnedFrame)) {
      pinnedFrame = frame;
      pinnedSince = timer.nanoTime();
    }
    pinned = nowPinned;
  }

  private void endPins(long bytes) {
    long now = timer.nanoTime();
    if (now - lastEnd < END_PAUSE_NANOS) {
      return;
    }
    lastEnd = now;
    int ended = readLane.endHolds(pinnedSince);
    if (ended > 0) {
      LOG.warn(
          "{}: the write-ahead log has {} bytes, more than walLimit, and reads of this database"
              + " kept it from shrinking: ended {} snapshots and streams. Keep snapshots short,"
              + " page by key, or raise walLimit",
          name,
          bytes,
          ended);
    } else if (now - lastReport >= REPORT_PAUSE_NANOS) {
      lastReport = now;
      LOG.warn(
          "{}: the write-ahead log has {} bytes, more than walLimit, and {}",
          name,
          bytes,
          backupRuns.getAsBoolean()
              ? "the running backup or check keeps it from shrinking until it ends. Run it when"
                  + " little is written, or raise walLimit"
              : "no snapshot or stream of this database keeps it from shrinking. Look for a process"
                  + " that reads this file and does not end its transaction, and for long queries"
                  + " that follow each other without a gap");
    }
  }

  private void refuse(boolean refuse, long bytes) {
    if (refuse == refusing) {
      return;
    }
    refusing = refuse;
    writeLane.walBeyondHardLimit(refuse);
    if (refuse) {
      LOG.error(
          "{}: the write-ahead log has {} bytes, more than walHardLimit: writes are refused until"
              + " it can be copied. End the read that pins it",
          name,
          bytes);
    } else {
      LOG.info("{}: the write-ahead log was copied; writes are taken again", name);
    }
  }
}
