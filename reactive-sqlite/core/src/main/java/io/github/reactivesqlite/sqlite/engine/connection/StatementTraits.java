package io.github.reactivesqlite.sqlite.engine.connection;

/**
 * What a failing statement does to the transaction around it, found from its EXPLAIN with all its
 * trigger programs.
 */
public enum StatementTraits {
  /**
   * SQLite undoes the statement, and nothing else, when a constraint stops it: it needs no
   * savepoint.
   */
  PLAIN,
  /** {@code OR FAIL} or {@code RAISE(FAIL)}: rows stay behind, so a savepoint has to undo them. */
  LEAVES_ROWS,
  /** {@code OR ROLLBACK} or {@code RAISE(ROLLBACK)}: it ends the transaction, so it runs alone. */
  ENDS_TRANSACTION
}
