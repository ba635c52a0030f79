package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * A query gave another number of rows than the call allows.
 *
 * <p>Narrow the query, or call the method that allows several rows. A write was rolled back.
 */
public final class IncorrectResultSizeException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  private final long expected;
  private final long actualAtLeast;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param expected the number of rows the call allows
   * @param actualAtLeast the number of rows seen
   */
  public IncorrectResultSizeException(
      String message, ErrorDetails details, long expected, long actualAtLeast) {
    this(message, details, expected, actualAtLeast, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param expected the number of rows the call allows
   * @param actualAtLeast the number of rows seen
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public IncorrectResultSizeException(
      String message,
      ErrorDetails details,
      long expected,
      long actualAtLeast,
      @Nullable Throwable cause) {
    super(message, details, cause);
    this.expected = expected;
    this.actualAtLeast = actualAtLeast;
  }

  /** How many rows the call allows. */
  public long expected() {
    return expected;
  }

  /** How many rows were seen; there may be more, since reading stopped there. */
  public long actualAtLeast() {
    return actualAtLeast;
  }
}
