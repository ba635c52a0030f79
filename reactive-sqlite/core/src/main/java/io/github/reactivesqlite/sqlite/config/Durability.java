package io.github.reactivesqlite.sqlite.config;

/**
 * What an acknowledged write survives. Either way the file stays consistent, and either way every
 * acknowledged write survives the death of the process.
 *
 * @see <a href="https://www.sqlite.org/pragma.html#pragma_synchronous">PRAGMA synchronous</a>
 */
public enum Durability {
  /**
   * An acknowledged write survives a power failure and a crash of the operating system: each COMMIT
   * waits until the disk has the log. Group commit shares that wait among the writes of a group.
   */
  FULL,

  /**
   * Only checkpoints wait for the disk. A power failure or a crash of the operating system may take
   * the last commits back, although they were acknowledged.
   */
  NORMAL
}
