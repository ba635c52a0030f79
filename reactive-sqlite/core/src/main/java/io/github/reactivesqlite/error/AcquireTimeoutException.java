package io.github.reactivesqlite.error;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No reader became free, or no turn on the writer came, in time.
 *
 * <p>The operation was taken out of the queue before it began. Look for long transactions,
 * snapshots and slow streams, or raise the acquire timeout.
 */
public final class AcquireTimeoutException extends TransientDatabaseException {

  private static final long serialVersionUID = 1L;

  private final Duration waited;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param waited time spent in the queue
   */
  public AcquireTimeoutException(String message, ErrorDetails details, Duration waited) {
    this(message, details, waited, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param waited time spent in the queue
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public AcquireTimeoutException(
      String message, ErrorDetails details, Duration waited, @Nullable Throwable cause) {
    super(message, details, cause);
    this.waited = Objects.requireNonNull(waited, "waited");
  }

  /** How long the operation waited in the queue. */
  public Duration waited() {
    return waited;
  }
}
