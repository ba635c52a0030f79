package io.github.reactivesqlite.sqlite.engine.connection;

import org.sqlite.SQLiteException;

/**
 * Stands in for an error of the driver in a cause chain: its class, result code and stack trace,
 * but not its message, which can quote literals, bound values (full-text queries) and paths.
 */
final class DriverFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private DriverFailure(String message, StackTraceElement[] stackTrace) {
    super(message);
    setStackTrace(stackTrace);
  }

  static DriverFailure of(Throwable original) {
    return new DriverFailure(describe(original), original.getStackTrace());
  }

  private static String describe(Throwable original) {
    String type = original.getClass().getName();
    if (original instanceof SQLiteException sqlite && sqlite.getResultCode() != null) {
      return type + " " + sqlite.getResultCode().name() + " (message left out)";
    }
    return type + " (message left out)";
  }
}
