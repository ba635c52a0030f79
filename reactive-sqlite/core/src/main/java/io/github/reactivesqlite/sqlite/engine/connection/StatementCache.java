package io.github.reactivesqlite.sqlite.engine.connection;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prepared statements of one connection, least recently used first out. A statement in use is
 * never closed by eviction; one that the driver has closed after an error is forgotten. Used by the
 * connection's thread only.
 */
final class StatementCache {

  private final int capacity;
  private final Map<String, EngineStatement> statements = new LinkedHashMap<>(64, 0.75f, true);

  StatementCache(int capacity) {
    this.capacity = capacity;
  }

  /** A free statement of this text, now in use; {@code null} without one. */
  @Nullable EngineStatement take(String sql) {
    EngineStatement statement = statements.get(sql);
    if (statement == null || statement.isInUse()) {
      return null;
    }
    statement.inUse(true);
    return statement;
  }

  /** Adds a statement in use, unless its text is there already. */
  void add(EngineStatement statement) {
    statement.inUse(true);
    if (capacity == 0 || statements.putIfAbsent(statement.sql(), statement) != null) {
      return;
    }
    statement.cached(true);
    if (statements.size() > capacity) {
      evictOne();
    }
  }

  private void evictOne() {
    Iterator<EngineStatement> oldestFirst = statements.values().iterator();
    while (oldestFirst.hasNext()) {
      EngineStatement candidate = oldestFirst.next();
      if (!candidate.isInUse()) {
        oldestFirst.remove();
        candidate.close();
        return;
      }
    }
  }

  /** Takes a statement back. */
  void release(EngineStatement statement) {
    statement.inUse(false);
    if (statement.isDead()) {
      if (statement.isCached()) {
        statements.remove(statement.sql());
      }
    } else if (!statement.isCached()) {
      statement.close();
    }
  }

  /** Forgets all statements that are not in use; those in use are closed when they come back. */
  void clear() {
    List<EngineStatement> all = new ArrayList<>(statements.values());
    statements.clear();
    for (EngineStatement statement : all) {
      statement.cached(false);
      if (!statement.isInUse()) {
        statement.close();
      }
    }
  }

  int size() {
    return statements.size();
  }
}
