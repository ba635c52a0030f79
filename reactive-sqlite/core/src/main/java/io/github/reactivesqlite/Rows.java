package io.github.reactivesqlite;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The rows that a statement will give. Lazy: nothing runs before a subscription, and each
 * subscription runs the statement again. Signals arrive on the database's result scheduler.
 *
 * @param <T> the type of the mapped rows
 */
public interface Rows<T> {

  /**
   * The only row. Cancelling stops the statement.
   *
   * @return the row, or empty without one; two rows are an {@link
   *     io.github.reactivesqlite.error.IncorrectResultSizeException}
   */
  Mono<T> one();

  /**
   * The first row; the statement is stopped after it. Cancelling stops the statement.
   *
   * @return the row, or empty without one
   */
  Mono<T> first();

  /**
   * All rows. A short result is read at once and leaves the connection free, however slow the
   * subscriber is; a longer one is streamed and honours {@code request(n)}. Cancelling stops the
   * statement.
   *
   * @return the rows in the statement's order
   */
  Flux<T> all();
}
