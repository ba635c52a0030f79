package io.github.reactivesqlite;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The blocking-style face of a connection inside a {@link ReadUnit} or {@link WriteUnit}. Used on
 * the unit's own thread only, and only until the unit returns; any other use fails with {@code
 * IllegalStateException}.
 */
public interface ReadSession {

  /**
   * Prepares a query.
   *
   * @param sql one reading statement
   * @return the query, mutable and used at once
   * @throws io.github.reactivesqlite.error.InvalidSqlException if the text is refused
   */
  SessionQuery query(String sql);

  /** A query of a session. */
  interface SessionQuery {

    /**
     * Binds a named parameter; see {@link Query#bind(String, Object)}.
     *
     * @param name the name without the colon
     * @param value the value or {@code null}
     * @return this
     */
    SessionQuery bind(String name, @Nullable Object value);

    /**
     * Binds a positional parameter, from 1.
     *
     * @param index the position
     * @param value the value or {@code null}
     * @return this
     */
    SessionQuery bind(int index, @Nullable Object value);

    /**
     * Binds several named parameters.
     *
     * @param values the values by name
     * @return this
     */
    SessionQuery bindAll(Map<String, ? extends @Nullable Object> values);

    /**
     * Chooses how rows become values.
     *
     * @param mapper runs on the unit's thread
     * @param <T> the type of the values
     * @return the rows
     */
    <T> SessionRows<T> map(RowMapper<? extends T> mapper);

    /**
     * Maps rows to a record or a scalar; see {@link RowMapper#of(Class)}.
     *
     * @param type a record class or a scalar type
     * @param <T> the type
     * @return the rows
     */
    <T> SessionRows<T> mapTo(Class<T> type);
  }

  /**
   * Rows that are read when one of the methods is called, on the calling thread.
   *
   * @param <T> the type of the values
   */
  interface SessionRows<T> {

    /**
     * The only row.
     *
     * @return the row, or empty; two rows are an {@link
     *     io.github.reactivesqlite.error.IncorrectResultSizeException}
     */
    Optional<T> one();

    /**
     * The first row.
     *
     * @return the row, or empty
     */
    Optional<T> first();

    /**
     * All rows in a list.
     *
     * @return the rows
     */
    List<T> all();

    /**
     * Hands over row after row without keeping them.
     *
     * @param action called for each row
     */
    void forEach(Consumer<? super T> action);
  }
}
