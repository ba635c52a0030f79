package io.github.reactivesqlite;

/** The two queues in front of the writer. */
public enum Lane {
  /** Short writes that somebody waits for; all that fit are taken into each transaction. */
  INTERACTIVE,
  /** Chunks of large loads; at most one is taken into each transaction. */
  BULK
}
