package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement.Kind;
import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the words of one statement make it.
 *
 * @param kind the kind of the statement
 * @param explained the kind of the statement behind EXPLAIN, else the same as {@code kind}
 * @param operation the main verb in upper case, from a closed set
 * @param firstWord what messages call the statement: its main verb, or what stands in its place
 * @param returning whether DML has a RETURNING clause
 * @param refusedCall why it is refused for what it calls, null when it is not
 */
record Shape(
    Kind kind,
    Kind explained,
    String operation,
    String firstWord,
    boolean returning,
    @Nullable String refusedCall) {

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("SELECT", Kind.SELECT),
          Map.entry("VALUES", Kind.SELECT),
          Map.entry("INSERT", Kind.INSERT),
          Map.entry("UPDATE", Kind.UPDATE),
          Map.entry("DELETE", Kind.DELETE),
          Map.entry("REPLACE", Kind.REPLACE),
          Map.entry("CREATE", Kind.DDL),
          Map.entry("DROP", Kind.DDL),
          Map.entry("ALTER", Kind.DDL),
          Map.entry("EXPLAIN", Kind.EXPLAIN),
          Map.entry("PRAGMA", Kind.PRAGMA),
          Map.entry("BEGIN", Kind.TRANSACTION_CONTROL),
          Map.entry("COMMIT", Kind.TRANSACTION_CONTROL),
          Map.entry("END", Kind.TRANSACTION_CONTROL),
          Map.entry("ROLLBACK", Kind.TRANSACTION_CONTROL),
          Map.entry("SAVEPOINT", Kind.TRANSACTION_CONTROL),
          Map.entry("RELEASE", Kind.TRANSACTION_CONTROL),
          Map.entry("ATTACH", Kind.ATTACH),
          Map.entry("DETACH", Kind.ATTACH),
          Map.entry("VACUUM", Kind.VACUUM),
          Map.entry("ANALYZE", Kind.ANALYZE),
          Map.entry("REINDEX", Kind.REINDEX));

  /**
   * Reads the shape of one statement.
   *
   * @param tokens its significant tokens, at least one
   */
  static Shape of(List<Token> tokens) {
    Token first = tokens.get(0);
    boolean explain = first.isWord("EXPLAIN");
    int at = explain ? skipExplain(tokens, 0) : 0;
    int main = wordAt(tokens, at, "WITH") ? afterCommonTables(tokens, at + 1) : at;
    boolean found = main >= 0 && main < tokens.size();
    Token verb = found ? tokens.get(main) : first;
    Kind kind =
        found && verb.is(Type.WORD)
            ? KINDS.getOrDefault(Ascii.upperCase(verb.text()), Kind.OTHER)
            : Kind.OTHER;
    if (main != at && !kind.takesCommonTables()) {
      kind = Kind.OTHER;
    }
    String refusedCall = RefusedCalls.refusal(tokens);
    if (explain) {
      return new Shape(Kind.EXPLAIN, kind, "EXPLAIN", "EXPLAIN", false, refusedCall);
    }
    String operation =
        switch (kind) {
          case OTHER -> "OTHER";
          case SELECT -> "SELECT";
          default -> Ascii.upperCase(verb.text());
        };
    boolean returning = kind.isDml() && hasTopLevelWord(tokens, main, "RETURNING");
    String firstWord = (kind == Kind.OTHER ? first : verb).describe();
    return new Shape(kind, kind, operation, firstWord, returning, refusedCall);
  }

  static boolean wordAt(List<Token> tokens, int index, String keyword) {
    return index >= 0 && index < tokens.size() && tokens.get(index).isWord(keyword);
  }

  /** The index after EXPLAIN or EXPLAIN QUERY PLAN; the same index when there is none. */
  static int skipExplain(List<Token> tokens, int start) {
    if (!wordAt(tokens, start, "EXPLAIN")) {
      return start;
    }
    return wordAt(tokens, start + 1, "QUERY") && wordAt(tokens, start + 2, "PLAN")
        ? start + 3
        : start + 1;
  }

  /**
   * The index after the common table expressions, -1 when they are malformed. Their grammar is
   * followed, because a verb may be a table's name: {@code WITH replace AS (…) SELECT}.
   */
  private static int afterCommonTables(List<Token> tokens, int start) {
    int at = wordAt(tokens, start, "RECURSIVE") ? start + 1 : start;
    while (true) {
      if (!nameAt(tokens, at)) {
        return -1;
      }
      at++;
      if (typeAt(tokens, at, Type.LEFT_PAREN)) {
        at = afterParens(tokens, at);
      }
      if (!wordAt(tokens, at, "AS")) {
        return -1;
      }
      at++;
      if (wordAt(tokens, at, "NOT")) {
        at++;
      }
      if (wordAt(tokens, at, "MATERIALIZED")) {
        at++;
      }
      if (!typeAt(tokens, at, Type.LEFT_PAREN)) {
        return -1;
      }
      at = afterParens(tokens, at);
      if (!typeAt(tokens, at, Type.COMMA)) {
        return at;
      }
      at++;
    }
  }

  private static boolean nameAt(List<Token> tokens, int index) {
    return typeAt(tokens, index, Type.WORD)
        || typeAt(tokens, index, Type.QUOTED_NAME)
        || typeAt(tokens, index, Type.STRING);
  }

  private static boolean typeAt(List<Token> tokens, int index, Type type) {
    return index < tokens.size() && tokens.get(index).is(type);
  }

  /** The index after the parenthesis that closes the one at the index; the end without one. */
  private static int afterParens(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).is(Type.LEFT_PAREN)) {
        depth++;
      } else if (tokens.get(i).is(Type.RIGHT_PAREN) && --depth == 0) {
        return i + 1;
      }
    }
    return tokens.size();
  }

  /** RETURNING cannot be a bare identifier, so that outside parentheses it is the clause. */
  private static boolean hasTopLevelWord(List<Token> tokens, int start, String keyword) {
    int depth = 0;
    for (int i = start; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      switch (token.type()) {
        case LEFT_PAREN -> depth++;
        case RIGHT_PAREN -> depth--;
        default -> {
          if (depth == 0 && token.isWord(keyword)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
