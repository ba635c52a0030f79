package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * The transaction read a snapshot that another commit has since replaced, so it cannot write.
 *
 * <p>It was rolled back. Repeating the statement can never help: run the whole transaction again.
 */
public final class TransactionConflictException extends TransientDatabaseException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   */
  public TransactionConflictException(String message, ErrorDetails details) {
    this(message, details, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public TransactionConflictException(
      String message, ErrorDetails details, @Nullable Throwable cause) {
    super(message, details, cause);
  }
}
