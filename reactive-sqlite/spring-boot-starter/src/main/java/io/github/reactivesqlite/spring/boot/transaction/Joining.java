package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.spring.boot.observation.DatabaseObservations;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.transaction.IllegalTransactionStateException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends each operation of a view to where it belongs: the transaction around it, or nowhere. */
record Joining(
    Scopes scopes, DatabaseObservations observations, UnaryOperator<Flux<Object>> liveUntil) {

  /** An operation with one answer. */
  <T> Mono<T> one(String operation, Scopes.Work<? extends Mono<T>> work) {
    return observations.one(operation, scopes.mono(work));
  }

  /** An operation with many answers. */
  <T> Flux<T> many(String operation, Scopes.Work<? extends Publisher<T>> work) {
    return observations.many(operation, scopes.flux(work));
  }

  /** A write, alone or in the transaction around it. */
  <T> Mono<T> write(
      String operation, Mono<T> alone, Function<? super Transaction, Mono<T>> joined) {
    return one(operation, scope -> writing(scope, alone, joined));
  }

  static <T> Mono<T> writing(
      @Nullable Scope scope, Mono<T> alone, Function<? super Transaction, Mono<T>> joined) {
    RuntimeException refusal = refusalToWrite(scope);
    if (refusal != null) {
      return Mono.error(refusal);
    }
    return scope instanceof Scope.Write write ? joined.apply(write.transaction()) : alone;
  }

  /** Why the scope takes no write; null if it does. */
  static @Nullable RuntimeException refusalToWrite(@Nullable Scope scope) {
    if (scope instanceof Scope.Read) {
      return new ReadOnlyViolationException(
          "A write was composed inside a read-only transaction; nothing was written. Take readOnly"
              + " from the outermost @Transactional, or write after it has ended",
          ErrorDetails.NONE);
    }
    if (scope instanceof Scope.Suspended suspended && Scope.holdsWriterBehind(suspended)) {
      return new IllegalTransactionStateException(
          "A write was composed outside of the suspended transaction that holds the writer until it"
              + " ends, so it would wait for itself. Join the transaction (REQUIRED), or write"
              + " after it has ended");
    }
    return null;
  }

  /** The state that queries inside the scope see; null for the last commit. */
  static @Nullable Snapshot stateOf(@Nullable Scope scope) {
    if (scope instanceof Scope.Write write) {
      return write.transaction();
    }
    return scope instanceof Scope.Read read ? read.snapshot() : null;
  }

  /** What commits by itself has no place in a transaction. */
  <T> Mono<T> alone(String operation, Mono<T> work, String what) {
    return one(
        operation,
        scope -> {
          RuntimeException refusal = refusalToCommit(scope, what);
          return refusal == null ? work : Mono.error(refusal);
        });
  }

  /** The same with many answers. */
  <T> Flux<T> alone(String operation, Flux<T> work, String what) {
    return many(
        operation,
        scope -> {
          RuntimeException refusal = refusalToCommit(scope, what);
          return refusal == null ? work : Flux.error(refusal);
        });
  }

  private static @Nullable RuntimeException refusalToCommit(@Nullable Scope scope, String what) {
    return scope instanceof Scope.Write
        ? new IllegalStateException(
            what
                + " commits by itself, so it cannot be part of the transaction around it. Use"
                + " write(unit) here, or call it outside of @Transactional")
        : refusalToWrite(scope);
  }

  /** What never ends by itself. */
  @SuppressWarnings("unchecked")
  <T> Flux<T> live(Flux<T> answers, String what) {
    Flux<T> bounded = (Flux<T>) liveUntil.apply((Flux<Object>) answers);
    return scopes.flux(
        scope ->
            stateOf(scope) == null
                ? bounded
                : Flux.<T>error(
                    new IllegalStateException(
                        what
                            + " never ends, so the transaction around it would never end either."
                            + " Call it outside of @Transactional")));
  }
}
