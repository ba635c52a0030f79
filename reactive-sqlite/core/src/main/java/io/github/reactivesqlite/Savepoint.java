package io.github.reactivesqlite;

import reactor.core.publisher.Mono;

/** A mark inside a {@link Transaction} that work can be undone to. Savepoints nest. */
public interface Savepoint {

  /**
   * Keeps the work done since this savepoint as part of the transaction, and forgets this and later
   * savepoints. Lazy.
   *
   * @return completes when done
   */
  Mono<Void> release();

  /**
   * Undoes the work done since this savepoint, and forgets this and later savepoints. Lazy.
   *
   * @return completes when done
   */
  Mono<Void> rollback();
}
