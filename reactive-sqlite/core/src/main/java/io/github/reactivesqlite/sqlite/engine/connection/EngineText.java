package io.github.reactivesqlite.sqlite.engine.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/**
 * The engine's own words for an error, and how much of them may be repeated.
 *
 * <p>Only texts known beforehand are repeated. A name in them is kept when it looks like a plain
 * identifier and the masked statement spells it as one: so neither a literal used as a name nor a
 * bound value that a virtual table quotes gets through. Names that can only come from the schema
 * need no second look.
 */
final class EngineText {

  private static final String MASKED = "<masked>";
  private static final int LONGEST_TRIGGER_TEXT = 200;

  private static final String PLAIN = "[\\p{L}_][\\p{L}\\p{N}_$]*";
  private static final Pattern PLAIN_NAME = Pattern.compile(PLAIN + "(?:\\." + PLAIN + "){0,2}");
  private static final Pattern OPERATOR = Pattern.compile("[-+*/%<>=!|&~(),.;]{1,2}");
  private static final Pattern STRICT_COLUMN =
      Pattern.compile("cannot store \\w+ value in \\w+ column (" + PLAIN + "\\." + PLAIN + ")");
  private static final Pattern SCHEMA_TABLE = Pattern.compile("(?:main|temp)\\." + PLAIN);

  /**
   * "%s" is a name of the statement, "%t" a table that a view or trigger may name instead of it,
   * "%p" a name of the schema, "%d" a number of the engine's own, "%m" never shown. First match
   * wins.
   */
  private static final List<Template> TEMPLATES =
      Template.all(
          "near \"%s\": syntax error",
          "unrecognized token: \"%s\"",
          "incomplete input",
          "no such table: %t",
          "no such column: \"%m\" - should this be a string literal in single-quotes?",
          "no such column: \"%s\"",
          "no such column: %s",
          "no such function: %s",
          "no such index: %s",
          "no such view: %s",
          "no such trigger: %s",
          "no such module: %s",
          "no such window: %s",
          "no such collation sequence: %s",
          "no such savepoint: %s",
          "no such database: %s",
          "unknown database %s",
          "unknown database: %s",
          "unknown function: %s()",
          "ambiguous column name: %s",
          "table %s has no column named %s",
          "table %s has %d columns but %d values were supplied",
          "table %s has %d values for %d columns",
          "%d values for %d columns",
          "table %s already exists",
          "view %s already exists",
          "index %s already exists",
          "trigger %s already exists",
          "there is already a table named %s",
          "there is already an index named %s",
          "table %s may not be modified",
          "table %s may not be altered",
          "table %s may not be dropped",
          "table %s may not be indexed",
          "cannot modify %s because it is a view",
          "cannot UPSERT a view",
          "cannot UPDATE generated column \"%s\"",
          "cannot INSERT into generated column \"%s\"",
          "use DROP TABLE to delete table %s",
          "use DROP VIEW to delete view %s",
          "index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped",
          "duplicate column name: %s",
          "object name reserved for internal use: %s",
          "foreign key mismatch - \"%p\" referencing \"%p\"",
          "wrong number of arguments to function %s()",
          "misuse of aggregate: %s()",
          "misuse of window function %s()",
          "misuse of aliased aggregate %s",
          "aggregate functions are not allowed in the GROUP BY clause",
          "a GROUP BY clause is required before HAVING",
          "row value misused",
          "sub-select returns %d columns - expected %d",
          "all VALUES must have the same number of terms",
          "SELECTs to the left and right of UNION do not have the same number of result columns",
          "SELECTs to the left and right of UNION ALL do not have the same number of result"
              + " columns",
          "SELECTs to the left and right of EXCEPT do not have the same number of result columns",
          "SELECTs to the left and right of INTERSECT do not have the same number of result"
              + " columns",
          "circular reference: %s",
          "view %s is circularly defined",
          "duplicate WITH table name: %s",
          "ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint",
          "too many SQL variables",
          "too many columns in result set",
          "too many terms in compound SELECT",
          "at most %d tables in a join",
          "Expression tree is too large (maximum depth %d)",
          "variable number must be between ?%d and ?%d",
          "parameters are not allowed in views",
          "ESCAPE expression must be a single character",
          "RAISE() may only be used within a trigger-program",
          "cannot start a transaction within a transaction",
          "cannot commit - no transaction is active",
          "cannot rollback - no transaction is active",
          "cannot VACUUM from within a transaction",
          "cannot VACUUM - SQL statements in progress",
          "output file already exists",
          "not authorized",
          "integer overflow",
          "malformed JSON",
          "JSON cannot hold BLOB values",
          "unterminated string",
          "statement too long",
          "string or blob too big");

