package io.github.reactivesqlite.error;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Another connection, usually of another process, held the lock of the file past the deadline.
 *
 * <p>Nothing was written. Try again later, raise the lock timeout, or find out which process keeps
 * its write transactions open for long.
 */
public final class DatabaseBusyException extends TransientDatabaseException {

  private static final long serialVersionUID = 1L;

  private final Duration waited;
  private final long attempts;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param waited time spent waiting for the lock
   * @param attempts number of times the lock was asked for, at least 1
   */
  public DatabaseBusyException(
      String message, ErrorDetails details, Duration waited, long attempts) {
    this(message, details, waited, attempts, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param waited time spent waiting for the lock
   * @param attempts number of times the lock was asked for, at least 1
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public DatabaseBusyException(
      String message,
      ErrorDetails details,
      Duration waited,
      long attempts,
      @Nullable Throwable cause) {
    super(message, details, cause);
    this.waited = Objects.requireNonNull(waited, "waited");
    this.attempts = attempts;
  }

  /** How long the operation waited for the lock. */
  public Duration waited() {
    return waited;
  }

  /** How many times the lock was asked for. */
  public long attempts() {
    return attempts;
  }
}
