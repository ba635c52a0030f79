package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.LiveRows;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.SnapshotQuery;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A query that runs on a reader or in the transaction around it.
 *
 * @param binds gives a query inside a transaction the same values
 */
record JoiningQuery(Joining joining, String sql, Query outside, UnaryOperator<SnapshotQuery> binds)
    implements Query {

  @Override
  public Query bind(String name, @Nullable Object value) {
    Object kept = BoundValues.kept(value);
    return with(outside.bind(name, kept), query -> query.bind(name, kept));
  }

  @Override
  public Query bind(int index, @Nullable Object value) {
    Object kept = BoundValues.kept(value);
    return with(outside.bind(index, kept), query -> query.bind(index, kept));
  }

  @Override
  public Query bindAll(Map<String, ? extends @Nullable Object> values) {
    Map<String, @Nullable Object> kept = BoundValues.kept(values);
    return with(outside.bindAll(kept), query -> query.bindAll(kept));
  }

  private Query with(Query bound, UnaryOperator<SnapshotQuery> last) {
    return new JoiningQuery(joining, sql, bound, query -> last.apply(binds.apply(query)));
  }

  @Override
  public <T> LiveRows<T> map(RowMapper<? extends T> mapper) {
    return new JoiningRows<T>(
        joining, outside.map(mapper), state -> binds.apply(state.query(sql)).map(mapper));
  }

  @Override
  public <T> LiveRows<T> mapTo(Class<T> type) {
    return new JoiningRows<>(
        joining, outside.mapTo(type), state -> binds.apply(state.query(sql)).mapTo(type));
  }
}
