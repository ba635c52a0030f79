package io.github.reactivesqlite.sqlite.engine.sql;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tables that a statement or a commit touches, in the schema's spelling; or all of them, where
 * nobody can say which. Immutable.
 *
 * @param names the tables; without meaning when {@code all} is set
 * @param all whether any table may be meant
 */
public record TableSet(Set<String> names, boolean all) {

  /** No table. */
  public static final TableSet NONE = new TableSet(Set.of(), false);

  /** Any table. */
  public static final TableSet ALL = new TableSet(Set.of(), true);

  /** The given tables. */
  public static TableSet of(Collection<String> names) {
    return names.isEmpty()
        ? NONE
        : new TableSet(Collections.unmodifiableSet(new LinkedHashSet<>(names)), false);
  }

  /** These tables and others. */
  public TableSet union(TableSet other) {
    if (all || other.isEmpty()) {
      return this;
    }
    if (other.all || isEmpty()) {
      return other;
    }
    Set<String> united = new LinkedHashSet<>(names);
    united.addAll(other.names);
    return united.size() == names.size() ? this : of(united);
  }

  /** Whether no table is meant. */
  public boolean isEmpty() {
    return !all && names.isEmpty();
  }

  /** A name as SQLite compares it: the case of ASCII letters does not count. */
  public static String folded(String name) {
    return Ascii.upperCase(name);
  }
}
