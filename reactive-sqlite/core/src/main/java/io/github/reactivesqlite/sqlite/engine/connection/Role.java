package io.github.reactivesqlite.sqlite.engine.connection;

/** What a connection is for. */
public enum Role {
  /** The one that writes; opened first and closed last. */
  WRITER,

  /** Reads only: opened read-only, and with {@code query_only}. */
  READER,

  /** Checkpoints and schedules. */
  MAINTENANCE,

  /** Source of a backup, and integrity checks; opened read-only. */
  BACKUP;

  boolean writes() {
    return this == WRITER || this == MAINTENANCE;
  }

  /** Whether it gets the configured cache and memory map, or the small ones of SQLite. */
  boolean serves() {
    return this == WRITER || this == READER;
  }
}
