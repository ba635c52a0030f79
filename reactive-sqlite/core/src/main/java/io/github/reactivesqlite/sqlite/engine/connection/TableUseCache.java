package io.github.reactivesqlite.sqlite.engine.connection;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What statements use, by text and schema version, so that each is explained once. Thread-safe;
 * shared by connections of one kind, since what a text means depends on the pragmas and temporary
 * triggers of its connection.
 */
public final class TableUseCache {

  private static final int CAPACITY = 1_024;

  private record Key(String sql, long schemaVersion) {}

  private final Map<Key, TableUse> uses = new ConcurrentHashMap<>();

  /** What is known of a text. */
  public @Nullable TableUse get(String sql, long schemaVersion) {
    return uses.get(new Key(sql, schemaVersion));
  }

  /** Remembers; a full cache starts over, which costs one EXPLAIN per text in use. */
  public void put(String sql, long schemaVersion, TableUse use) {
    if (uses.size() >= CAPACITY) {
      uses.clear();
    }
    uses.put(new Key(sql, schemaVersion), use);
  }

  /** Forgets everything. */
  public void clear() {
    uses.clear();
  }
}
