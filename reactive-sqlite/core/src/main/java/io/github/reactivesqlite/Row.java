package io.github.reactivesqlite;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result, valid only while {@link RowMapper#map(Row)} runs. Columns are addressed by
 * name (case-insensitive, the first of equal names wins) or by position, starting at 1.
 *
 * <p>Every getter fails with {@link io.github.reactivesqlite.error.RowMappingException} when the
 * column does not exist or its value cannot be read as the type asked for; nothing is converted
 * silently with loss.
 */
public interface Row {

  /**
   * Returns the value as the given type.
   *
   * @param column the column's name
   * @param type a supported scalar type: a primitive or its wrapper, {@code String}, {@code
   *     byte[]}, {@code ByteBuffer}, {@code BigDecimal}, {@code BigInteger}, {@code UUID}, an enum,
   *     a {@code java.time} type, or {@code Object} for the value as it is stored
   * @param <T> the type
   * @return the value, or {@code null} for SQL NULL
   */
  <T> @Nullable T get(String column, Class<T> type);

  /**
   * Returns the value as the given type.
   *
   * @param index the column's position, from 1
   * @param type as in {@link #get(String, Class)}
   * @param <T> the type
   * @return the value, or {@code null} for SQL NULL
   */
  <T> @Nullable T get(int index, Class<T> type);

  /**
   * Returns a {@code long}; NULL is an error.
   *
   * @param column the column's name
   * @return the value
   */
  long getLong(String column);

  /**
   * Returns a {@code long}; NULL is an error.
   *
   * @param index the column's position, from 1
   * @return the value
   */
  long getLong(int index);

  /**
   * Returns an {@code int}; NULL, and a value outside its range, is an error.
   *
   * @param column the column's name
   * @return the value
   */
  int getInt(String column);

  /**
   * Returns an {@code int}; NULL, and a value outside its range, is an error.
   *
   * @param index the column's position, from 1
   * @return the value
   */
  int getInt(int index);

  /**
   * Returns a {@code double}; NULL is an error.
   *
   * @param column the column's name
   * @return the value
   */
  double getDouble(String column);

  /**
   * Returns a {@code double}; NULL is an error.
   *
   * @param index the column's position, from 1
   * @return the value
   */
  double getDouble(int index);

  /**
   * Returns a {@code boolean}, stored as 0 or 1; NULL is an error.
   *
   * @param column the column's name
   * @return the value
   */
  boolean getBoolean(String column);

  /**
   * Returns a {@code boolean}, stored as 0 or 1; NULL is an error.
   *
   * @param index the column's position, from 1
   * @return the value
   */
  boolean getBoolean(int index);

  /**
   * Returns text.
   *
   * @param column the column's name
   * @return the value, or {@code null} for SQL NULL
   */
  @Nullable String getString(String column);

  /**
   * Returns text.
   *
   * @param index the column's position, from 1
   * @return the value, or {@code null} for SQL NULL
   */
  @Nullable String getString(int index);

  /**
   * Returns bytes.
   *
   * @param column the column's name
   * @return a fresh array, or {@code null} for SQL NULL
   */
  byte @Nullable [] getBytes(String column);

  /**
   * Returns bytes.
   *
   * @param index the column's position, from 1
   * @return a fresh array, or {@code null} for SQL NULL
   */
  byte @Nullable [] getBytes(int index);

  /**
   * The names of the columns in their order. The same list instance is returned for every row of
   * one statement, so that a mapper can resolve names once.
   *
   * @return an immutable list
   */
  List<String> columns();
}
