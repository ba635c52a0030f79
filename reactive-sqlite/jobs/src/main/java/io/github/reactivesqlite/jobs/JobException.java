package io.github.reactivesqlite.jobs;

/** What goes wrong with jobs, apart from the database's own errors. Carries no payload. */
public class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JobException(String message) {
    super(message);
  }

  JobException(String message, Throwable cause) {
    super(message, cause);
  }
}
