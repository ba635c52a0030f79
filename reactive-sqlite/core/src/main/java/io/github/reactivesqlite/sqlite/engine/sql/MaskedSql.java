package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * SQL that may be shown: literals become {@code ?}, comments go, white space shrinks to one space.
 *
 * <p>Where no column has its name, SQLite takes a name in double quotes for a string literal (<a
 * href="https://www.sqlite.org/quirks.html#dblquote">quirks.html</a>). So such a name is shown only
 * where nothing but a name can stand; elsewhere it becomes {@code "?"}.
 */
final class MaskedSql {

  private static final Set<String> BEFORE_NAMES =
      Set.of(
          "FROM",
          "JOIN",
          "INTO",
          "UPDATE",
          "TABLE",
          "INDEX",
          "VIEW",
          "TRIGGER",
          "AS",
          "REFERENCES",
          "COLLATE",
          "COLUMN");

  private MaskedSql() {}

  static String of(String sql) {
    StringBuilder masked = new StringBuilder(sql.length());
    List<Token> significant = new ArrayList<>();
    List<Token> all = Lexer.tokens(sql);
    all.stream().filter(Token::isSignificant).forEach(significant::add);
    int at = 0;
    for (Token token : all) {
      if (token.isSignificant()) {
        masked.append(mask(significant, at++));
      } else if (!masked.isEmpty() && masked.charAt(masked.length() - 1) != ' ') {
        masked.append(' ');
      }
    }
    return masked.toString().stripTrailing();
  }

  private static String mask(List<Token> tokens, int at) {
    Token token = tokens.get(at);
    if (token.isLiteral()) {
      return "?";
    }
    if (token.is(Type.QUOTED_NAME)) {
      String text = token.text();
      boolean mayBeLiteral = text.charAt(0) == '"' && !isSurelyName(tokens, at);
      boolean printable = text.chars().noneMatch(Character::isISOControl);
      return mayBeLiteral || !printable ? "\"?\"" : text;
    }
    return token.text();
  }

  private static boolean isSurelyName(List<Token> tokens, int at) {
    if (at + 1 < tokens.size()) {
      Token next = tokens.get(at + 1);
      if (next.is(Type.DOT) || next.is(Type.LEFT_PAREN)) {
        return true;
      }
    }
    if (at == 0) {
      return false;
    }
    Token previous = tokens.get(at - 1);
    if (previous.is(Type.DOT)) {
      return true;
    }
    // An expression, not a table, follows IS [NOT] DISTINCT FROM.
    boolean distinctFrom = at > 1 && tokens.get(at - 2).isWord("DISTINCT");
    return previous.is(Type.WORD)
        && BEFORE_NAMES.contains(Ascii.upperCase(previous.text()))
        && !distinctFrom;
  }
}
