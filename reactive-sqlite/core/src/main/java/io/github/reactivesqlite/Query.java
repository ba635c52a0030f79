package io.github.reactivesqlite;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reading statement with its bound values, on the database itself: its rows can be watched, see
 * {@link LiveRows}. Immutable: every call returns a new one, so a query can be shared and bound
 * many times. Lazy: see {@link Rows}.
 */
public interface Query extends SnapshotQuery {

  @Override
  Query bind(String name, @Nullable Object value);

  @Override
  Query bind(int index, @Nullable Object value);

  @Override
  Query bindAll(Map<String, ? extends @Nullable Object> values);

  /**
   * Chooses how rows become values.
   *
   * @param mapper runs on a reader's thread
   * @param <T> the type of the values
   * @return the rows to subscribe to
   */
  @Override
  <T> LiveRows<T> map(RowMapper<? extends T> mapper);

  @Override
  <T> LiveRows<T> mapTo(Class<T> type);
}
