package io.github.reactivesqlite;

import org.jspecify.annotations.Nullable;

/** Takes the values of one item of a {@link Batch}. Valid only while the binder runs. */
public interface Parameters {

  /**
   * Binds a named parameter.
   *
   * @param name the name without the colon
   * @param value the value, of a supported type (collections are not expanded), or {@code null}
   * @return this
   */
  Parameters bind(String name, @Nullable Object value);

  /**
   * Binds a positional parameter.
   *
   * @param index the position, from 1
   * @param value the value, of a supported type, or {@code null}
   * @return this
   */
  Parameters bind(int index, @Nullable Object value);
}
