package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.SnapshotQuery;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A query of a snapshot or transaction with its values. */
record BoundSnapshotQuery(Bindings bindings, Target target) implements SnapshotQuery {

  /** Where the query runs. */
  interface Target {
    /** The rows of the statement; the values are taken at each subscription. */
    <T> Rows<T> rows(BoundQuery.Statement statement, RowMapper<? extends T> mapper);
  }

  @Override
  public SnapshotQuery bind(String name, @Nullable Object value) {
    return new BoundSnapshotQuery(bindings.with(name, value), target);
  }

  @Override
  public SnapshotQuery bind(int index, @Nullable Object value) {
    return new BoundSnapshotQuery(bindings.with(index, value), target);
  }

  @Override
  public SnapshotQuery bindAll(Map<String, ? extends @Nullable Object> values) {
    return new BoundSnapshotQuery(bindings.withAll(values), target);
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
