package io.github.reactivesqlite.reliability.history;

/** What a client may ask for. The names of the values said along are listed with each. */
enum Kind {
  /** {@code rows} entries in one unit; {@code expect=fail} if it is made to fail; {@code seq}. */
  WRITE,
  /** {@code items} entries in chunks; {@code committed} when it failed. */
  STREAM,
  /** Adds one to {@code counter}; {@code n} is what it became, where it was asked for. */
  INCREMENT,
  /** Makes version + 1 of {@code row} if it is at {@code version}; {@code changed} rows. */
  SWAP,
  /** Takes the unique {@code key}; refused with {@code why=UNIQUE}. */
  CLAIM,
  /**
   * {@code max} and {@code count} of the entries, {@code left} and {@code right} side, {@code max}
   * looked at {@code again}.
   */
  LOOK,
  /** {@code rows} of the unit of {@code unit}. */
  LOOK_UNIT,
  /** {@code version} and {@code writer} of {@code row}. */
  LOOK_ROW,
  /** {@code n} of {@code counter}. */
  LOOK_COUNTER;

  boolean isRead() {
    return this == LOOK || this == LOOK_UNIT || this == LOOK_ROW || this == LOOK_COUNTER;
  }
}
