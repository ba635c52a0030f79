package io.github.reactivesqlite.sqlite.engine.value;

/** Reads one type. */
@FunctionalInterface
interface Decoder {

  /**
   * Reads a stored value.
   *
   * @param storage a {@code Long}, {@code Double}, {@code String} or {@code byte[]}
   * @return the value
   * @throws UnreadableValueException if it is not exactly a value of the type
   */
  Object decode(Object storage);
}
