package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL text into the tokens that SQLite's own tokenizer would see.
 *
 * <p>Lossless: the texts of the tokens, joined, are the input. Where SQLite would report an
 * unrecognized token, an {@link InvalidSqlException} names the place and never the text.
 */
final class Lexer {

  private final String sql;
  private final int length;
  private Type type = Type.SPACE;

  private Lexer(String sql) {
    this.sql = sql;
    this.length = sql.length();
  }

  /** All tokens, white space and comments included. */
  static List<Token> tokens(String sql) {
    return new Lexer(sql).run(false);
  }

  /** The tokens that SQLite's parser sees. */
  static List<Token> significantTokens(String sql) {
    return new Lexer(sql).run(true);
  }

  private List<Token> run(boolean significantOnly) {
    int bad = Unicode.firstUnencodable(sql);
    if (bad >= 0) {
      throw invalid(
          sql.charAt(bad) == '\0'
              ? "The SQL contains a NUL character, where SQLite would stop reading"
              : "The SQL contains an unpaired surrogate, which cannot be encoded",
          bad);
    }
    List<Token> tokens = new ArrayList<>(length / 6 + 4);
    int at = 0;
    while (at < length) {
      int end = scan(at);
      Token token = new Token(type, sql, at, end);
      if (!significantOnly || token.isSignificant()) {
        tokens.add(token);
      }
      at = end;
    }
    return tokens;
  }

  /** The char at an index, NUL past the end (the text itself contains none). */
  private char at(int index) {
    return index < length ? sql.charAt(index) : '\0';
  }

  private int token(Type found, int end) {
    type = found;
    return end;
  }

  /** Sets the type of the token that begins at the index, and returns its end. */
  private int scan(int start) {
    char c = at(start);
    char next = at(start + 1);
    return switch (c) {
      case ' ', '\t', '\n', '\f', '\r' -> space(start);
      case '\uFEFF' -> token(Type.SPACE, start + 1);
      case '-' ->
          next == '-'
              ? lineComment(start)
              : operator(next == '>' ? (at(start + 2) == '>' ? start + 3 : start + 2) : start + 1);
      case '/' ->
          // SQLite needs a char after the opening: a bare one at the very end is two operators.
          next == '*' && start + 2 < length ? blockComment(start) : operator(start + 1);
      case '(' -> token(Type.LEFT_PAREN, start + 1);
      case ')' -> token(Type.RIGHT_PAREN, start + 1);
      case ',' -> token(Type.COMMA, start + 1);
      case ';' -> token(Type.SEMICOLON, start + 1);
      case '+', '*', '%', '&', '~' -> operator(start + 1);
      case '=' -> operator(next == '=' ? start + 2 : start + 1);
      case '<' -> operator(next == '=' || next == '>' || next == '<' ? start + 2 : start + 1);
      case '>' -> operator(next == '=' || next == '>' ? start + 2 : start + 1);
      case '|' -> operator(next == '|' ? start + 2 : start + 1);
      case '!' -> {
        if (next != '=') {
          throw unexpected(start);
        }
        yield operator(start + 2);
      }
      case '\'' -> quoted(start, Type.STRING, "A string literal");
      case '"', '`' -> quoted(start, Type.QUOTED_NAME, "A quoted name");
      case '[' -> bracketed(start);
      case '.' -> Ascii.isDigit(next) ? number(start) : token(Type.DOT, start + 1);
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(start);
      case '?' -> token(Type.PARAMETER, digits(start + 1, false));
      case ':', '@', '$' -> variable(start);
      case 'x', 'X' -> next == '\'' ? blob(start) : word(start);
      default -> {
        if (!Ascii.isWordStart(c)) {
          throw unexpected(start);
        }
        yield word(start);
      }
    };
  }

  private int operator(int end) {
    return token(Type.OPERATOR, end);
  }

  private int space(int start) {
    int end = start + 1;
    while (Ascii.isSpaceInside(at(end))) {
      end++;
    }
    return token(Type.SPACE, end);
  }

