package io.github.reactivesqlite.error;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What every {@link DatabaseException} carries beside its message.
 *
 * @param code extended result code of the engine (see <a
 *     href="https://www.sqlite.org/rescode.html">rescode.html</a>), 0 when the engine was not the
 *     one that failed
 * @param label name the caller gave to the operation, null when it has none
 * @param sql template of the statement with literals masked and no bound value, null when no single
 *     statement is to blame
 */
public record ErrorDetails(int code, @Nullable String label, @Nullable String sql)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Nothing known: code 0, no label, no SQL. */
  public static final ErrorDetails NONE = new ErrorDetails(0, null, null);

  /** Returns these details with another extended result code. */
  public ErrorDetails withCode(int newCode) {
    return new ErrorDetails(newCode, label, sql);
  }

  /** Returns these details with another label; null takes it away. */
  public ErrorDetails withLabel(@Nullable String newLabel) {
    return new ErrorDetails(code, newLabel, sql);
  }

  /** Returns these details with another SQL template (literals masked); null takes it away. */
  public ErrorDetails withSql(@Nullable String newSql) {
    return new ErrorDetails(code, label, newSql);
  }
}
