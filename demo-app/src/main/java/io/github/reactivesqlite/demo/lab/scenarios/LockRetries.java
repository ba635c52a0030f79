package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Trial;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How an application tried again after "database is locked".
 *
 * @param retries how many times
 * @param first the first pause
 * @param factor by which it grows
 * @param most the longest pause
 * @param jitter what is added at most
 */
record LockRetries(int retries, Duration first, double factor, Duration most, Duration jitter) {

  /** Something that may find the database locked. */
  interface Work {
    void run() throws SQLException, InterruptedException;
  }

  static final LockRetries NONE =
      new LockRetries(0, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO);

  /**
   * Runs it until it succeeds or is given up, and counts both. Nothing but locks is tried again.
   *
   * @return whether it succeeded
   */
  boolean run(Trial trial, Work work) throws SQLException, InterruptedException {
    double pause = first.toNanos();
    for (int attempt = 0; ; attempt++) {
      try {
        work.run();
        return true;
      } catch (SQLException e) {
        if (!PlainJdbc.isLock(e)) {
          throw e;
        }
        trial.tally().count(Metric.LOCK_ERRORS);
        if (attempt >= retries || trial.cancelled()) {
          return false;
        }
        trial.tally().count(Metric.RETRIES);
        long added = (long) (ThreadLocalRandom.current().nextDouble() * (double) jitter.toNanos());
        trial.pause(Duration.ofNanos((long) Math.min(pause, (double) most.toNanos()) + added));
        pause *= factor;
      }
    }
  }
}
