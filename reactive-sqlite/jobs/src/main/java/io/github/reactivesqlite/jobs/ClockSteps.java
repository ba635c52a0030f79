package io.github.reactivesqlite.jobs;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Notices that the wall clock of this process went back. What counts is not how it stood when
 * somebody last looked, but every time from which the wait of a job was counted.
 */
final class ClockSteps {

  /** Less is the clock being set right, and is left to it. */
  private static final long STEP_MILLIS = 1_000;

  private final JobsOptions options;
  // The most that the wall clock was ahead of the monotonic one
  private final AtomicLong ahead = new AtomicLong(Long.MIN_VALUE / 2);

  ClockSteps(JobsOptions options) {
    this.options = options;
  }

  private long aheadAt(long wallMillis) {
    return wallMillis - options.nanoTime().getAsLong() / 1_000_000L;
  }

  /**
   * There is a job that waits for a duration from this time. To be called when its row is
   * committed, where that is known: what is not in the table yet cannot be shortened.
   */
  void counted(long fromMillis) {
    note(aheadAt(fromMillis));
  }

  private void note(long candidate) {
    ahead.accumulateAndGet(candidate, Math::max);
  }

  /** A look at the clock, compared with all that was noted since the one before. */
  Look look(long nowMillis) {
    long now = aheadAt(nowMillis);
    // At once: what is noted while the caller does something about it is for the next look
    return new Look(now, ahead.getAndSet(now));
  }

  /** What a look found. */
  final class Look {
    private final long now;
    private final long before;

    private Look(long now, long before) {
      this.now = now;
      this.before = before;
    }

    boolean wentBack() {
      return now < before - STEP_MILLIS;
    }

    /** As if nobody had looked: the next look finds it again. */
    void undo() {
      note(before);
    }
  }
}
