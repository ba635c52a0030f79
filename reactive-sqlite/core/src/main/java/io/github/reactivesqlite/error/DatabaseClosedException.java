package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * The database is closed or closing, and the operation was refused or ended.
 *
 * <p>A write that ended this way was not committed. Open the database again to go on.
 */
public final class DatabaseClosedException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   */
  public DatabaseClosedException(String message, ErrorDetails details) {
    this(message, details, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public DatabaseClosedException(String message, ErrorDetails details, @Nullable Throwable cause) {
    super(message, details, cause);
  }
}
