package io.github.reactivesqlite.sqlite.engine.sql;

/** Quotes identifiers for use in SQL text. */
public final class Identifiers {

  private Identifiers() {}

  /**
   * The name in double quotes, its own double quotes doubled: whatever it contains, SQLite reads it
   * as one identifier. Any thread.
   *
   * @param name a table, column or other name, as it is
   * @return the quoted name
   * @throws IllegalArgumentException when the name is empty, or contains NUL or an unpaired
   *     surrogate
   * @see <a href="https://www.sqlite.org/lang_keywords.html">lang_keywords.html</a>
   */
  public static String quote(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("An identifier must not be empty");
    }
    int bad = Unicode.firstUnencodable(name);
    if (bad >= 0) {
      throw new IllegalArgumentException(
          "An identifier must not contain NUL or an unpaired surrogate; there is one at index "
              + bad);
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
