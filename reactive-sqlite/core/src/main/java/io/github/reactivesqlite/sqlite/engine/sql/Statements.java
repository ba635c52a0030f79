package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.ArrayList;
import java.util.List;

/** Finds where statements end: at a semicolon, except inside the body of a trigger. */
final class Statements {

  private Statements() {}

  /**
   * The statements of a text, without the semicolons that end them; empty ones are left out.
   *
   * @param tokens significant tokens
   */
  static List<List<Token>> split(List<Token> tokens) {
    List<List<Token>> statements = new ArrayList<>();
    int start = 0;
    boolean inTriggerBody = false;
    boolean trigger = createsTrigger(tokens, 0);
    for (int i = 0; i < tokens.size(); i++) {
      if (!tokens.get(i).is(Type.SEMICOLON)) {
        inTriggerBody |= trigger && tokens.get(i).isWord("BEGIN");
        continue;
      }
      if (inTriggerBody && !closesTrigger(tokens, start, i)) {
        continue;
      }
      if (i > start) {
        statements.add(tokens.subList(start, i));
      }
      start = i + 1;
      inTriggerBody = false;
      trigger = createsTrigger(tokens, start);
    }
    if (start < tokens.size()) {
      if (inTriggerBody && !closesTrigger(tokens, start, tokens.size())) {
        throw SqlErrors.invalid(
            "Statement "
                + (statements.size() + 1)
                + " (CREATE TRIGGER) is not closed: end each statement of its body with a semicolon"
                + " and the body with END");
      }
      statements.add(tokens.subList(start, tokens.size()));
    }
    return statements;
  }

  /**
   * Whether END stands before the index, and a semicolon before END. Each statement of a body ends
   * with a semicolon and none begins with END, so that only the body's own END stands there; the
   * END of a CASE, or a column of that name, never does.
   */
  private static boolean closesTrigger(List<Token> tokens, int start, int end) {
    return end - start >= 2
        && tokens.get(end - 1).isWord("END")
        && tokens.get(end - 2).is(Type.SEMICOLON);
  }

  private static boolean createsTrigger(List<Token> tokens, int start) {
    int at = Shape.skipExplain(tokens, start);
    if (!Shape.wordAt(tokens, at, "CREATE")) {
      return false;
    }
    at++;
    if (Shape.wordAt(tokens, at, "TEMP") || Shape.wordAt(tokens, at, "TEMPORARY")) {
      at++;
    }
    return Shape.wordAt(tokens, at, "TRIGGER");
  }
}
