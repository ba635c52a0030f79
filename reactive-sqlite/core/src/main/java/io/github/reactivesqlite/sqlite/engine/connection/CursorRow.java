package io.github.reactivesqlite.sqlite.engine.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.reactivesqlite.sqlite.engine.value.ColumnNames;
import io.github.reactivesqlite.sqlite.engine.value.RowSupport;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.Codes;
import org.sqlite.core.DB;

/**
 * The row a statement stands on, read column by column from SQLite as the mapper asks. It counts
 * the bytes of text and blobs that were read, by which results are bounded.
 */
public final class CursorRow extends RowSupport {

  private static final int FIXED_BYTES = 8;

  private final DB db;
  private final long handle;
  private final TextEncoding encoding;
  private final ColumnNames names;
  private long bytesRead;

  CursorRow(DB db, long handle, TextEncoding encoding, ColumnNames names) {
    this.db = db;
    this.handle = handle;
    this.encoding = encoding;
    this.names = names;
  }

  /** Bytes read from this statement's rows so far. */
  public long bytesRead() {
    return bytesRead;
  }

  /** A copy that outlives the statement's next step. */
  public StoredRow copy() {
    @Nullable Object[] values = new @Nullable Object[names.asList().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i + 1);
    }
    return new StoredRow(names, values);
  }

  @Override
  protected ColumnNames columnNames() {
    return names;
  }

  @Override
  protected @Nullable Object value(int index) {
    try {
      return switch (db.column_type(handle, index - 1)) {
        case Codes.SQLITE_INTEGER -> longValue(index);
        case Codes.SQLITE_FLOAT -> doubleValue(index);
        case Codes.SQLITE_TEXT -> stringValue(index);
        case Codes.SQLITE_BLOB -> blob(index);
        default -> null;
      };
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  @Override
  protected int storageClass(int index) {
    try {
      return db.column_type(handle, index - 1);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  @Override
  protected long longValue(int index) {
    bytesRead += FIXED_BYTES;
    try {
      return db.column_long(handle, index - 1);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  @Override
  protected double doubleValue(int index) {
    bytesRead += FIXED_BYTES;
    try {
      return db.column_double(handle, index - 1);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  @Override
  protected @Nullable String stringValue(int index) {
    try {
      byte[] stored = encoding.isUtf8() ? db.column_blob(handle, index - 1) : null;
      // Without bytes it is empty or NULL, which only the call for texts tells apart
      String text = stored == null ? db.column_text(handle, index - 1) : new String(stored, UTF_8);
      bytesRead += text == null ? 0 : text.length();
      return text;
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  @Override
  protected byte @Nullable [] bytesValue(int index) {
    try {
      return blob(index);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  private byte[] blob(int index) throws SQLException {
    byte[] bytes = db.column_blob(handle, index - 1);
    // SQLite gives a null pointer for an empty blob
    byte[] read = bytes == null ? new byte[0] : bytes;
    bytesRead += read.length;
    return read;
  }
}
