package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement.ParameterStyle;
import io.github.reactivesqlite.sqlite.engine.sql.Token.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of one statement and the places where they stand.
 *
 * @param style how they are written
 * @param ordinals ordinal of each name, in order of first appearance; empty unless named
 * @param positions number of the highest position; 0 unless positional
 * @param used the positions (from 1) that occur
 * @param collections ordinals of the names that stand nowhere but alone inside {@code IN (…)}
 * @param places where they stand, in order
 */
record Placeholders(
    ParameterStyle style,
    Map<String, Integer> ordinals,
    int positions,
    BitSet used,
    BitSet collections,
    List<Place> places) {

  /** One occurrence of a parameter: its chars in the text, and which parameter it is (from 0). */
  record Place(int start, int end, int ordinal) {}

  static Placeholders of(List<Token> tokens) {
    return new Reader(tokens).read();
  }

  int count() {
    return style == ParameterStyle.NAMED ? ordinals.size() : positions;
  }

  private static final class Reader {
    private final List<Token> tokens;
    private final Map<String, Integer> ordinals = new LinkedHashMap<>();
    private final BitSet used = new BitSet();
    private final BitSet scalars = new BitSet();
    private final List<Place> places = new ArrayList<>();
    private ParameterStyle style = ParameterStyle.NONE;
    private int positions;

    Reader(List<Token> tokens) {
      this.tokens = tokens;
    }

    Placeholders read() {
      for (int i = 0; i < tokens.size(); i++) {
        Token token = tokens.get(i);
        if (token.is(Type.PARAMETER)) {
          int ordinal = token.source().charAt(token.start()) == '?' ? position(token) : name(i);
          places.add(new Place(token.start(), token.end(), ordinal));
        }
      }
      BitSet collections = new BitSet();
      collections.set(0, ordinals.size());
      collections.andNot(scalars);
      return new Placeholders(
          style,
          Collections.unmodifiableMap(ordinals),
          positions,
          used,
          collections,
          List.copyOf(places));
    }

    private int position(Token token) {
      use(ParameterStyle.POSITIONAL);
      int position = token.length() == 1 ? positions + 1 : number(token);
      if (position < 1 || position > SqlStatement.MAX_PARAMETERS) {
        throw refused(
            "Positions of parameters run from ?1 to ?"
                + SqlStatement.MAX_PARAMETERS
                + "; for more values run several statements or bind one JSON array and read it with"
                + " json_each");
      }
      positions = Math.max(positions, position);
      used.set(position);
      return position - 1;
    }

    /** The number after the question mark, 0 when it is too large to matter. */
    private static int number(Token token) {
      long number = 0;
      for (int i = token.start() + 1; i < token.end(); i++) {
        number = number * 10 + (token.source().charAt(i) - '0');
        if (number > SqlStatement.MAX_PARAMETERS) {
          return 0;
        }
      }
      return (int) number;
    }

    private int name(int index) {
      Token token = tokens.get(index);
      char prefix = token.source().charAt(token.start());
      String name = token.source().substring(token.start() + 1, token.end());
      if (name.indexOf(':') >= 0) {
        throw refused(
            "A parameter name must not contain '::'; a cast is written CAST(value AS type)");
      }
      if (name.indexOf('(') >= 0) {
        throw refused("A parameter name runs into a parenthesis; put a space between them");
      }
      if (prefix != ':') {
        throw refused("Parameter " + prefix + name + " is not supported; write :" + name);
      }
      use(ParameterStyle.NAMED);
      Integer known = ordinals.get(name);
      int ordinal = known != null ? known : ordinals.size();
      if (known == null) {
        if (ordinal == SqlStatement.MAX_PARAMETERS) {
          throw refused(
              "The statement has more than " + SqlStatement.MAX_PARAMETERS + " parameters");
        }
        ordinals.put(name, ordinal);
      }
      if (!standsAloneInList(index)) {
        scalars.set(ordinal);
      }
      return ordinal;
    }

    private boolean standsAloneInList(int index) {
      return index >= 2
          && index + 1 < tokens.size()
          && tokens.get(index - 2).isWord("IN")
          && tokens.get(index - 1).is(Type.LEFT_PAREN)
          && tokens.get(index + 1).is(Type.RIGHT_PAREN);
    }

    private void use(ParameterStyle found) {
      if (style != ParameterStyle.NONE && style != found) {
        throw refused(
            "The statement mixes :name with ? parameters; write all of them in one of the two"
                + " styles");
      }
      style = found;
    }

    private InvalidSqlException refused(String message) {
      return SqlErrors.invalid(message, MaskedSql.of(tokens.get(0).source()));
    }
  }
}
