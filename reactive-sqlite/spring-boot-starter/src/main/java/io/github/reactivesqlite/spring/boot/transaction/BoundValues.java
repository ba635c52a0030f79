package io.github.reactivesqlite.spring.boot.transaction;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values are bound once, but used when the statement runs: what can change meanwhile is copied. */
final class BoundValues {

  private BoundValues() {}

  static @Nullable Object kept(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof ByteBuffer buffer) {
      ByteBuffer copy = ByteBuffer.allocate(buffer.remaining());
      copy.put(buffer.duplicate());
      return copy.flip();
    }
    if (value instanceof Object[] array) {
      return array.clone();
    }
    return value instanceof Collection<?> collection ? new ArrayList<>(collection) : value;
  }

  static Map<String, @Nullable Object> kept(Map<String, ? extends @Nullable Object> values) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    values.forEach((name, value) -> kept.put(name, kept(value)));
    return kept;
  }
}
