package io.github.reactivesqlite.sqlite.engine.write;

/** How many rows somebody wants from a statement on the writer. */
public enum RowDemand {
  /** The only row; a second one is an error and undoes the statement. */
  ONE,
  /** The first row; others are not read. */
  FIRST,
  /** All rows, up to the cap. */
  ALL
}
