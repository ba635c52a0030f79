package io.github.reactivesqlite.sqlite.engine.value;

import io.github.reactivesqlite.Row;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.RowMappingException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All getters of a {@link Row}, over two things a subclass has: the names and the stored values.
 *
 * <p>A subclass that reads from SQLite itself overrides {@link #storageClass(int)} and the fast
 * paths, so that no value is boxed on its way. A fast path is called only for a value of its
 * storage class; everything else goes through {@link #value(int)} and is converted exactly or
 * refused. Positions are checked before any of these methods is called.
 *
 * <p>Used by one thread at a time.
 */
public abstract class RowSupport implements Row {

  /** What {@link #storageClass(int)} says of an INTEGER; the numbers are SQLite's own. */
  protected static final int INTEGER = 1;

  /** What {@link #storageClass(int)} says of a REAL. */
  protected static final int REAL = 2;

  /** What {@link #storageClass(int)} says of a TEXT. */
  protected static final int TEXT = 3;

  /** What {@link #storageClass(int)} says of a BLOB. */
  protected static final int BLOB = 4;

  /** What {@link #storageClass(int)} says of NULL. */
  protected static final int NULL = 5;

  /** For subclasses. */
  protected RowSupport() {}

  /**
   * The columns, the same instance for all rows of one statement.
   *
   * @return the names
   */
  protected abstract ColumnNames columnNames();

  /**
   * The stored value. Not called with a position outside the row.
   *
   * @param index the position, from 1
   * @return a {@code Long}, {@code Double}, {@code String}, {@code byte[]} (copied before a user
   *     sees it) or {@code null}
   */
  protected abstract @Nullable Object value(int index);

  /**
   * What the errors of this row carry: label and SQL template of its statement.
   *
   * @return the details; {@link ErrorDetails#NONE} unless overridden
   */
  protected ErrorDetails errorDetails() {
    return ErrorDetails.NONE;
  }

  /**
   * The storage class of a value, by the <a
   * href="https://www.sqlite.org/c3ref/c_blob.html">numbers</a> of SQLite.
   *
   * @param index the position, from 1
   * @return {@link #INTEGER}, {@link #REAL}, {@link #TEXT}, {@link #BLOB} or {@link #NULL}
   */
  protected int storageClass(int index) {
    Object value = value(index);
    if (value == null) {
      return NULL;
    }
    if (value instanceof Long) {
      return INTEGER;
    }
    if (value instanceof Double) {
      return REAL;
    }
    return value instanceof String ? TEXT : BLOB;
  }

  /**
   * Fast path for an INTEGER.
   *
   * @param index the position, from 1, of an INTEGER
   * @return the value
   */
  protected long longValue(int index) {
    return (Long) stored(index);
  }

  /**
   * Fast path for a REAL.
   *
   * @param index the position, from 1, of a REAL
   * @return the value
   */
  protected double doubleValue(int index) {
    return (Double) stored(index);
  }

  /**
   * Fast path for a TEXT.
   *
   * @param index the position, from 1, of a TEXT
   * @return the value; {@code null} is taken for NULL
   */
  protected @Nullable String stringValue(int index) {
    return (String) stored(index);
  }

  /**
   * Fast path for a BLOB.
   *
   * @param index the position, from 1, of a BLOB
   * @return a fresh array; {@code null} is taken for NULL
   */
  protected byte @Nullable [] bytesValue(int index) {
    return ((byte[]) stored(index)).clone();
  }

  @Override
  public final <T> @Nullable T get(String column, Class<T> type) {
    return read(position(column), type);
  }

  @Override
  public final <T> @Nullable T get(int index, Class<T> type) {
    return read(checked(index), type);
  }

  @Override
  public final long getLong(String column) {
    return readLong(position(column));
  }

  @Override
  public final long getLong(int index) {
    return readLong(checked(index));
  }

  @Override
  public final int getInt(String column) {
    return readInt(position(column));
  }

  @Override
  public final int getInt(int index) {
    return readInt(checked(index));
  }

  @Override
  public final double getDouble(String column) {
    return readDouble(position(column));
  }

  @Override
  public final double getDouble(int index) {
    return readDouble(checked(index));
  }

  @Override
  public final boolean getBoolean(String column) {
    return readBoolean(position(column));
  }

  @Override
  public final boolean getBoolean(int index) {
    return readBoolean(checked(index));
  }

  @Override
  public final @Nullable String getString(String column) {
    return readString(position(column));
  }

  @Override
  public final @Nullable String getString(int index) {
    return readString(checked(index));
  }

  @Override
  public final byte @Nullable [] getBytes(String column) {
    return readBytes(position(column));
  }

  @Override
  public final byte @Nullable [] getBytes(int index) {
    return readBytes(checked(index));
  }

  @Override
  public List<String> columns() {
    return columnNames().asList();
  }

  private int position(String column) {
    int index = columnNames().indexOf(Objects.requireNonNull(column, "column"));
    if (index < 1) {
      throw failure(
          "there is no column "
              + column
              + "; the row has "
              + columnNames().describe()
              + ": select it, or alias");
    }
    return index;
  }

  private int checked(int index) {
    int columns = columnNames().size();
    if (index < 1 || index > columns) {
      throw failure("there is no column number " + index + "; the row has columns 1 to " + columns);
    }
    return index;
  }

  private <T> @Nullable T read(int index, Class<T> type) {
    T value = convert(index, Objects.requireNonNull(type, "type"));
    if (value == null && type.isPrimitive()) {
      throw nullFailure(index, type);
    }
    return value;
  }

  private long readLong(int index) {
    return storageClass(index) == INTEGER
        ? longValue(index)
        : require(index, Long.class, long.class);
  }

  private int readInt(int index) {
    if (storageClass(index) == INTEGER) {
      long value = longValue(index);
      if (value == (int) value) {
        return (int) value;
      }
    }
    return require(index, Integer.class, int.class);
  }

  private double readDouble(int index) {
    return storageClass(index) == REAL
        ? doubleValue(index)
        : require(index, Double.class, double.class);
  }

  private boolean readBoolean(int index) {
    return require(index, Boolean.class, boolean.class);
  }

  private @Nullable String readString(int index) {
    return storageClass(index) == TEXT ? stringValue(index) : convert(index, String.class);
  }

  private byte @Nullable [] readBytes(int index) {
    return storageClass(index) == BLOB ? bytesValue(index) : convert(index, byte[].class);
  }

  /** Reads what must not be NULL. */
  private <T> T require(int index, Class<T> wrapper, Class<T> primitive) {
    T value = convert(index, wrapper);
    if (value == null) {
      throw nullFailure(index, primitive);
    }
    return value;
  }

  private <T> @Nullable T convert(int index, Class<T> type) {
    Object storage = value(index);
    try {
      return StorageValues.fromStorage(storage, type);
    } catch (UnreadableValueException | IllegalArgumentException e) {
      // Not as a cause: the message says it all.
      throw failure(columnNames().describe(index) + ": " + e.getMessage());
    }
  }

  private Object stored(int index) {
    return Objects.requireNonNull(value(index));
  }

  private RowMappingException nullFailure(int index, Class<?> type) {
    return failure(
        columnNames().describe(index)
            + ": cannot read NULL as "
            + type.getTypeName()
            + ": read it as the wrapper type, or use COALESCE in the SQL");
  }

  private RowMappingException failure(String message) {
    return new RowMappingException(message, errorDetails());
  }
}
