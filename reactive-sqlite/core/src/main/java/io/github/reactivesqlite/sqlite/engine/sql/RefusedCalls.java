package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Functions and tables that no statement may name, because they do more than compute. In views,
 * triggers and generated columns of a file that somebody else made, {@code trusted_schema=OFF}
 * keeps SQLite from calling them.
 */
final class RefusedCalls {

  /**
   * Functions that the driver adds. They compute the size of their result in 64 bits, allocate the
   * low 32 of it, and write all of it: one call ends the process.
   */
  private static final List<String> OVERFLOWING = List.of("REPLICATE", "PADL", "PADR", "PADC");

  private static final String OPTIMIZE = "PRAGMA_OPTIMIZE";

  private RefusedCalls() {}

  /** Why the statement is refused for what it names; null when it is not. */
  static @Nullable String refusal(List<Token> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean called = i + 1 < tokens.size() && tokens.get(i + 1).is(Type.LEFT_PAREN);
      if (called && token.isName("LOAD_EXTENSION")) {
        return "load_extension is not offered: extensions cannot be loaded";
      }
      if (called && OVERFLOWING.stream().anyMatch(token::isName)) {
        return "replicate, padl, padr and padc are not offered: the driver's functions of these"
            + " names write past the end of their memory when a length is large, which ends the"
            + " process; use printf('%*s', length, text), or build the text outside of SQL";
      }
      // The name of a table may stand in single quotes too.
      if (token.isName(OPTIMIZE)
          || (token.is(Type.STRING)
              && Ascii.matches(token.source(), token.start() + 1, token.end() - 1, OPTIMIZE))) {
        return "pragma_optimize is not offered, as reading it writes statistics; use"
            + " maintenance().optimize() (and bind the word if it is meant as a text)";
      }
    }
    return null;
  }
}
