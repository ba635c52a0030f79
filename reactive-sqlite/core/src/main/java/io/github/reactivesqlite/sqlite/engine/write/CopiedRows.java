package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that leave the writer as copies, because no mapper of an application runs there. Bounded by
 * rows and bytes.
 */
final class CopiedRows {

  private CopiedRows() {}

  static List<StoredRow> read(
      EngineStatement statement,
      @Nullable Object @Nullable [] values,
      RowDemand demand,
      WriterLimits limits,
      ErrorDetails details) {
    List<StoredRow> rows = new ArrayList<>();
    long bytes = 0;
    boolean ready = statement.execute(values);
    while (ready) {
      StoredRow row = statement.row().copy();
      rows.add(row);
      bytes += row.sizeInBytes();
      if (demand == RowDemand.FIRST) {
        break;
      }
      if (demand == RowDemand.ONE && rows.size() > 1) {
        throw new IncorrectResultSizeException(
            "one() met a second row; the statement was undone. Narrow its condition, or use"
                + " first() or all()",
            details,
            1,
            2);
      }
      if (rows.size() > limits.copiedRows() || bytes > limits.copiedBytes()) {
        throw new IncorrectResultSizeException(
            "The writer gives back at most "
                + limits.copiedRows()
                + " rows and "
                + limits.copiedBytes()
                + " bytes at once; the statement was undone. Work in smaller steps, read large"
                + " results outside the transaction, or raise returningRowLimit and"
                + " returningBytesLimit",
            details,
            limits.copiedRows(),
            rows.size());
      }
      ready = statement.next();
    }
    return rows;
  }
}
