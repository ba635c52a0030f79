package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * A row, or a value in it, could not be turned into what was asked for.
 *
 * <p>The message names the column and the types. After a write with RETURNING it also says that the
 * write is committed.
 */
public final class RowMappingException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   */
  public RowMappingException(String message, ErrorDetails details) {
    this(message, details, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public RowMappingException(String message, ErrorDetails details, @Nullable Throwable cause) {
    super(message, details, cause);
  }
}
