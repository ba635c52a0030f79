package io.github.reactivesqlite.sqlite.engine.connection;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Keeps values out of the text of {@code RAISE}. It may be any expression, and so may hold what a
 * statement bound; only a text that stands as a literal in a trigger of the schema is repeated.
 */
final class TriggerTexts {

  private static final String FIND =
      "SELECT 1 FROM (SELECT sql, type FROM sqlite_schema UNION ALL SELECT sql, type FROM"
          + " sqlite_temp_schema) WHERE type = 'trigger' AND instr(sql, ?1) > 0 LIMIT 1";

  private final EngineConnection connection;

  TriggerTexts(EngineConnection connection) {
    this.connection = connection;
  }

  /** The error itself, or one without the text of a trigger that is no literal. */
  SQLException checked(SQLException error) {
    if (!(error instanceof SQLiteException raised)
        || raised.getResultCode() != SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER) {
      return error;
    }
    String text = EngineText.of(raised);
    return text == null || isLiteral(text)
        ? error
        : new SQLiteException(
            SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER + " (a text made of values, left out here)",
            SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER);
  }

  private boolean isLiteral(String text) {
    String literal = "'" + text.replace("'", "''") + "'";
    EngineStatement find = connection.ownStatement(FIND);
    try {
      return find.execute(new Object[] {literal});
    } catch (SqlFailure failure) {
      return false;
    } finally {
      connection.release(find);
    }
  }
}
