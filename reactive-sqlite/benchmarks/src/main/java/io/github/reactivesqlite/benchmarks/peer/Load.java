package io.github.reactivesqlite.benchmarks.peer;

/**
 * What a peer is about to do, so that each gets the pool that suits it best. Pools of one writing
 * connection beat larger ones: SQLite writes one transaction at a time, and connections that wait
 * for its lock sleep.
 */
public enum Load {
  /** Only writes. */
  WRITES,
  /** Only reads. */
  READS,
  /** Both. */
  MIXED;

  /** How many pooled connections serve it best. */
  public int connections() {
    return this == WRITES ? 1 : Math.max(2, Runtime.getRuntime().availableProcessors());
  }
}
