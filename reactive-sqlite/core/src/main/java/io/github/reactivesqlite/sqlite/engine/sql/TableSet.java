package io.github.reactivesqlite.sqlite.engine.sql;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tables that a statement or a commit touches, in the schema's spelling; or all of them, where
 * nobody can say which. Immutable. Names are compared as SQLite does: the case of ASCII letters
 * does not count.
 */
public final class TableSet {

  /** No table. */
  public static final TableSet NONE = new TableSet(Map.of(), false);

  /** Any table. */
  public static final TableSet ALL = new TableSet(Map.of(), true);

  /** Spelling by folded name. */
  private final Map<String, String> names;

  private final boolean all;

  private TableSet(Map<String, String> names, boolean all) {
    this.names = names;
    this.all = all;
  }

  /** The given tables. */
  public static TableSet of(Collection<String> names) {
    Map<String, String> spelling = new LinkedHashMap<>();
    names.forEach(name -> spelling.putIfAbsent(folded(name), name));
    return spelling.isEmpty() ? NONE : new TableSet(spelling, false);
  }

  /** These tables and others. */
  public TableSet union(TableSet other) {
    if (all || other.isEmpty()) {
      return this;
    }
    if (other.all || isEmpty()) {
      return other;
    }
    if (names.keySet().containsAll(other.names.keySet())) {
      return this;
    }
    Map<String, String> united = new LinkedHashMap<>(names);
    other.names.forEach(united::putIfAbsent);
    return new TableSet(united, false);
  }

  /** Whether a table may be in both. */
  public boolean meets(TableSet other) {
    if (isEmpty() || other.isEmpty()) {
      return false;
    }
    return all || other.all || !Collections.disjoint(names.keySet(), other.names.keySet());
  }

  /** Whether no table is meant. */
  public boolean isEmpty() {
    return !all && names.isEmpty();
  }

  /** Whether any table may be meant. */
  public boolean all() {
    return all;
  }

  /** The tables as they are spelled; empty when any may be meant. */
  public Collection<String> names() {
    return Collections.unmodifiableCollection(names.values());
  }

  /** The tables as they are compared. */
  public Set<String> foldedNames() {
    return Collections.unmodifiableSet(names.keySet());
  }

  /** The spelling of a table that is in the set. */
  public @Nullable String spelling(String foldedName) {
    return names.get(foldedName);
  }

  /** A name as it is compared. */
  public static String folded(String name) {
    return Ascii.upperCase(name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableSet that && all == that.all && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + Boolean.hashCode(all);
  }

  @Override
  public String toString() {
    return all ? "all tables" : names.values().toString();
  }
}
