package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.Update;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A write that is a unit of its own or a statement of the transaction around it.
 *
 * @param binds gives an update inside a transaction the same values
 */
record JoiningUpdate(Joining joining, String sql, Update outside, UnaryOperator<Update> binds)
    implements Update {

  @Override
  public Update bind(String name, @Nullable Object value) {
    Object kept = BoundValues.kept(value);
    return with(outside.bind(name, kept), update -> update.bind(name, kept));
  }

  @Override
  public Update bind(int index, @Nullable Object value) {
    Object kept = BoundValues.kept(value);
    return with(outside.bind(index, kept), update -> update.bind(index, kept));
  }

  @Override
  public Update bindAll(Map<String, ? extends @Nullable Object> values) {
    Map<String, @Nullable Object> kept = BoundValues.kept(values);
    return with(outside.bindAll(kept), update -> update.bindAll(kept));
  }

  private Update with(Update bound, UnaryOperator<Update> last) {
    return new JoiningUpdate(joining, sql, bound, update -> last.apply(binds.apply(update)));
  }

  private Update in(Transaction transaction) {
    return binds.apply(transaction.update(sql));
  }

  @Override
  public Mono<Long> rowsUpdated() {
    return joining.write(
        operation(), outside.rowsUpdated(), transaction -> in(transaction).rowsUpdated());
  }

  @Override
  public <T> Rows<T> returning(RowMapper<? extends T> mapper) {
    return new Returned<T>(
        this, outside.returning(mapper), transaction -> in(transaction).returning(mapper));
  }

  @Override
  public <T> Rows<T> returning(Class<T> type) {
    return new Returned<>(
        this, outside.returning(type), transaction -> in(transaction).returning(type));
  }

  private String operation() {
    return OperationName.of(sql);
  }

  private record Returned<T>(
      JoiningUpdate update, Rows<T> outside, Function<Transaction, Rows<T>> inside)
      implements Rows<T> {

    @Override
    public Mono<T> one() {
      return update.joining.write(
          update.operation(), outside.one(), transaction -> inside.apply(transaction).one());
    }

    @Override
    public Mono<T> first() {
      return update.joining.write(
          update.operation(), outside.first(), transaction -> inside.apply(transaction).first());
    }

    @Override
    public Flux<T> all() {
      return update.joining.many(
          update.operation(),
          scope -> {
            RuntimeException refusal = Joining.refusalToWrite(scope);
            if (refusal != null) {
              return Flux.error(refusal);
            }
            return scope instanceof Scope.Write write
                ? inside.apply(write.transaction()).all()
                : outside.all();
          });
    }
  }
}
