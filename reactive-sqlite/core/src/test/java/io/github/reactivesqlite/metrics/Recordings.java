package io.github.reactivesqlite.metrics;

import io.github.reactivesqlite.Lane;

/** Recordings that several tests make. */
final class Recordings {

  private Recordings() {}

  /** Something for every meter: six lock attempts, four of them successes, and so on. */
  static void ofEveryKind(DatabaseMetrics metrics) {
    metrics.lockAcquiredAtOnce(3);
    metrics.lockAcquired("save", Lane.INTERACTIVE, 1_000, 1);
    metrics.lockFailed(null, Lane.BULK, 2_000, 2);
    metrics.lockAbandoned("save", Lane.BULK, 3_000, 3);
    metrics.queueWait("save", Lane.INTERACTIVE, 10);
    metrics.hold("save", Lane.BULK, 20);
    metrics.groupCommitted(4, 30);
    metrics.unitsCommitted(4);
    metrics.unitFailed();
    metrics.cancelledQueued();
    metrics.cancelledAfterCommit();
    metrics.itemsDiscarded(9);
    metrics.readCompleted();
    metrics.readFailed();
    metrics.readCancelled();
    metrics.readerReplaced();
    metrics.checkpoint("PASSIVE", 40, false);
    metrics.checkpoint("TRUNCATE", 50, true);
    metrics.pinStarted("report").end();
    metrics.operation("SELECT", "save", 60, null);
    metrics.operation("INSERT", null, 70, "ConstraintViolationException");
  }
}
