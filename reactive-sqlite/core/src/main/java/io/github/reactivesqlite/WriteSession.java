package io.github.reactivesqlite;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The blocking-style face of the writer inside a {@link WriteUnit} or {@link ChunkUnit}. */
public interface WriteSession extends ReadSession {

  /**
   * Prepares a writing statement. Inside one unit a query sees what the unit has written.
   *
   * @param sql one writing statement
   * @return the statement, mutable and reusable with new values
   * @throws io.github.reactivesqlite.error.InvalidSqlException if the text is refused
   */
  SessionUpdate update(String sql);

  /** A writing statement of a session. */
  interface SessionUpdate {

    /**
     * Binds a named parameter; see {@link Query#bind(String, Object)}.
     *
     * @param name the name without the colon
     * @param value the value or {@code null}
     * @return this
     */
    SessionUpdate bind(String name, @Nullable Object value);

    /**
     * Binds a positional parameter, from 1.
     *
     * @param index the position
     * @param value the value or {@code null}
     * @return this
     */
    SessionUpdate bind(int index, @Nullable Object value);

    /**
     * Binds several named parameters.
     *
     * @param values the values by name
     * @return this
     */
    SessionUpdate bindAll(Map<String, ? extends @Nullable Object> values);

    /**
     * Runs the statement now.
     *
     * @return the number of rows changed; 0 for DDL
     */
    long execute();

    /**
     * Runs a statement with a {@code RETURNING} clause.
     *
     * @param mapper runs on the writer's thread
     * @param <T> the type of the values
     * @return the rows
     */
    <T> SessionRows<T> returning(RowMapper<? extends T> mapper);

    /**
     * As {@link #returning(RowMapper)}, with {@link RowMapper#of(Class)}.
     *
     * @param type a record class or a scalar type
     * @param <T> the type
     * @return the rows
     */
    <T> SessionRows<T> returning(Class<T> type);
  }
}
