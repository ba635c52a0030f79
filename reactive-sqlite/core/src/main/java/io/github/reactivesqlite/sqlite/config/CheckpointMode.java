package io.github.reactivesqlite.sqlite.config;

/**
 * How the write-ahead log is copied into the database file.
 *
 * @see <a href="https://www.sqlite.org/pragma.html#pragma_wal_checkpoint">PRAGMA wal_checkpoint</a>
 */
public enum CheckpointMode {
  /** Copies what can be copied now; waits for nobody and holds nobody up. */
  PASSIVE,

  /**
   * Copies everything and cuts the log to nothing. Writers wait meanwhile, so it has a short
   * budget; it ends as busy when a reader keeps an old snapshot open.
   */
  TRUNCATE
}
