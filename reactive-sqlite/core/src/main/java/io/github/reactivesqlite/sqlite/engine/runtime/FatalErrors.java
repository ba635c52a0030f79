package io.github.reactivesqlite.sqlite.engine.runtime;

/**
 * Errors that an application's code threw, as exceptions. Reactor's operators rethrow what they
 * take for fatal ({@link VirtualMachineError}, {@link LinkageError}) instead of signalling it, and
 * whoever waits would never be answered.
 */
public final class FatalErrors {

  private FatalErrors() {}

  /** What a subscriber is told; exceptions stay as they are. */
  public static Throwable asException(String who, Throwable thrown) {
    return thrown instanceof Error
        ? new IllegalStateException(who + " threw " + thrown.getClass().getName(), thrown)
        : thrown;
  }
}
