package io.github.reactivesqlite.spring.boot;

import java.util.Locale;

/** The property holds something that other tools take for a database, but no path of a file. */
final class NotAPathException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String text;

  NotAPathException(String text) {
    super("\"" + text + "\" is not the path of a file");
    this.text = text.toLowerCase(Locale.ROOT);
  }

  /** What to do about it. */
  String advice(String property) {
    if (text.contains(":memory:") || text.contains("mode=memory")) {
      return "There is no database in memory: none of SQLite's keeps the promises of the library."
          + " For tests, point "
          + property
          + " to a temporary directory, or declare a bean with SqliteDatabase.temporary().";
    }
    if (text.contains("${")) {
      return "Set the property that the placeholder in " + property + " names.";
    }
    return text.startsWith("~")
        ? "Write ${user.home} in place of ~ into " + property + ": only shells know what ~ means."
        : "Write the plain path of the file into " + property + ", without the prefix of a URL.";
  }
}
