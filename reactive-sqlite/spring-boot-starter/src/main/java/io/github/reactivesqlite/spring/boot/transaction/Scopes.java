package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds what the transaction in the Reactor Context has open on a database.
 *
 * @param database the key
 */
record Scopes(SqliteDatabase database) {

  /** Work that depends on the scope; null outside of transactions. */
  @FunctionalInterface
  interface Work<P> {
    P in(@Nullable Scope scope);
  }

  <T> Mono<T> mono(Work<? extends Mono<T>> work) {
    return around(scope -> Mono.defer(() -> work.in(scope.orElse(null))));
  }

  <T> Flux<T> flux(Work<? extends Publisher<T>> work) {
    return Flux.deferContextual(
        context ->
            context.isEmpty()
                ? Flux.from(work.in(null))
                : current().flatMapMany(scope -> work.in(scope.orElse(null))));
  }

  private <T> Mono<T> around(Function<Optional<Scope>, Mono<T>> work) {
    return Mono.deferContextual(
        context -> context.isEmpty() ? work.apply(Optional.empty()) : current().flatMap(work));
  }

  private Mono<Optional<Scope>> current() {
    return TransactionSynchronizationManager.forCurrentTransaction()
        .map(manager -> Optional.ofNullable(of(manager)))
        .onErrorReturn(NoTransactionException.class, Optional.empty());
  }

  /** What Spring runs after the end finds that transaction still bound; it is outside of it. */
  @Nullable Scope of(TransactionSynchronizationManager manager) {
    Scope bound = (Scope) manager.getResource(database);
    return bound != null && bound.isOver() ? bound.outer() : bound;
  }

  /** Replaces what is bound. */
  void bind(TransactionSynchronizationManager manager, @Nullable Scope scope) {
    manager.unbindResourceIfPossible(database);
    if (scope != null) {
      manager.bindResource(database, scope);
    }
  }
}