  private int lineComment(int start) {
    int end = sql.indexOf('\n', start);
    return token(Type.COMMENT, end < 0 ? length : end);
  }

  private int blockComment(int start) {
    int close = sql.indexOf("*/", start + 2);
    return token(Type.COMMENT, close < 0 ? length : close + 2);
  }

  private int word(int start) {
    int end = start + 1;
    while (Ascii.isWordPart(at(end))) {
      end++;
    }
    return token(Type.WORD, end);
  }

  private int quoted(int start, Type found, String what) {
    char quote = at(start);
    int end = start + 1;
    while (true) {
      end = sql.indexOf(quote, end);
      if (end < 0) {
        throw invalid(what + " is not closed", start);
      }
      if (at(end + 1) != quote) {
        return token(found, end + 1);
      }
      end += 2;
    }
  }

  private int bracketed(int start) {
    int close = sql.indexOf(']', start);
    if (close < 0) {
      throw invalid("A name in brackets is not closed", start);
    }
    return token(Type.QUOTED_NAME, close + 1);
  }

  private int blob(int start) {
    int end = start + 2;
    while (Ascii.isHexDigit(at(end))) {
      end++;
    }
    if (at(end) != '\'' || (end - start) % 2 != 0) {
      throw invalid("A blob literal must hold pairs of hexadecimal digits and be closed", start);
    }
    return token(Type.BLOB, end + 1);
  }

  private int number(int start) {
    int end;
    char second = at(start + 1);
    if (at(start) == '0' && (second == 'x' || second == 'X') && Ascii.isHexDigit(at(start + 2))) {
      end = start + 3;
      while (Ascii.isHexDigit(at(end)) || at(end) == '_') {
        end++;
      }
    } else {
      end = digits(start, true);
      if (at(end) == '.') {
        end = digits(end + 1, true);
      }
      if (at(end) == 'e' || at(end) == 'E') {
        int sign = at(end + 1) == '+' || at(end + 1) == '-' ? 1 : 0;
        if (Ascii.isDigit(at(end + 1 + sign))) {
          end = digits(end + 1 + sign, true);
        }
      }
    }
    if (Ascii.isWordPart(at(end))) {
      throw invalid("A number runs into letters", start);
    }
    return token(Type.NUMBER, end);
  }

  private int digits(int start, boolean separators) {
    int end = start;
    while (Ascii.isDigit(at(end)) || (separators && at(end) == '_')) {
      end++;
    }
    return end;
  }

  /** A variable with a name, and the suffixes that SQLite takes into it for the sake of Tcl. */
  private int variable(int start) {
    int nameChars = 0;
    int end = start + 1;
    while (true) {
      char c = at(end);
      if (Ascii.isWordPart(c)) {
        nameChars++;
        end++;
      } else if (c == '(' && nameChars > 0) {
        end = tclIndex(start, end);
        break;
      } else if (c == ':' && at(end + 1) == ':') {
        end += 2;
      } else {
        break;
      }
    }
    if (nameChars == 0) {
      throw invalid("A '" + at(start) + "' is followed by no parameter name", start);
    }
    return token(Type.PARAMETER, end);
  }

  private int tclIndex(int start, int open) {
    int end = open + 1;
    while (end < length && !Ascii.isSpaceInside(at(end)) && at(end) != ')') {
      end++;
    }
    if (at(end) != ')') {
      throw invalid("A parameter name runs into a parenthesis; put a space between them", start);
    }
    return end + 1;
  }

  private InvalidSqlException unexpected(int index) {
    return invalid(
        "The character U+%04X begins nothing that SQL knows".formatted(sql.codePointAt(index)),
        index);
  }

  private InvalidSqlException invalid(String message, int index) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < index; i++) {
      if (sql.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return SqlErrors.invalid(
        message + " (line " + line + ", column " + (index - lineStart + 1) + ")");
  }
}