  private EngineText() {}

  /** What the engine said, without the wrapping the driver puts round it; null when unknown. */
  static @Nullable String of(SQLiteException error) {
    String message = error.getMessage();
    if (message == null || error.getResultCode() == null || !message.endsWith(")")) {
      return null;
    }
    String wrapping = error.getResultCode() + " (";
    return message.startsWith(wrapping)
        ? message.substring(wrapping.length(), message.length() - 1)
        : null;
  }

  /**
   * The engine's text as far as it may be repeated.
   *
   * @param text the engine's text
   * @param statement masked template of the statement; without it only names of the schema stay
   */
  static Optional<String> repeatable(@Nullable String text, @Nullable String statement) {
    if (text == null) {
      return Optional.empty();
    }
    return TEMPLATES.stream()
        .flatMap(template -> template.fill(text, statement).stream())
        .findFirst();
  }

  /**
   * What a constraint is called: the part after "failed: ", if it is a list of plain names. The
   * text of an unnamed CHECK is an expression and is left out, as it can hold literals.
   */
  static @Nullable String constraint(@Nullable String text) {
    int at = text == null ? -1 : text.indexOf(" constraint failed: ");
    if (text == null || at < 0) {
      return null;
    }
    String name = text.substring(at + " constraint failed: ".length());
    if (name.startsWith("index '") && name.endsWith("'")) {
      name = name.substring("index '".length(), name.length() - 1);
    }
    for (String part : name.split(", ", -1)) {
      if (!PLAIN_NAME.matcher(part).matches()) {
        return null;
      }
    }
    return name;
  }

  /** The column of a STRICT table that refused a value. */
  static @Nullable String strictColumn(@Nullable String text) {
    Matcher matcher = STRICT_COLUMN.matcher(text == null ? "" : text);
    return matcher.matches() ? matcher.group(1) : null;
  }

  /** The text of RAISE in a trigger: words of the schema's author, on one line and not too long. */
  static String trigger(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return "no text";
    }
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST_TRIGGER_TEXT
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_TRIGGER_TEXT)) + "…";
  }

  private static String statementName(String name, @Nullable String statement) {
    if (OPERATOR.matcher(name).matches()) {
      return name;
    }
    boolean spelled = PLAIN_NAME.matcher(name).matches() && spells(statement, lastPart(name));
    return spelled ? name : MASKED;
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static boolean spells(@Nullable String statement, String name) {
    if (statement == null) {
      return false;
    }
    String text = statement.toLowerCase(Locale.ROOT);
    String word = name.toLowerCase(Locale.ROOT);
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      int end = at + word.length();
      if ((at == 0 || !Character.isUnicodeIdentifierPart(text.charAt(at - 1)))
          && (end == text.length() || !Character.isUnicodeIdentifierPart(text.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  /** A text of the engine cut at its variable parts. */
  private record Template(Pattern pattern, List<String> fixed, List<Character> kinds) {

    static List<Template> all(String... texts) {
      List<Template> templates = new ArrayList<>();
      for (String text : texts) {
        templates.add(parse(text));
      }
      return List.copyOf(templates);
    }

    private static Template parse(String text) {
      StringBuilder regex = new StringBuilder();
      List<String> fixed = new ArrayList<>();
      List<Character> kinds = new ArrayList<>();
      int from = 0;
      for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
        char kind = text.charAt(at + 1);
        fixed.add(text.substring(from, at));
        kinds.add(kind);
        regex.append(Pattern.quote(text.substring(from, at)));
        regex.append(kind == 'd' ? "(\\d{1,9})" : "(.+)");
        from = at + 2;
      }
      fixed.add(text.substring(from));
      regex.append(Pattern.quote(text.substring(from)));
      return new Template(
          Pattern.compile(regex.toString(), Pattern.DOTALL),
          List.copyOf(fixed),
          List.copyOf(kinds));
    }

    Optional<String> fill(String text, @Nullable String statement) {
      Matcher matcher = pattern.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      StringBuilder filled = new StringBuilder(fixed.get(0));
      for (int i = 0; i < kinds.size(); i++) {
        String part = matcher.group(i + 1);
        filled.append(
            switch (kinds.get(i)) {
              case 'd' -> part;
              case 'm' -> MASKED;
              case 'p' -> PLAIN_NAME.matcher(part).matches() ? part : MASKED;
              case 't' ->
                  SCHEMA_TABLE.matcher(part).matches() ? part : statementName(part, statement);
              default -> statementName(part, statement);
            });
        filled.append(fixed.get(i + 1));
      }
      return Optional.of(filled.toString());
    }
  }
}
