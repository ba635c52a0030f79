package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.sqlite.engine.write.OpenTransaction;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Marks a pipeline inside {@code withTransaction} in its Reactor Context, only to notice a write
 * through the database that would wait for the transaction around it.
 *
 * @param engine the database the mark belongs to
 */
record OpenTransactions(Object engine) {

  private record Key(Object engine) {}

  private Key key() {
    return new Key(engine);
  }

  /** The work with the mark in its context. */
  <T> Mono<T> mark(Mono<T> work, OpenTransaction open) {
    return work.contextWrite(context -> context.put(key(), open));
  }

  /** Fails a write that is composed inside a transaction of the same database. */
  <T> Mono<T> guard(Mono<T> write) {
    return Mono.deferContextual(
        context -> {
          rejectInside(context);
          return write;
        });
  }

  /** Fails inside an open transaction of the same database. */
  void rejectInside(ContextView context) {
    OpenTransaction open = context.getOrDefault(key(), null);
    if (open != null && open.isOpen()) {
      throw new IllegalStateException(
          "A write through the database was composed inside withTransaction: it would wait for the"
              + " transaction that waits for it. Use the transaction that was handed to the work");
    }
  }
}
