package io.github.reactivesqlite;

/**
 * One unchanging state of the database. Its queries may run one after another or concurrently; they
 * all see the same state. It ends with the {@link ReactiveDatabase#withSnapshot} that gave it.
 */
public interface Snapshot {

  /**
   * Prepares a query that reads this state. Lazy, as every {@link Rows} is.
   *
   * @param sql one reading statement
   * @return an immutable query
   * @throws io.github.reactivesqlite.error.InvalidSqlException if the text is refused
   * @throws io.github.reactivesqlite.error.ReadOnlyViolationException if the statement writes
   */
  SnapshotQuery query(String sql);
}
