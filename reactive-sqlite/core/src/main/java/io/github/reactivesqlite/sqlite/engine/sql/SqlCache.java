package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.error.InvalidSqlException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps analysed statements by their text, up to a number of them. Thread-safe; no call waits for
 * another.
 *
 * <p>When it is full, statements that were not asked for since the last clean-up go first. Texts
 * that are malformed, or longer than {@link #MAX_TEXT_LENGTH}, are not kept.
 */
public final class SqlCache {

  /** Statements kept by default. */
  public static final int DEFAULT_CAPACITY = 512;

  /** Longest text that is kept, in chars (64 Ki). */
  public static final int MAX_TEXT_LENGTH = 64 * 1024;

  private final int capacity;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicBoolean evicting = new AtomicBoolean();

  /** Creates a cache of {@value #DEFAULT_CAPACITY} statements. */
  public SqlCache() {
    this(DEFAULT_CAPACITY);
  }

  /**
   * Creates a cache.
   *
   * @param capacity statements to keep; 0 keeps none
   * @throws IllegalArgumentException when the capacity is negative
   */
  public SqlCache(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("The capacity must not be negative");
    }
    this.capacity = capacity;
  }

  /**
   * The statement of a text, analysed now or before.
   *
   * @param sql a text that holds one statement
   * @return the statement
   * @throws InvalidSqlException as {@link SqlStatement#parse(String)} does
   */
  public SqlStatement statement(String sql) {
    Entry entry = entries.get(sql);
    if (entry != null) {
      // Read first: threads that share a hot statement then do not fight over its cache line.
      if (!entry.used) {
        entry.used = true;
      }
      return entry.statement;
    }
    SqlStatement statement = SqlStatement.parse(sql);
    if (sql.length() <= MAX_TEXT_LENGTH && hasRoom()) {
      entries.put(sql, new Entry(statement));
    }
    return statement;
  }

  /** How many statements are kept now; racing threads may each add one past the capacity. */
  public int size() {
    return entries.size();
  }

  /** False also while another thread makes room: what comes meanwhile is not kept. */
  private boolean hasRoom() {
    if (capacity > 0 && entries.size() >= capacity) {
      evict();
    }
    return entries.size() < capacity;
  }

  /** Frees an eighth of the room in at most two rounds: the first spares what was used. */
  private void evict() {
    if (!evicting.compareAndSet(false, true)) {
      return;
    }
    try {
      int target = capacity - Math.max(1, capacity / 8);
      for (int round = 0; round < 2 && entries.size() > target; round++) {
        Iterator<Entry> all = entries.values().iterator();
        for (int size = entries.size(); size > target && all.hasNext(); ) {
          Entry entry = all.next();
          if (entry.used) {
            entry.used = false;
          } else {
            all.remove();
            size--;
          }
        }
      }
    } finally {
      evicting.set(false);
    }
  }

  private static final class Entry {
    final SqlStatement statement;

    /** Asked for since the last clean-up; a hint, so it is not volatile. */
    boolean used;

    Entry(SqlStatement statement) {
      this.statement = statement;
    }
  }
}
