package io.github.reactivesqlite.demo.library;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns what somebody typed into a query of FTS5: every word must occur, the last one may be
 * unfinished. Each word is quoted, so none of it is an operator.
 *
 * @see <a href="https://www.sqlite.org/fts5.html#full_text_query_syntax">FTS5 query syntax</a>
 */
final class FtsQuery {

  static final int MOST_WORDS = 16;

  static String of(String typed) {
    List<String> words =
        Arrays.stream(typed.split("[\\s\\p{Cntrl}\\p{Cs}]+"))
            .filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit))
            .toList();
    if (words.isEmpty()) {
      throw RejectedException.invalid("A search needs at least one word.");
    }
    if (words.size() > MOST_WORDS) {
      throw RejectedException.invalid("A search takes at most " + MOST_WORDS + " words.");
    }
    return words.stream()
        .map(word -> "\"" + word.replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining(" ", "", "*"));
  }

  private FtsQuery() {}
}
