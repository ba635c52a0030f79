package io.github.reactivesqlite.reliability.history;

/** What an operation was told in the end. */
enum Answer {
  /** It took effect. */
  OK,
  /** It took no effect. */
  FAILED,
  /** It was cancelled on its way, or it was told that nobody knows. */
  UNKNOWN,
  /** Nothing: its process died before. */
  NONE
}
