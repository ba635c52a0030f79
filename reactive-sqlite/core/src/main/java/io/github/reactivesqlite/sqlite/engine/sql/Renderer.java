package io.github.reactivesqlite.sqlite.engine.sql;

import io.github.reactivesqlite.sqlite.engine.sql.Placeholders.Place;
import java.util.Arrays;
import java.util.Map;

/** Writes a statement's parameters as the driver is to see them. */
final class Renderer {

  private Renderer() {}

  /** One slot for each parameter. */
  static Rendered scalar(String text, Placeholders placeholders) {
    int[] slots = new int[placeholders.count()];
    Arrays.fill(slots, 1);
    return render(text, placeholders, slots);
  }

  static Rendered render(String text, Placeholders placeholders, int[] slots) {
    int[] firstSlots = new int[slots.length];
    int next = 1;
    for (int i = 0; i < slots.length; i++) {
      firstSlots[i] = next;
      next += slots[i];
    }
    if (placeholders.places().isEmpty()) {
      return new Rendered(text, 0, firstSlots, slots);
    }
    StringBuilder sql = new StringBuilder(text.length() + 4 * next);
    int copied = 0;
    for (Place place : placeholders.places()) {
      sql.append(text, copied, place.start());
      int first = firstSlots[place.ordinal()];
      for (int slot = first; slot < first + slots[place.ordinal()]; slot++) {
        sql.append(slot == first ? "?" : ",?").append(slot);
      }
      copied = place.end();
    }
    sql.append(text, copied, text.length());
    return new Rendered(sql.toString(), next - 1, firstSlots, slots);
  }

  /**
   * The slots each parameter takes when some are bound to collections: sizes are padded to a power
   * of two, so that few different statements arise; where the padding does not fit, they stay.
   */
  static int[] slots(
      SqlStatement statement, Placeholders placeholders, Map<String, Integer> sizes) {
    int[] exact = new int[placeholders.count()];
    Arrays.fill(exact, 1);
    int[] padded = exact.clone();
    long exactTotal = exact.length;
    long paddedTotal = exact.length;
    for (Map.Entry<String, Integer> entry : sizes.entrySet()) {
      int size = entry.getValue();
      if (size < 0) {
        throw new IllegalArgumentException("The size of a collection must not be negative");
      }
      Integer ordinal = placeholders.ordinals().get(entry.getKey());
      if (ordinal == null) {
        throw new IllegalArgumentException(
            "The statement has no parameter :"
                + entry.getKey()
                + "; it has "
                + placeholders.ordinals().keySet());
      }
      if (!placeholders.collections().get(ordinal)) {
        throw SqlErrors.invalid(
            "Parameter :"
                + entry.getKey()
                + " cannot take a collection: only a name that stands nowhere but alone in"
                + " IN (:name) can",
            statement.maskedText());
      }
      exact[ordinal] = size;
      exactTotal += size - 1L;
      padded[ordinal] = (int) Math.min(Integer.MAX_VALUE, powerOfTwo(size));
      paddedTotal += padded[ordinal] - 1L;
    }
    if (exactTotal > SqlStatement.MAX_PARAMETERS) {
      throw SqlErrors.invalid(
          "The collections bring the statement to "
              + exactTotal
              + " parameters, and SQLite takes "
              + SqlStatement.MAX_PARAMETERS
              + ": run it for smaller chunks, or join a temporary"
              + " table or json_each(:array) with one JSON array bound to it",
          statement.maskedText());
    }
    return paddedTotal > SqlStatement.MAX_PARAMETERS ? exact : padded;
  }

  private static long powerOfTwo(int size) {
    return size <= 1 ? size : Long.highestOneBit(size - 1L) << 1;
  }
}
