package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.ArrayList;
import java.util.List;

/** Cuts a script into the statements that run one after the other in one transaction. */
public final class SqlScript {

  private SqlScript() {}

  /**
   * The statements of a script, each of which passes {@link SqlStatement#requireUpdate()} and has
   * no parameters. Empty statements are left out; a script of comments only has none. Any thread.
   *
   * @param script DDL and DML, separated by semicolons
   * @return the statements in order, without the semicolons that end them
   * @throws InvalidSqlException when a token is malformed (naming line and column), or a statement
   *     has parameters or may not run in a script (naming its number, from 1, and its first word)
   */
  public static List<SqlStatement> parse(String script) {
    List<List<Token>> slices = Statements.split(Lexer.significantTokens(script));
    List<SqlStatement> statements = new ArrayList<>(slices.size());
    for (List<Token> slice : slices) {
      statements.add(statement(script, slice, statements.size() + 1));
    }
    return List.copyOf(statements);
  }

  private static SqlStatement statement(String script, List<Token> slice, int number) {
    String text = script.substring(slice.get(0).start(), slice.get(slice.size() - 1).end());
    if (slice.stream().anyMatch(token -> token.is(Type.PARAMETER))) {
      throw refused(
          number,
          Shape.of(slice).firstWord(),
          "has a parameter, and a script has no values to bind; use update(sql)",
          text);
    }
    SqlStatement statement = SqlStatement.parse(text);
    String refusal = Gate.updateRefusal(statement);
    if (refusal != null) {
      throw refused(number, statement.firstWord(), "cannot run in a script: " + refusal, text);
    }
    return statement;
  }

  private static InvalidSqlException refused(
      int number, String firstWord, String reason, String text) {
    return SqlErrors.invalid(
        "Statement " + number + " (" + firstWord + ") " + reason, MaskedSql.of(text));
  }
}
