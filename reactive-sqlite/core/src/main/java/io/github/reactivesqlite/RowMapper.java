package io.github.reactivesqlite;

import org.jspecify.annotations.Nullable;

/**
 * Turns one row into a value. A mapper must not keep the row, must not block for long, and may run
 * on several threads at once: on a reader's thread for queries, on the result scheduler for rows of
 * {@code RETURNING} and of interactive transactions. It may run again for the same row: a long
 * result begins anew when it has to wait for a reader, and what was mapped before is discarded.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface RowMapper<T> {

  /**
   * Maps one row. An exception thrown here reaches the subscriber as {@link
   * io.github.reactivesqlite.error.RowMappingException}.
   *
   * @param row the row, valid during this call only
   * @return the value; {@code null} means no value: {@link Rows#one()} and {@link Rows#first()}
   *     complete empty, {@link Rows#all()} fails
   * @throws Exception whatever the mapper meets
   */
  @Nullable T map(Row row) throws Exception;

  /**
   * A mapper for a record, whose components are matched with columns by name ({@code createdAt}
   * matches {@code createdAt} and {@code created_at}), or for a scalar type, which reads the only
   * column.
   *
   * @param type a record class, or a type that {@link Row#get(int, Class)} supports
   * @param <T> the type
   * @return a mapper that is safe to share
   * @throws IllegalArgumentException if the type is neither
   */
  static <T> RowMapper<T> of(Class<T> type) {
    return RecordMapper.forType(type);
  }
}
