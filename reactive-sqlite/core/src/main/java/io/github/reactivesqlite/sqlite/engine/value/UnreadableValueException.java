package io.github.reactivesqlite.sqlite.engine.value;

/**
 * A stored value is not a value of the type asked for. The message names the storage class, the
 * type, the reason and the remedy, never the value; the row adds the column and throws {@link
 * io.github.reactivesqlite.error.RowMappingException} instead, so this one carries no stack trace.
 */
public final class UnreadableValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableValueException(String message) {
    super(message, null, false, false);
  }
}
