package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to which table. Thread-safe; the writer only asks, and never waits. Those who come,
 * go and move take turns: one that goes while it is moved would stay under its new tables for good.
 *
 * <p>A listener is under its new tables before it leaves its old ones, so that no commit finds it
 * nowhere.
 */
final class Listeners {

  private final Map<String, Set<Listener>> byTable = new ConcurrentHashMap<>();
  private final Map<Listener, TableSet> tablesOf = new ConcurrentHashMap<>();
  private final Set<Listener> toEverything = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();

  boolean isEmpty() {
    return count.get() == 0;
  }

  /** Adds a listener, or moves it to other tables. */
  synchronized void put(Listener listener, TableSet tables) {
    TableSet before = tablesOf.put(listener, tables);
    if (before == null) {
      count.incrementAndGet();
    }
    add(listener, tables);
    if (before != null) {
      remove(listener, before, tables);
    }
  }

  synchronized void remove(Listener listener) {
    TableSet before = tablesOf.remove(listener);
    if (before != null) {
      remove(listener, before, TableSet.NONE);
      count.decrementAndGet();
    }
  }

  private void add(Listener listener, TableSet tables) {
    if (tables.all()) {
      toEverything.add(listener);
      return;
    }
    for (String table : tables.foldedNames()) {
      byTable.compute(
          table,
          (name, set) -> {
            Set<Listener> all = set == null ? ConcurrentHashMap.newKeySet() : set;
            all.add(listener);
            return all;
          });
    }
  }

  private void remove(Listener listener, TableSet before, TableSet kept) {
    if (before.all()) {
      if (!kept.all()) {
        toEverything.remove(listener);
      }
      return;
    }
    for (String table : before.foldedNames()) {
      if (kept.all() || !kept.foldedNames().contains(table)) {
        byTable.computeIfPresent(
            table,
            (name, set) -> {
              set.remove(listener);
              return set.isEmpty() ? null : set;
            });
      }
    }
  }

  /** Whether a commit concerns anybody. The writer's thread. */
  boolean concerns(TableSet tables) {
    if (isEmpty()) {
      return false;
    }
    // Whoever has left this set is already under his tables
    if (tables.all() || !toEverything.isEmpty()) {
      return true;
    }
    for (String table : tables.foldedNames()) {
      if (byTable.containsKey(table)) {
        return true;
      }
    }
    return false;
  }

  /** Those whom a commit concerns. */
  Set<Listener> concernedBy(TableSet tables) {
    if (tables.all()) {
      return all();
    }
    Set<Listener> concerned = new LinkedHashSet<>(toEverything);
    for (String table : tables.foldedNames()) {
      @Nullable Set<Listener> listeners = byTable.get(table);
      if (listeners != null) {
        concerned.addAll(listeners);
      }
    }
    return concerned;
  }

  Set<Listener> all() {
    return new LinkedHashSet<>(tablesOf.keySet());
  }
}
