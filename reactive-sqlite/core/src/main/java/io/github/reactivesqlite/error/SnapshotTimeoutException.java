package io.github.reactivesqlite.error;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot, a stream or a read unit stayed open too long and was ended.
 *
 * <p>An open snapshot keeps the write-ahead log from shrinking, so its age is limited, and it can
 * be ended earlier when the log reaches its own limit. Consume faster, page by key, or raise the
 * snapshot timeout.
 */
public final class SnapshotTimeoutException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  private final Duration timeout;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param timeout the limit on the age of a snapshot
   */
  public SnapshotTimeoutException(String message, ErrorDetails details, Duration timeout) {
    this(message, details, timeout, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param timeout the limit on the age of a snapshot
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public SnapshotTimeoutException(
      String message, ErrorDetails details, Duration timeout, @Nullable Throwable cause) {
    super(message, details, cause);
    this.timeout = Objects.requireNonNull(timeout, "timeout");
  }

  /** The limit on the age of a snapshot that was in force. */
  public Duration timeout() {
    return timeout;
  }
}
