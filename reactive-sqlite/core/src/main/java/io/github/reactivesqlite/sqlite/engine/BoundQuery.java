package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.LiveRows;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A query of the database with its values. */
record BoundQuery(Bindings bindings, Target target) implements Query {

  /** Where the query runs. */
  interface Target {
    /**
     * The rows of the statement; the values are taken at each subscription.
     *
     * @param mapping equal for mappers that do the same
     */
    <T> LiveRows<T> rows(Statement statement, RowMapper<? extends T> mapper, Object mapping);
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
  public <T> LiveRows<T> map(RowMapper<? extends T> mapper) {
    return target.rows(bindings::bound, mapper, mapper);
  }

  @Override
  public <T> LiveRows<T> mapTo(Class<T> type) {
    return target.rows(bindings::bound, RowMapper.of(type), type);
  }
}
