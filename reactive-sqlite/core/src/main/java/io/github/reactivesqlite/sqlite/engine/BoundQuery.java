package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A query with its values; where it runs is up to whoever made it. */
record BoundQuery(Bindings bindings, Target target) implements Query {

  /** Where a query runs. */
  interface Target {
    /** The rows of the statement; the values are taken at each subscription. */
    <T> Rows<T> rows(Statement statement, RowMapper<? extends T> mapper);
  }

  /** Gives the bound statement at subscription. */
  @FunctionalInterface
  interface Statement {
    /** Fails when a value is missing. */
    BoundSql bound();
  }

  @Override
  public Query bind(String name, @Nullable Object value) {
    return new BoundQuery(bindings.with(name, value), target);
  }

  @Override
  public Query bind(int index, @Nullable Object value) {
    return new BoundQuery(bindings.with(index, value), target);
  }

  @Override
  public Query bindAll(Map<String, ? extends @Nullable Object> values) {
    return new BoundQuery(bindings.withAll(values), target);
  }

  @Override
  public <T> Rows<T> map(RowMapper<? extends T> mapper) {
    return target.rows(bindings::bound, mapper);
  }

  @Override
  public <T> Rows<T> mapTo(Class<T> type) {
    return map(RowMapper.of(type));
  }
}
