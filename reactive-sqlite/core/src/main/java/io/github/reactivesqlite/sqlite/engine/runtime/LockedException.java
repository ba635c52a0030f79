package io.github.reactivesqlite.sqlite.engine.runtime;

/** Says inside the engine that the file's lock is held by somebody else: nothing has run. */
public final class LockedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;

  /** With the extended result code that was met. */
  public LockedException(int code) {
    super("database is locked (" + code + ")", null, false, false);
    this.code = code;
  }

  /** The extended result code. */
  public int code() {
    return code;
  }
}
