package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * The operation had no effect, and the reason may pass: safe to try again, after a pause.
 *
 * <p>The library has already waited and retried within its own deadlines where that was exact.
 */
public abstract class TransientDatabaseException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param cause what led here, free of values and literals; null when nothing did
   */
  protected TransientDatabaseException(
      String message, ErrorDetails details, @Nullable Throwable cause) {
    super(message, details, cause);
  }
}
