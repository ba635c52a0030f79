package io.github.reactivesqlite.sqlite.engine.session;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import org.jspecify.annotations.Nullable;

/**
 * Whoever runs a unit: it knows the unit's deadline and what an error means for its transaction.
 */
public interface SessionOwner {

  /** Fails when the unit may not go on: its time is over, or its transaction has gone. */
  void beforeCall();

  /** Turns an error of a statement that changed nothing into what the unit sees. */
  RuntimeException failed(SqlFailure failure, ErrorDetails details);

  /**
   * The same for a write that SQLite may not have undone: the unit must not go on, even if it
   * swallows the error.
   */
  RuntimeException failedHalfWay(SqlFailure failure, ErrorDetails details);

  /** The label of errors, or {@code null}. */
  @Nullable String label();
}
