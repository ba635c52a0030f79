package io.github.reactivesqlite.error;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Root of everything the database answers with when it cannot do what was asked.
 *
 * <p>{@link #getMessage()} says what happened, why, and what to do; it holds no bound value, no SQL
 * literal and no SQL text. {@link #toString()}, which stack traces print, adds label, code and SQL
 * template.
 */
public abstract class DatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorDetails details;

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template; {@link ErrorDetails#NONE} when nothing is known
   * @param cause what led here, free of values and literals; null when nothing did
   */
  protected DatabaseException(String message, ErrorDetails details, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.details = Objects.requireNonNull(details, "details");
  }

  /** Name the caller gave to the operation that failed. */
  public final Optional<String> label() {
    return Optional.ofNullable(details.label());
  }

  /** Template of the statement that failed: literals masked, no bound value. */
  public final Optional<String> sql() {
    return Optional.ofNullable(details.sql());
  }

  /**
   * Extended result code of the engine, 0 when the engine was not the one that failed.
   *
   * @see <a href="https://www.sqlite.org/rescode.html">Result codes</a>
   */
  public final int code() {
    return details.code();
  }

  /** Code, label and SQL template in one value. */
  public final ErrorDetails details() {
    return details;
  }

  /**
   * Whether the operation had no effect and may succeed when tried again; true exactly for {@link
   * TransientDatabaseException}.
   */
  public final boolean isTransient() {
    return this instanceof TransientDatabaseException;
  }

  /** Class, message and, where known, label, code and SQL template. */
  // Not in getMessage(): messages are shown to users, and no SQL belongs there.
  @SuppressWarnings("OverrideThrowableToString")
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(super.toString());
    String separator = " [";
    if (details.label() != null) {
      text.append(separator).append("label: ").append(details.label());
      separator = ", ";
    }
    if (details.code() != 0) {
      text.append(separator).append("code: ").append(details.code());
      separator = ", ";
    }
    if (details.sql() != null) {
      text.append(separator).append("sql: ").append(details.sql());
      separator = ", ";
    }
    return separator.equals(", ") ? text.append(']').toString() : text.toString();
  }
}
