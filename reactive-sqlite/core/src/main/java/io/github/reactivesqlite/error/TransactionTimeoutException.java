package io.github.reactivesqlite.error;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An interactive transaction stayed open longer than the transaction timeout and was rolled back.
 *
 * <p>All other writes wait while it is open: keep remote calls and slow work out of it, or raise
 * the timeout for this operation.
 */
public final class TransactionTimeoutException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  private final Duration timeout;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param timeout the limit in force
   */
  public TransactionTimeoutException(String message, ErrorDetails details, Duration timeout) {
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
  public TransactionTimeoutException(
      String message, ErrorDetails details, Duration timeout, @Nullable Throwable cause) {
    super(message, details, cause);
    this.timeout = Objects.requireNonNull(timeout, "timeout");
  }

  /** The limit that was in force. */
  public Duration timeout() {
    return timeout;
  }
}
