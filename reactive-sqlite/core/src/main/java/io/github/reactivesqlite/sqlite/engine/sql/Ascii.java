package io.github.reactivesqlite.sqlite.engine.sql;

/** Character classes and case folding as SQLite's tokenizer has them: ASCII only. */
final class Ascii {

  private Ascii() {}

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isHexDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  /** Whether white space may begin with it. */
  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }

  /** Whether white space may go on with it: a vertical tab may follow but not begin. */
  static boolean isSpaceInside(char c) {
    return isSpace(c) || c == '\u000B';
  }

  /** Whether an identifier may begin with it: every char beyond ASCII may. */
  static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$';
  }

  static boolean matches(String text, int start, int end, String upperCase) {
    if (end - start != upperCase.length()) {
      return false;
    }
    for (int i = 0; i < upperCase.length(); i++) {
      if (upper(text.charAt(start + i)) != upperCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static String upperCase(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      result.append(upper(text.charAt(i)));
    }
    return result.toString();
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
  }
}
