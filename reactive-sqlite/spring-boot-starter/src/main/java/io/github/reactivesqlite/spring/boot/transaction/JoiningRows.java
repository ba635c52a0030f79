package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.LiveRows;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.Snapshot;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows of a reader, or of the state that the transaction around them sees. */
record JoiningRows<T>(
    Joining joining, LiveRows<T> outside, Function<Snapshot, ? extends Rows<T>> inside)
    implements LiveRows<T> {

  private static final String OPERATION = "SELECT";

  @Override
  public Mono<T> one() {
    return joining.one(OPERATION, scope -> in(scope).one());
  }

  @Override
  public Mono<T> first() {
    return joining.one(OPERATION, scope -> in(scope).first());
  }

  @Override
  public Flux<T> all() {
    return joining.many(OPERATION, scope -> in(scope).all());
  }

  private Rows<T> in(@Nullable Scope scope) {
    Snapshot state = Joining.stateOf(scope);
    return state == null ? outside : inside.apply(state);
  }

  @Override
  public Flux<List<T>> live() {
    return joining.live(outside.live(), "live()");
  }

  @Override
  public Flux<List<T>> live(String... tables) {
    return joining.live(outside.live(tables), "live()");
  }
}
