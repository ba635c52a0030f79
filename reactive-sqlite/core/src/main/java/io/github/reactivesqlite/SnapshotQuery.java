package io.github.reactivesqlite;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reading statement with its bound values, in a snapshot or a transaction. Immutable: every call
 * returns a new one, so a query can be shared and bound many times. Lazy: see {@link Rows}.
 */
public interface SnapshotQuery {

  /**
   * Binds a named parameter, written {@code :name} in the SQL. A {@code Collection} or array bound
   * to a name that stands alone in {@code IN (:name)} expands; an empty one matches nothing.
   *
   * @param name the name without the colon
   * @param value the value, of a supported type, or {@code null}
   * @return a new query
   * @throws IllegalArgumentException if the statement has no such parameter or the type is not
   *     supported
   */
  SnapshotQuery bind(String name, @Nullable Object value);

  /**
   * Binds a positional parameter: {@code bind(1, …)} is the first {@code ?}, or {@code ?1}.
   *
   * @param index the position, from 1
   * @param value the value, of a supported type, or {@code null}
   * @return a new query
   * @throws IllegalArgumentException if the statement has no such parameter or the type is not
   *     supported
   */
  SnapshotQuery bind(int index, @Nullable Object value);

  /**
   * Binds several named parameters.
   *
   * @param values the values by name
   * @return a new query
   * @throws IllegalArgumentException as {@link #bind(String, Object)} does
   */
  SnapshotQuery bindAll(Map<String, ? extends @Nullable Object> values);

  /**
   * Chooses how rows become values.
   *
   * @param mapper runs on a reader's thread (in an interactive transaction on the result scheduler)
   * @param <T> the type of the values
   * @return the rows to subscribe to
   */
  <T> Rows<T> map(RowMapper<? extends T> mapper);

  /**
   * Maps rows to a record or a scalar; see {@link RowMapper#of(Class)}.
   *
   * @param type a record class or a scalar type
   * @param <T> the type
   * @return the rows to subscribe to
   */
  <T> Rows<T> mapTo(Class<T> type);
}
