package io.github.reactivesqlite.reliability.history;

/** What a history must keep. */
enum Rule {
  /** An acknowledged write is there. */
  NOTHING_ACKNOWLEDGED_IS_LOST,
  /** A write answered with an error is not there. */
  NOTHING_FAILED_IS_THERE,
  /** A write is there once. */
  NOTHING_IS_THERE_TWICE,
  /** A unit is there as a whole or not at all. */
  NO_UNIT_IS_PARTIAL,
  /** Units run one after another. */
  NO_UNITS_ARE_INTERLEAVED,
  /** What is there was asked for. */
  NOTHING_IS_INVENTED,
  /** A chunked stream is there from its beginning, without a gap. */
  STREAMS_ARE_PREFIXES,
  /** RETURNING rows tell what was committed. */
  RETURNED_IS_COMMITTED,
  /** Who waits for each answer sees the writes in that order. */
  PRODUCERS_KEEP_THEIR_ORDER,
  /** A write acknowledged before another was asked for comes first. */
  REAL_TIME_ORDER,
  /** A read sees what was acknowledged before it began. */
  NO_READ_IS_STALE,
  /** A read sees nothing that was asked for after it had ended. */
  NO_READ_IS_AHEAD,
  /** A read sees at least what a read that had ended before saw. */
  NO_READ_GOES_BACK,
  /** A read sees no part of a unit, and in one snapshot everything of the same moment. */
  READS_ARE_SNAPSHOTS,
  /** What a read has seen is still there. */
  NOTHING_SEEN_IS_LOST,
  /** A counter is the number of increments. */
  COUNTERS_ADD_UP,
  /** One swap only makes a version. */
  ONE_SWAP_MAKES_A_VERSION,
  /** A swap is refused only if another one was made. */
  SWAPS_ARE_REFUSED_FOR_A_REASON,
  /** A unique key has one owner. */
  ONE_CLAIM_TAKES_A_KEY,
  /** A key is refused only if a committed claim has it. */
  CLAIMS_ARE_REFUSED_FOR_A_REASON,
  /** What was made to fail fails. */
  WHAT_MUST_FAIL_FAILS,
  /** Nothing else fails. */
  NOTHING_FAILS_UNPROVOKED,
  /** A process that came to rest has answered everything. */
  EVERYTHING_IS_ANSWERED,
  /** An answer is final. */
  ANSWERED_ONCE
}
