package io.github.reactivesqlite.spring.boot.actuate;

import io.github.reactivesqlite.DatabaseStats;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a database's figures have gained lately, by readings that are taken when somebody asks: so
 * that what is over stops being a warning.
 *
 * <p>Thread-safe: the readings belong to the lock of this object. At most {@value #READINGS} of
 * them are kept.
 */
final class RecentFigures {

  /** How far back a look goes at least, if there is a reading so old. */
  static final Duration WINDOW = Duration.ofMinutes(5);

  /** Between two readings that are kept; looks in between keep none. */
  static final Duration SPACING = Duration.ofSeconds(10);

  /** As many as fit into the window, and the one before it. */
  static final int READINGS = 32;

  private final Supplier<DatabaseStats> source;
  private final LongSupplier nanoTime;
  private final Deque<Reading> readings = new ArrayDeque<>();

  private record Reading(long nanos, DatabaseStats stats) {

    boolean isOlderThan(Duration age, long now) {
      return now - nanos >= age.toNanos();
    }
  }

  /**
   * What a look has found.
   *
   * @param stats since the database was opened
   * @param lock since the beginning of the window
   * @param age of the window
   * @param longerWait whether the longest wait for the lock is one of the window
   */
  record Look(
      DatabaseStats stats, DatabaseStats.LockStats lock, Duration age, boolean longerWait) {}

  /** Takes a first reading. */
  RecentFigures(Supplier<DatabaseStats> source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
    readings.add(new Reading(nanoTime.getAsLong(), source.get()));
  }

  /**
   * The figures now, and what they have gained since the youngest reading that is older than the
   * window; without one, since the first.
   */
  synchronized Look look() {
    Reading now = new Reading(nanoTime.getAsLong(), source.get());
    Reading base = readings.removeFirst();
    while (!readings.isEmpty() && readings.getFirst().isOlderThan(WINDOW, now.nanos)) {
      base = readings.removeFirst();
    }
    readings.addFirst(base);
    if (readings.getLast().isOlderThan(SPACING, now.nanos)) {
      readings.addLast(now);
    }
    DatabaseStats gained = now.stats.since(base.stats);
    return new Look(
        now.stats,
        gained.lock(),
        Duration.ofNanos(now.nanos - base.nanos),
        now.stats.lock().maxWait().compareTo(base.stats.lock().maxWait()) > 0);
  }

  /** For tests. */
  synchronized int kept() {
    return readings.size();
  }
}
