package io.github.reactivesqlite.sqlite.engine.value;

import org.jspecify.annotations.Nullable;

/**
 * A row whose values were copied from the statement, so that it outlives it: rows of {@code
 * RETURNING} and of interactive transactions. Immutable.
 */
public final class StoredRow extends RowSupport {

  private static final int ROW_BYTES = 40;
  private static final int REFERENCE_BYTES = 8;

  private final ColumnNames columns;
  private final @Nullable Object[] values;

  /**
   * Takes one row.
   *
   * @param columns the names
   * @param values one stored value per column: a {@code Long}, {@code Double}, {@code String},
   *     {@code byte[]} or {@code null}; owned by this row from now on
   */
  public StoredRow(ColumnNames columns, @Nullable Object[] values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + columns.size() + " columns");
    }
    this.columns = columns;
    this.values = values;
  }

  /**
   * Estimates from above how much heap this row holds, the names left out.
   *
   * @return bytes, at most {@code Integer.MAX_VALUE}
   */
  public int sizeInBytes() {
    long bytes = ROW_BYTES;
    for (Object value : values) {
      bytes += REFERENCE_BYTES + StorageValues.sizeOf(value);
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  @Override
  protected ColumnNames columnNames() {
    return columns;
  }

  @Override
  protected @Nullable Object value(int index) {
    return values[index - 1];
  }
}
