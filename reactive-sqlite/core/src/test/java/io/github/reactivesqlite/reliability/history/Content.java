package io.github.reactivesqlite.reliability.history;

import java.util.List;
import java.util.Map;

/**
 * What the file holds in the end.
 *
 * @param entries in the order of their sequence numbers: the order of commits
 * @param counters by id
 * @param rows the versioned rows by id
 * @param owners of the unique keys: operation by key
 * @param left sum of one side
 * @param right sum of the other
 */
record Content(
    List<Entry> entries,
    Map<Long, Long> counters,
    Map<Long, Version> rows,
    Map<Long, String> owners,
    long left,
    long right) {

  /** The sum of both sides, at any time. */
  static final long BOTH_SIDES = 8_000;

  /**
   * A row that is never changed or deleted.
   *
   * @param seq 1, 2, 3, … in the order of commits
   * @param unit the operation that wrote it
   * @param n its number in the unit or stream, from 0
   * @param first number of the first entry of its chunk
   * @param size entries of its unit or chunk; 0 if unknown
   */
  record Entry(long seq, String unit, long n, long first, long size) {}

  /**
   * A versioned row.
   *
   * @param version from 0
   * @param writer the operation that made it
   */
  record Version(long version, String writer) {}
}
