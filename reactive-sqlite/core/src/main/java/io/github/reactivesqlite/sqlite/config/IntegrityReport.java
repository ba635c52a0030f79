package io.github.reactivesqlite.sqlite.config;

import java.util.List;

/**
 * What an integrity check found.
 *
 * @param ok whether nothing is wrong
 * @param problems what is wrong, in the words of SQLite; empty if nothing is
 * @see <a href="https://www.sqlite.org/pragma.html#pragma_integrity_check">PRAGMA
 *     integrity_check</a>
 */
public record IntegrityReport(boolean ok, List<String> problems) {

  /** Copies the list. */
  public IntegrityReport {
    problems = List.copyOf(problems);
  }
}
