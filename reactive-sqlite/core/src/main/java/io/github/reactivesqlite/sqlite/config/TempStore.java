package io.github.reactivesqlite.sqlite.config;

/**
 * Where temporary tables and the scratch space of sorts live.
 *
 * @see <a href="https://www.sqlite.org/pragma.html#pragma_temp_store">PRAGMA temp_store</a>
 */
public enum TempStore {
  /** As the driver's build of SQLite chooses. */
  DEFAULT,

  /** Files in the directory for temporary files; they hold copies of rows while they exist. */
  FILE,

  /** Memory; nothing of the database leaks to another directory. */
  MEMORY
}
