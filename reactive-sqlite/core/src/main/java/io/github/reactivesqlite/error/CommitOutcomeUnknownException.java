package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * COMMIT was sent, and whether it took effect is not known: the write may have been committed.
 *
 * <p>Do not repeat it blindly. Check by an idempotency key or by reading what it should have
 * written.
 */
public final class CommitOutcomeUnknownException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   */
  public CommitOutcomeUnknownException(String message, ErrorDetails details) {
    this(message, details, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public CommitOutcomeUnknownException(
      String message, ErrorDetails details, @Nullable Throwable cause) {
    super(message, details, cause);
  }
}
