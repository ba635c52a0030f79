package io.github.reactivesqlite;

import org.jspecify.annotations.Nullable;

/**
 * A function shipped to the writer: atomic, and part of a group commit. It holds up every other
 * write while it runs, and it runs again if the transaction it shared was rolled back: so it does
 * nothing but use its session. Anything slow, and anything outside the database, belongs before or
 * after it.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface WriteUnit<T> {

  /**
   * Writes. Runs on the writer's thread inside its own savepoint. A unit may catch the error of a
   * statement and go on when the statement was undone, as constraint violations are; after any
   * other error (a wrong type in a STRICT table, a value too big, a full disk) rows may have been
   * left behind, so the unit is rolled back and fails with that error whatever it does next.
   *
   * @param session the statements to run; valid during this call only
   * @return the result, emitted after the COMMIT; {@code null} completes empty
   * @throws Exception whatever the unit meets; the unit is rolled back and the error reaches the
   *     subscriber
   */
  @Nullable T run(WriteSession session) throws Exception;
}
