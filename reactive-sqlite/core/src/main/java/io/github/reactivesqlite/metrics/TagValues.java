package io.github.reactivesqlite.metrics;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the values of one tag: the first ones get through, all later ones share one value. A known
 * value costs one look-up and allocates nothing.
 */
final class TagValues {

  private final ConcurrentHashMap<String, String> known = new ConcurrentHashMap<>();
  private final int limit;
  private final String overflow;
  private volatile boolean full;

  TagValues(int limit, String overflow) {
    this.limit = limit;
    this.overflow = overflow;
  }

  String of(@Nullable String value) {
    if (value == null || value.equals(MeterNames.NONE)) {
      return MeterNames.NONE;
    }
    String tagValue = known.get(value);
    if (tagValue != null) {
      return tagValue;
    }
    return full || value.equals(overflow) ? overflow : add(value);
  }

  private synchronized String add(String value) {
    if (known.containsKey(value)) {
      return value;
    }
    if (full) {
      return overflow;
    }
    known.put(value, value);
    full = known.size() >= limit;
    return value;
  }
}
