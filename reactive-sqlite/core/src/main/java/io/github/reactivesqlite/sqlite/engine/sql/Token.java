package io.github.reactivesqlite.sqlite.engine.sql;

/**
 * One token of an SQL text.
 *
 * @param type what it is
 * @param source the whole text it was found in
 * @param start index of its first char in the source
 * @param end index after its last char
 */
record Token(Type type, String source, int start, int end) {

  /** Longest part of a word that a message repeats. */
  private static final int MAX_SHOWN = 40;

  enum Type {
    SPACE,
    COMMENT,
    /** A keyword or a bare identifier. */
    WORD,
    /** An identifier in double quotes, backticks or brackets. */
    QUOTED_NAME,
    STRING,
    BLOB,
    NUMBER,
    PARAMETER,
    LEFT_PAREN,
    RIGHT_PAREN,
    COMMA,
    DOT,
    SEMICOLON,
    OPERATOR
  }

  String text() {
    return source.substring(start, end);
  }

  int length() {
    return end - start;
  }

  boolean is(Type other) {
    return type == other;
  }

  /** Whether SQLite's parser sees it: neither white space nor a comment. */
  boolean isSignificant() {
    return type != Type.SPACE && type != Type.COMMENT;
  }

  boolean isLiteral() {
    return type == Type.STRING || type == Type.BLOB || type == Type.NUMBER;
  }

  /**
   * Whether this is the given keyword, bare and in any case.
   *
   * <p>SQLite folds ASCII only; {@code String.equalsIgnoreCase} would also take the long s (U+017F)
   * for an S and the Kelvin sign for a K.
   *
   * @param keyword in upper case
   */
  boolean isWord(String keyword) {
    return type == Type.WORD && Ascii.matches(source, start, end, keyword);
  }

  /** Whether this names the given function or object, quoted or not, in any case. */
  boolean isName(String upperCaseName) {
    return switch (type) {
      case WORD -> Ascii.matches(source, start, end, upperCaseName);
      case QUOTED_NAME -> Ascii.matches(source, start + 1, end - 1, upperCaseName);
      default -> false;
    };
  }

  /** What a message may say of this token: never a literal, never what may turn out to be one. */
  String describe() {
    return switch (type) {
      case WORD ->
          length() <= MAX_SHOWN
              ? Ascii.upperCase(text())
              : Ascii.upperCase(source.substring(start, start + MAX_SHOWN)) + "…";
      case QUOTED_NAME -> "a quoted name";
      case STRING, BLOB, NUMBER -> "a literal";
      case PARAMETER -> "a parameter";
      default -> "'" + text() + "'";
    };
  }
}
