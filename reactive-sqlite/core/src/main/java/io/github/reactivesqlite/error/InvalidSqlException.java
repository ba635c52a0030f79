package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * The SQL, or the way it is used, is wrong: syntax, an unknown table or column, two statements in
 * one string, transaction control, a missing parameter, a statement or value past a limit.
 *
 * <p>Nothing ran. Trying again without a change will fail again.
 */
public final class InvalidSqlException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   */
  public InvalidSqlException(String message, ErrorDetails details) {
    this(message, details, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public InvalidSqlException(String message, ErrorDetails details, @Nullable Throwable cause) {
    super(message, details, cause);
  }
}
