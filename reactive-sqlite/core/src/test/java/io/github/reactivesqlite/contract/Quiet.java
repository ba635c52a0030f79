package io.github.reactivesqlite.contract;

import io.github.reactivesqlite.DatabaseStats;

/** Whether a database has nothing left to do. */
public final class Quiet {

  private Quiet() {}

  /** Nothing waits, and no reader is at work or held. */
  public static boolean is(DatabaseStats stats) {
    return stats.reads().queued() == 0
        && stats.reads().active() == 0
        && stats.writes().queuedInteractive() == 0
        && stats.writes().queuedBulk() == 0;
  }
}
