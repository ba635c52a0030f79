package io.github.reactivesqlite;

import org.jspecify.annotations.Nullable;

/**
 * A function shipped to a reader: several queries that see one snapshot.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface ReadUnit<T> {

  /**
   * Reads. Runs on a reader's thread, which it occupies until it returns.
   *
   * @param session the queries to run; valid during this call only
   * @return the result; {@code null} completes empty
   * @throws Exception whatever the unit meets; it reaches the subscriber
   */
  @Nullable T run(ReadSession session) throws Exception;
}
