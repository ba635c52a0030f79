package io.github.reactivesqlite.reliability.history;

/** What a wrong library may do, and the rule that finds it out. */
enum Lie {
  /** Writes are acknowledged when they are asked for. */
  ACKNOWLEDGES_EARLY(Rule.NO_READ_IS_STALE),
  /** Now and then a write is acknowledged and never done. */
  FORGETS_WRITES(Rule.NOTHING_ACKNOWLEDGED_IS_LOST),
  /** Now and then a write is done and said to have failed. */
  DENIES_WRITES(Rule.NOTHING_FAILED_IS_THERE),
  /** Now and then a write is done again. */
  REPEATS_WRITES(Rule.COUNTERS_ADD_UP),
  /** A read is told what another one saw some milliseconds ago. */
  REMEMBERS_READS(Rule.NO_READ_IS_STALE),
  /** Each query of a snapshot sees the state of its own moment. */
  TEARS_SNAPSHOTS(Rule.READS_ARE_SNAPSHOTS),
  /** A stream sees the state of the moment in which it asks for its next rows. */
  TEARS_STREAMS(Rule.READS_ARE_SNAPSHOTS);

  private final Rule broken;

  Lie(Rule broken) {
    this.broken = broken;
  }

  Rule broken() {
    return broken;
  }
}
