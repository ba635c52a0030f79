package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * A statement that writes was run through a reader, a snapshot or a read unit.
 *
 * <p>Nothing was written. Use the write methods, whose statements run on the writer.
 */
public final class ReadOnlyViolationException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   */
  public ReadOnlyViolationException(String message, ErrorDetails details) {
    this(message, details, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public ReadOnlyViolationException(
      String message, ErrorDetails details, @Nullable Throwable cause) {
    super(message, details, cause);
  }
}
