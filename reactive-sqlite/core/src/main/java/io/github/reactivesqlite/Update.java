package io.github.reactivesqlite;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A writing statement with its bound values. Immutable: every call returns a new one. Lazy: each
 * subscription writes again, as one atomic unit.
 */
public interface Update {

  /**
   * Binds a named parameter; see {@link Query#bind(String, Object)}.
   *
   * @param name the name without the colon
   * @param value the value, of a supported type, or {@code null}
   * @return a new update
   * @throws IllegalArgumentException if the statement has no such parameter or the type is not
   *     supported
   */
  Update bind(String name, @Nullable Object value);

  /**
   * Binds a positional parameter; see {@link Query#bind(int, Object)}.
   *
   * @param index the position, from 1
   * @param value the value, of a supported type, or {@code null}
   * @return a new update
   * @throws IllegalArgumentException if the statement has no such parameter or the type is not
   *     supported
   */
  Update bind(int index, @Nullable Object value);

  /**
   * Binds several named parameters.
   *
   * @param values the values by name
   * @return a new update
   * @throws IllegalArgumentException as {@link #bind(String, Object)} does
   */
  Update bindAll(Map<String, ? extends @Nullable Object> values);

  /**
   * Runs the statement. Cancelled while queued, it never runs; cancelled while its group runs, it
   * finishes and its result is dropped.
   *
   * @return the number of rows changed, after the COMMIT; 0 for DDL. Signals arrive on the result
   *     scheduler
   */
  Mono<Long> rowsUpdated();

  /**
   * Runs a statement with a {@code RETURNING} clause. Its rows are copied before the COMMIT and
   * mapped and emitted after it, on the result scheduler. {@link Rows#one()} counts them before the
   * COMMIT: two rows roll the write back.
   *
   * @param mapper maps a returned row; when it fails, the write is committed all the same
   * @param <T> the type of the values
   * @return the rows to subscribe to
   */
  <T> Rows<T> returning(RowMapper<? extends T> mapper);

  /**
   * As {@link #returning(RowMapper)}, with {@link RowMapper#of(Class)}.
   *
   * @param type a record class or a scalar type
   * @param <T> the type
   * @return the rows to subscribe to
   */
  <T> Rows<T> returning(Class<T> type);
}
