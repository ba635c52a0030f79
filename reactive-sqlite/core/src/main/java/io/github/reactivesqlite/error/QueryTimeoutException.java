package io.github.reactivesqlite.error;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The statement or unit ran longer than the execution timeout and was stopped; a write was rolled
 * back.
 *
 * <p>Usually an index is missing or too many rows are read at once. Raise the execution timeout for
 * work that is meant to be long.
 */
public final class QueryTimeoutException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  private final Duration timeout;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param timeout the limit in force
   */
  public QueryTimeoutException(String message, ErrorDetails details, Duration timeout) {
    this(message, details, timeout, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param timeout the limit in force
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public QueryTimeoutException(
      String message, ErrorDetails details, Duration timeout, @Nullable Throwable cause) {
    super(message, details, cause);
    this.timeout = Objects.requireNonNull(timeout, "timeout");
  }

  /** The limit that was in force. */
  public Duration timeout() {
    return timeout;
  }
}
