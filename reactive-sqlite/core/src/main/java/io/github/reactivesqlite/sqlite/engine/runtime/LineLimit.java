package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets a bounded number of log lines a second through and counts the others. Thread-safe. */
final class LineLimit {

  /** The answer to a line that is left out. */
  static final long LEFT_OUT = -1;

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

  private final int linesPerSecond;
  private final LongSupplier nanoClock;
  private long windowStart;
  private int linesInWindow;
  private long leftOut;

  LineLimit(int linesPerSecond, LongSupplier nanoClock) {
    this.linesPerSecond = linesPerSecond;
    this.nanoClock = nanoClock;
    this.windowStart = nanoClock.getAsLong();
  }

  /** {@link #LEFT_OUT}, or how many lines were left out since the last one that got through. */
  synchronized long admit() {
    long now = nanoClock.getAsLong();
    if (now - windowStart >= WINDOW) {
      windowStart = now;
      linesInWindow = 0;
    }
    if (linesInWindow >= linesPerSecond) {
      leftOut++;
      return LEFT_OUT;
    }
    linesInWindow++;
    return takeLeftOut();
  }

  /** How many lines were left out since the last one that got through; counted anew from here. */
  synchronized long takeLeftOut() {
    long count = leftOut;
    leftOut = 0;
    return count;
  }
}
