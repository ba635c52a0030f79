package io.github.reactivesqlite.spring.boot;

import java.util.Locale;

/** The property holds something that other tools take for a database, but no path of a file. */
final class NotAPathException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean inMemory;

  NotAPathException(String text) {
    super("\"" + text + "\" is not the path of a file");
    String lower = text.toLowerCase(Locale.ROOT);
    inMemory = lower.contains(":memory:") || lower.contains("mode=memory");
  }

  /** Whether a database in memory was meant. */
  boolean isInMemory() {
    return inMemory;
  }
}
