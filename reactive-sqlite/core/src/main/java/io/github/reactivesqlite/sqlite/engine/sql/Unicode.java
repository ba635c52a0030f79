package io.github.reactivesqlite.sqlite.engine.sql;

/** Finds chars that would not reach SQLite as they are written. */
final class Unicode {

  private Unicode() {}

  /**
   * Index of the first NUL (SQLite would stop reading there) or surrogate without a partner (UTF-8
   * encoding would put a question mark in its place, which SQLite takes for a parameter); -1 when
   * there is none.
   */
  static int firstUnencodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        return i;
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
