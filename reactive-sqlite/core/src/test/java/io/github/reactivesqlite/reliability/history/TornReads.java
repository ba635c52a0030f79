package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.LiveRows;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.Snapshot;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Databases whose long reads see more than one state. */
final class TornReads {

  private TornReads() {}

  /** Each query of a snapshot sees the state of its own moment. */
  static ReactiveDatabase snapshots(ReactiveDatabase database) {
    Snapshot torn = database::query;
    return like(
        database,
        "withSnapshot",
        (honest, arguments) -> {
          @SuppressWarnings("unchecked")
          Function<Snapshot, Object> work = (Function<Snapshot, Object>) arguments[0];
          return work.apply(torn);
        });
  }

  /** Each part of a UNION ALL sees the state of its own moment. */
  static ReactiveDatabase streams(ReactiveDatabase database) {
    return like(
        database,
        "query",
        (honest, arguments) ->
            new TornQuery(
                Stream.of(((String) arguments[0]).split("UNION ALL"))
                    .map(sql -> new Part(sql, honest.query(sql)))
                    .toList()));
  }

  private static ReactiveDatabase like(
      ReactiveDatabase honest,
      String method,
      BiFunction<ReactiveDatabase, Object[], Object> instead) {
    return (ReactiveDatabase)
        Proxy.newProxyInstance(
            TornReads.class.getClassLoader(),
            new Class<?>[] {ReactiveDatabase.class},
            (proxy, called, arguments) ->
                called.getName().equals(method)
                    ? instead.apply(honest, arguments)
                    : called.invoke(honest, arguments));
  }

  private record Part(String sql, Query query) {

    private Part bind(String name, @Nullable Object value) {
      return sql.contains(':' + name) ? new Part(sql, query.bind(name, value)) : this;
    }
  }

  private record TornQuery(List<Part> parts) implements Query {

    @Override
    public Query bind(String name, @Nullable Object value) {
      return new TornQuery(parts.stream().map(part -> part.bind(name, value)).toList());
    }

    @Override
    public Query bind(int index, @Nullable Object value) {
      throw new UnsupportedOperationException("bind by name");
    }

    @Override
    public Query bindAll(Map<String, ? extends @Nullable Object> values) {
      throw new UnsupportedOperationException("bind by name");
    }

    @Override
    public <T> LiveRows<T> map(RowMapper<? extends T> mapper) {
      return new TornRows<>(parts.stream().<Rows<T>>map(part -> part.query().map(mapper)).toList());
    }

    @Override
    public <T> LiveRows<T> mapTo(Class<T> type) {
      return new TornRows<>(parts.stream().<Rows<T>>map(part -> part.query().mapTo(type)).toList());
    }
  }

  private record TornRows<T>(List<Rows<T>> parts) implements LiveRows<T> {

    @Override
    public Mono<T> one() {
      return parts.get(0).one();
    }

    @Override
    public Mono<T> first() {
      return parts.get(0).first();
    }

    @Override
    public Flux<T> all() {
      return Flux.fromIterable(parts).concatMap(Rows::all);
    }

    @Override
    public Flux<List<T>> live() {
      throw new UnsupportedOperationException("live");
    }

    @Override
    public Flux<List<T>> live(String... tables) {
      throw new UnsupportedOperationException("live");
    }
  }
}
