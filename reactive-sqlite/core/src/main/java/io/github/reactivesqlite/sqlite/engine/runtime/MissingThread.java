package io.github.reactivesqlite.sqlite.engine.runtime;

import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.ErrorDetails;
import java.time.Duration;

/**
 * What a caller is told when the system gives no thread to run its operation. It may give one
 * later, so nothing that was tried may keep a later operation from trying again.
 */
public final class MissingThread {

  private MissingThread() {}

  /** The error of an operation that waited so long for nothing. */
  public static AcquireTimeoutException error(
      String what, ErrorDetails details, long waitedNanos, Throwable cause) {
    return new AcquireTimeoutException(
        "No thread could be started, so the "
            + what
            + " was not run: the system refused one, or memory is short. Repeat it after a pause;"
            + " raise the limits on threads (ulimit -u, pids.max) and memory, or run fewer threads",
        details,
        Duration.ofNanos(Math.max(0, waitedNanos)),
        cause);
  }
}
