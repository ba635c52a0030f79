package io.github.reactivesqlite.sqlite.engine.runtime;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What is logged about waiting for the file's lock, always in the same words, by the logger {@value
 * #LOGGER}. Each kind of line is limited by itself; a line that follows left-out ones says how many
 * they were. Thread-safe. Times are nanoseconds; a {@code null} label reads {@code unlabelled}.
 */
public final class LockLog {

  /** The name of the logger. */
  public static final String LOGGER = "io.github.reactivesqlite.locks";

  /** The default limit of each kind of line. */
  public static final int DEFAULT_LINES_PER_SECOND = 5;

  private static final Logger LOG = SteadyLogger.of(LOGGER);
  private static final String UNLABELLED = "unlabelled";

  private final long slowNanos;
  private final LineLimit retries;
  private final LineLimit completions;
  private final LineLimit failures;

  /**
   * A log with the default limit.
   *
   * @param slowOperation an operation that took longer is logged although it never waited
   */
  public LockLog(Duration slowOperation) {
    this(slowOperation, DEFAULT_LINES_PER_SECOND, System::nanoTime);
  }

  /**
   * A log.
   *
   * @param slowOperation an operation that took longer is logged although it never waited
   * @param linesPerSecond how many lines of each kind a second, at least 1
   * @param nanoClock the clock of that second
   */
  public LockLog(Duration slowOperation, int linesPerSecond, LongSupplier nanoClock) {
    if (linesPerSecond < 1) {
      throw new IllegalArgumentException("At least 1 line a second, not " + linesPerSecond);
    }
    this.slowNanos = slowOperation.toNanos();
    this.retries = new LineLimit(linesPerSecond, nanoClock);
    this.completions = new LineLimit(linesPerSecond, nanoClock);
    this.failures = new LineLimit(linesPerSecond, nanoClock);
  }

  /**
   * A warning: an operation tries again.
   *
   * @param label the operation's label
   * @param retry the number of this retry, from 1
   * @param maxRetries the greatest number, {@code Long.MAX_VALUE} if only a deadline bounds them
   * @param pausedNanos the pause before this retry
   * @param totalWaitNanos since the first attempt
   */
  public void retrying(
      @Nullable String label, long retry, long maxRetries, long pausedNanos, long totalWaitNanos) {
    if (!LOG.isWarnEnabled()) {
      return;
    }
    long leftOut = retries.admit();
    if (leftOut != LineLimit.LEFT_OUT) {
      LOG.warn(
          "Database locked in {}, retry {}{} after {} s (total wait {} s){}",
          nameOf(label),
          retry,
          maxRetries == Long.MAX_VALUE ? "" : "/" + maxRetries,
          seconds(pausedNanos),
          seconds(totalWaitNanos),
          suffix(leftOut));
    }
  }

  /**
   * An information about an operation that succeeded; nothing is logged unless it was slow or had
   * waited for a lock.
   *
   * @param label the operation's label
   * @param tookNanos from its begin to its end
   * @param waitedNanos the part of it spent waiting for locks
   * @param attempts how often it asked for the lock, at least 1
   */
  public void completed(@Nullable String label, long tookNanos, long waitedNanos, long attempts) {
    if ((waitedNanos <= 0 && tookNanos <= slowNanos) || !LOG.isInfoEnabled()) {
      return;
    }
    long leftOut = completions.admit();
    if (leftOut != LineLimit.LEFT_OUT) {
      LOG.info(
          "{} completed in {} s (waited {} s for locks, {} attempts){}",
          nameOf(label),
          seconds(tookNanos),
          seconds(waitedNanos),
          attempts,
          suffix(leftOut));
    }
  }

  /**
   * An error: an operation is answered with a lock error.
   *
   * @param label the operation's label
   * @param attempts how often it asked for the lock
   */
  public void gaveUp(@Nullable String label, long attempts) {
    if (!LOG.isErrorEnabled()) {
      return;
    }
    long leftOut = failures.admit();
    if (leftOut != LineLimit.LEFT_OUT) {
      LOG.error(
          "Database locked after {} attempts, giving up: {}{}",
          attempts,
          nameOf(label),
          suffix(leftOut));
    }
  }

  /** Says how many lines were left out at the end; to be called when the database closes. */
  public void flush() {
    long left = retries.takeLeftOut();
    if (left > 0) {
      LOG.warn("Database locked: {} more retries were not logged", left);
    }
    left = completions.takeLeftOut();
    if (left > 0) {
      LOG.info("{} more operations that were slow or waited for locks were not logged", left);
    }
    left = failures.takeLeftOut();
    if (left > 0) {
      LOG.error("Database locked: {} more operations that gave up were not logged", left);
    }
  }

  private static String nameOf(@Nullable String label) {
    return label == null ? UNLABELLED : label;
  }

  private static String seconds(long nanos) {
    return String.format(
        Locale.ROOT, "%.3f", Math.max(0, nanos) / (double) TimeUnit.SECONDS.toNanos(1));
  }

  private static String suffix(long leftOut) {
    return leftOut == 0 ? "" : "; " + leftOut + " similar lines before it were left out";
  }
}
