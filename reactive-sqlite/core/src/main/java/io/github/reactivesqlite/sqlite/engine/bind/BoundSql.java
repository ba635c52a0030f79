package io.github.reactivesqlite.sqlite.engine.bind;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.value.StorageValues;
import org.jspecify.annotations.Nullable;

/**
 * A statement ready to run: the driver's SQL and one stored value per slot. The array is not
 * changed after construction.
 */
public final class BoundSql {

  private static final int FIXED_BYTES = 64;

  private final SqlStatement statement;
  private final String sql;
  private final @Nullable Object @Nullable [] values;
  private final long bytes;

  BoundSql(SqlStatement statement, String sql, @Nullable Object @Nullable [] values) {
    this.statement = statement;
    this.sql = sql;
    this.values = values;
    this.bytes = sizeOf(values);
  }

  private static long sizeOf(@Nullable Object @Nullable [] values) {
    long bytes = FIXED_BYTES;
    if (values != null) {
      for (Object value : values) {
        bytes += StorageValues.sizeOf(value);
      }
    }
    return bytes;
  }

  /** A statement without parameters. */
  public static BoundSql withoutParameters(SqlStatement statement) {
    return new BoundSql(statement, statement.scalarSql(), null);
  }

  /** The analysed statement. */
  public SqlStatement statement() {
    return statement;
  }

  /** The text for the driver. */
  public String sql() {
    return sql;
  }

  /** The values by slot; {@code null} without parameters. */
  public @Nullable Object @Nullable [] values() {
    return values;
  }

  /** Roughly the memory that the values hold, for queues bounded by bytes. */
  public long bytes() {
    return bytes;
  }

  /** What an error about this statement carries: no values, literals masked. */
  public ErrorDetails details(@Nullable String label) {
    return new ErrorDetails(0, label, statement.maskedText());
  }
}
