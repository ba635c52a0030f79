package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.sqlite.engine.sql.TableSet;

/**
 * The tables of the main schema that a statement uses, with those of its triggers, cascades and
 * views, found from its EXPLAIN.
 *
 * @param reads what its answer depends on
 * @param writes what it may change
 * @param changesSchema whether it is DDL
 */
public record TableUse(TableSet reads, TableSet writes, boolean changesSchema) {

  /** Nothing is known. */
  public static final TableUse UNKNOWN = new TableUse(TableSet.ALL, TableSet.ALL, false);
}
