package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * What a CREATE VIRTUAL TABLE says of the tables behind it, which no program of SQLite's virtual
 * machine shows: the content table of FTS5 and FTS4, and the index that a vocabulary table reads.
 *
 * @see <a href="https://sqlite.org/fts5.html#external_content_tables">fts5.html</a>
 */
public final class VirtualTableText {

  private VirtualTableText() {}

  /**
   * The tables that a read of the virtual table reads too; empty for those without any.
   *
   * @param sql the text from the schema
   */
  public static List<String> readsBehind(String sql) {
    List<Token> tokens;
    try {
      tokens = Lexer.significantTokens(sql);
    } catch (InvalidSqlException notOurLanguage) {
      return List.of(); // a module may take any text
    }
    int using = indexOf(tokens, "USING");
    if (using < 0 || using + 2 >= tokens.size()) {
      return List.of();
    }
    List<List<Token>> arguments = arguments(tokens, using + 2);
    Token module = tokens.get(using + 1);
    if (module.isName("FTS5VOCAB") || module.isName("FTS4AUX")) {
      return vocabulary(arguments, module.isName("FTS5VOCAB") ? 3 : 2);
    }
    List<String> found = new ArrayList<>();
    for (List<Token> argument : arguments) {
      if (argument.size() == 3
          && argument.get(0).isName("CONTENT")
          && argument.get(1).text().equals("=")) {
        String table = name(argument.get(2));
        if (!table.isEmpty()) {
          found.add(table);
        }
      }
    }
    return found;
  }

  /** The index is the first argument, or the second one behind a schema's name. */
  private static List<String> vocabulary(List<List<Token>> arguments, int withSchema) {
    int at = arguments.size() == withSchema ? 1 : 0;
    return arguments.size() > at && arguments.get(at).size() == 1
        ? List.of(name(arguments.get(at).get(0)))
        : List.of();
  }

  private static int indexOf(List<Token> tokens, String word) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isWord(word)) {
        return i;
      }
    }
    return -1;
  }

  private static List<List<Token>> arguments(List<Token> tokens, int open) {
    List<List<Token>> all = new ArrayList<>();
    List<Token> current = new ArrayList<>();
    int depth = 0;
    for (Token token : tokens.subList(open, tokens.size())) {
      if (token.is(Type.LEFT_PAREN) && depth++ == 0) {
        continue;
      }
      if (token.is(Type.RIGHT_PAREN) && --depth == 0) {
        break;
      }
      if (token.is(Type.COMMA) && depth == 1) {
        all.add(current);
        current = new ArrayList<>();
      } else {
        current.add(token);
      }
    }
    all.add(current);
    return all;
  }

  /** A name as it is, out of any of SQLite's quotes. */
  private static String name(Token token) {
    String text = token.text();
    if (token.is(Type.STRING) || token.is(Type.QUOTED_NAME)) {
      String quote = text.substring(0, 1);
      String inner = text.substring(1, text.length() - 1);
      return quote.equals("[") ? inner : inner.replace(quote + quote, quote);
    }
    return text;
  }
}
