package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import org.jspecify.annotations.Nullable;

/** Which statements run where, and what a refused one is told. */
final class Gate {

  private Gate() {}

  static void requireQuery(SqlStatement statement) {
    switch (statement.kind()) {
      case SELECT, EXPLAIN -> refuse(statement, hidden(statement));
      case INSERT, UPDATE, DELETE, REPLACE, REINDEX -> throw readOnly(statement, "update(sql)");
      case DDL -> throw readOnly(statement, "update(sql) or script(sql)");
      case ANALYZE -> throw readOnly(statement, "maintenance().analyze()");
      default -> refuse(statement, forbidden(statement));
    }
  }

  static void requireUpdate(SqlStatement statement) {
    refuse(statement, updateRefusal(statement));
  }

  static void requireDml(SqlStatement statement) {
    String refusal = updateRefusal(statement);
    if (refusal == null && !statement.kind().isDml()) {
      refusal =
          statement.firstWord()
              + " cannot run in a batch, which takes INSERT, UPDATE, DELETE or REPLACE; use"
              + " update(sql) or script(sql)";
    }
    if (refusal == null && statement.returning()) {
      refusal =
          "RETURNING cannot be used in a batch, which hands out no rows; use"
              + " update(sql).returning(…) or leave the clause out";
    }
    refuse(statement, refusal);
  }

  /** Why the statement may not run as an update; null when it may. */
  static @Nullable String updateRefusal(SqlStatement statement) {
    return switch (statement.kind()) {
      case INSERT, UPDATE, DELETE, REPLACE, DDL, REINDEX -> hidden(statement);
      case SELECT, EXPLAIN ->
          statement.firstWord() + " returns rows and changes nothing; use query(sql)";
      case ANALYZE -> "ANALYZE is not run as a statement; use maintenance().analyze()";
      default -> forbidden(statement);
    };
  }

  /** What a permitted kind may hide. */
  private static @Nullable String hidden(SqlStatement statement) {
    String refusedCall = statement.refusedCall();
    if (refusedCall != null) {
      return refusedCall;
    }
    // SQLite carries out some pragmas while it compiles them, EXPLAIN or not.
    if (statement.kind() == SqlStatement.Kind.EXPLAIN
        && statement.explained() != SqlStatement.Kind.SELECT
        && !statement.explained().isDml()) {
      return "EXPLAIN is offered for SELECT, INSERT, UPDATE, DELETE and REPLACE only, because other"
          + " statements can act while they are compiled";
    }
    return null;
  }

  private static String forbidden(SqlStatement statement) {
    String word = statement.firstWord();
    return switch (statement.kind()) {
      case TRANSACTION_CONTROL ->
          word.equals("SAVEPOINT") || word.equals("RELEASE")
              ? word + " is not allowed as a statement; use withSavepoint(…) in a transaction"
              : word
                  + " is not allowed as a statement: the library begins and ends transactions; use"
                  + " withTransaction(…), write(…) or script(sql)";
      case ATTACH -> word + " is not offered; open the other file as a database of its own";
      case VACUUM -> "VACUUM is not run as a statement; use maintenance().vacuum()";
      case PRAGMA ->
          "PRAGMA is not allowed as a statement: settings belong to the configuration the database"
              + " is opened with, upkeep to maintenance(); the schema can be read by queries such"
              + " as SELECT … FROM pragma_table_info(…)";
      default ->
          word.equals("WITH")
              ? "WITH is not followed by common table expressions and a SELECT, INSERT, UPDATE,"
                  + " DELETE or REPLACE"
              : "No SQL statement begins with " + word + "; check its spelling";
    };
  }

  private static void refuse(SqlStatement statement, @Nullable String refusal) {
    if (refusal != null) {
      throw SqlErrors.invalid(refusal, statement.maskedText());
    }
  }

  private static ReadOnlyViolationException readOnly(SqlStatement statement, String instead) {
    return new ReadOnlyViolationException(
        statement.firstWord() + " writes, and a query runs on a reader; use " + instead,
        ErrorDetails.NONE.withSql(statement.maskedText()));
  }
}
