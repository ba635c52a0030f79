package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.RejectedException;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.error.TransientDatabaseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.ErrorResponse;

/**
 * An error as it is told to the outside: problem details of RFC 9457. Every sentence is written
 * here or in {@link RejectedException}; nothing is taken from a message of a library, which may
 * name a path, a table or a class.
 *
 * @param type nothing beyond the status
 * @param title the status in words
 * @param status the status
 * @param detail what happened and what to do
 */
record Problem(String type, String title, int status, String detail) {

  static Problem of(Throwable error) {
    if (error instanceof RejectedException rejected) {
      return of(status(rejected.reason()), String.valueOf(rejected.getMessage()));
    }
    if (error instanceof TransientDatabaseException) {
      return of(
          HttpStatus.SERVICE_UNAVAILABLE,
          "There is too much to do at the moment, and nothing was changed. Try again shortly.");
    }
    if (error instanceof DatabaseClosedException) {
      return of(HttpStatus.SERVICE_UNAVAILABLE, "The library is shutting down.");
    }
    if (error instanceof QueryTimeoutException || error instanceof SnapshotTimeoutException) {
      return of(HttpStatus.SERVICE_UNAVAILABLE, "This took too long and was stopped.");
    }
    if (error instanceof ConstraintViolationException constraint) {
      return of(HttpStatus.CONFLICT, conflict(constraint.kind()));
    }
    if (error instanceof CommitOutcomeUnknownException) {
      return of(
          HttpStatus.INTERNAL_SERVER_ERROR,
          "It is not known whether this was saved. Look before you send it again.");
    }
    if (causedByLimit(error)) {
      return of(HttpStatus.CONTENT_TOO_LARGE);
    }
    HttpStatus status = error instanceof ErrorResponse response ? known(response) : null;
    return of(status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status);
  }

  boolean retryable() {
    return status == HttpStatus.SERVICE_UNAVAILABLE.value();
  }

  private static Problem of(HttpStatus status) {
    return of(status, words(status));
  }

  private static Problem of(HttpStatus status, String detail) {
    return new Problem("about:blank", status.getReasonPhrase(), status.value(), detail);
  }

  private static HttpStatus status(RejectedException.Reason reason) {
    return switch (reason) {
      case INVALID -> HttpStatus.BAD_REQUEST;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case CONFLICT -> HttpStatus.CONFLICT;
    };
  }

  private static String conflict(ConstraintViolationException.Kind kind) {
    return switch (kind) {
      case FOREIGN_KEY -> "What this refers to does not exist, or not any more.";
      case UNIQUE, PRIMARY_KEY, ROWID -> "This exists already.";
      default -> "This does not fit what is stored already.";
    };
  }

  private static boolean causedByLimit(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof DataBufferLimitException) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable HttpStatus known(ErrorResponse response) {
    HttpStatusCode code = response.getStatusCode();
    return HttpStatus.resolve(code.value());
  }

  private static String words(HttpStatus status) {
    return switch (status) {
      case BAD_REQUEST -> "A value is missing, or it is not of the kind that is needed.";
      case NOT_FOUND -> "There is nothing here.";
      case METHOD_NOT_ALLOWED -> "This cannot be done here.";
      case NOT_ACCEPTABLE -> "This is not available in the format that was asked for.";
      case CONTENT_TOO_LARGE -> "This is more than the library takes.";
      case UNSUPPORTED_MEDIA_TYPE -> "Only JSON is taken.";
      case MISDIRECTED_REQUEST -> "The library does not answer under this name.";
      default ->
          status.is5xxServerError()
              ? "This went wrong here. The log of the application says more."
              : status.getReasonPhrase().toLowerCase(Locale.ROOT);
    };
  }
}
