package io.github.reactivesqlite;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one COMMIT may have changed; or several, merged, when the subscriber was slower than the
 * commits. Immutable. It names tables, not rows, and says <em>may</em>: a statement that wrote the
 * same values again counts as a change.
 *
 * @param tables the tables, of those listened to, in the schema's spelling; virtual tables under
 *     their own name. Iterated in alphabetical order
 * @param everything whether any table may have changed: another process committed, or the schema is
 *     another one. {@code tables} are then all that were named, which are none when none were
 */
public record ChangeSet(Set<String> tables, boolean everything) {

  /** Copies the names. */
  public ChangeSet {
    tables = Collections.unmodifiableSet(sorted(tables));
  }

  private static Set<String> sorted(Set<String> names) {
    Set<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    sorted.addAll(names);
    return sorted;
  }

  /**
   * Whether a table may have changed.
   *
   * @param table its name; case does not matter, as it does not to SQLite
   * @return true also when everything may have changed
   */
  public boolean mayTouch(String table) {
    return everything || tables.contains(table);
  }

  /**
   * This change and another one, as one.
   *
   * @param other the other one
   * @return the union
   */
  public ChangeSet merge(ChangeSet other) {
    Set<String> united = sorted(tables);
    united.addAll(other.tables);
    return new ChangeSet(united, everything || other.everything);
  }
}
