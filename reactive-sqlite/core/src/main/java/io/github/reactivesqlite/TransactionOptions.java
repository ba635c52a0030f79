package io.github.reactivesqlite;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link ReactiveDatabase#begin(TransactionOptions)}.
 *
 * @param label names the transaction in logs, errors and metrics; {@code null} for the view's label
 * @param timeout how long it may stay open; {@code null} for the configured transaction timeout
 */
public record TransactionOptions(@Nullable String label, @Nullable Duration timeout) {

  /**
   * Checks the timeout.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public TransactionOptions {
    if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
      throw new IllegalArgumentException("A positive time is needed, not " + timeout);
    }
  }

  /**
   * The configured defaults.
   *
   * @return the options
   */
  public static TransactionOptions ofDefaults() {
    return new TransactionOptions(null, null);
  }
}
