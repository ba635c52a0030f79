package io.github.reactivesqlite.spring.boot.transaction;

import java.util.Locale;
import java.util.Set;

/** The first word of a statement, as a low-cardinality name; no SQL text beyond it. */
final class OperationName {

  private static final Set<String> KNOWN =
      Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "WITH");

  private OperationName() {}

  static String of(String sql) {
    String text = sql.stripLeading();
    int end = 0;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    String word = text.substring(0, end).toUpperCase(Locale.ROOT);
    return KNOWN.contains(word) ? word : "WRITE";
  }
}
