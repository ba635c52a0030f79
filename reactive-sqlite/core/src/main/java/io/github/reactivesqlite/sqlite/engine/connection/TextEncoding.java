package io.github.reactivesqlite.sqlite.engine.connection;

/**
 * Whether the texts of a database are stored as UTF-8: then a text is taken as the bytes it is
 * stored as, in one call of the driver. Its own call for texts makes a buffer for each of them, and
 * costs a third of a scan.
 *
 * <p>A file gets its encoding with its first table and never changes it (<a
 * href="https://sqlite.org/pragma.html#pragma_encoding">pragma encoding</a>). Until then nothing is
 * assumed: whoever makes that table may choose UTF-16. Belongs to its connection's thread.
 */
final class TextEncoding {

  /** A statement that reads the schema anew, where PRAGMA encoding says what was known of it. */
  private static final String HAS_SCHEMA = "SELECT 1 FROM sqlite_schema LIMIT 1";

  private final EngineConnection connection;
  private boolean utf8;
  private boolean settled;

  TextEncoding(EngineConnection connection) {
    this.connection = connection;
  }

  /** Whether the bytes of a stored text are UTF-8. */
  boolean isUtf8() {
    return utf8;
  }

  /** Looks, if it is not known yet; called before the statements of an application. */
  void settle() {
    if (settled) {
      return;
    }
    try {
      settled = connection.longValue(HAS_SCHEMA) > 0;
      utf8 = settled && "UTF-8".equals(connection.textValue("PRAGMA encoding"));
    } catch (SqlFailure failure) {
      // The statement that comes next meets the same, and reports it
      settled = false;
    }
  }
}
