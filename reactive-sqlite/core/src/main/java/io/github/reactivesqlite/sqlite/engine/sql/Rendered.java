package io.github.reactivesqlite.sqlite.engine.sql;

import java.util.Arrays;

/**
 * SQL for the driver, in which each parameter is written {@code ?N}, and the slots that its
 * parameters take. Immutable.
 *
 * <p>A parameter is known by its ordinal: its index in {@link SqlStatement#parameterNames()}, or
 * its position minus one. Slots count from 1, as JDBC and SQLite do.
 */
public final class Rendered {

  private final String sql;
  private final int slotCount;
  private final int[] firstSlots;
  private final int[] slots;

  Rendered(String sql, int slotCount, int[] firstSlots, int[] slots) {
    this.sql = sql;
    this.slotCount = slotCount;
    this.firstSlots = firstSlots;
    this.slots = slots;
  }

  /** The SQL to prepare. The same object for the same shape most of the time, so it hashes once. */
  public String sql() {
    return sql;
  }

  /** How many slots the prepared statement has. */
  public int slotCount() {
    return slotCount;
  }

  /** How many parameters the statement has; their ordinals run from 0 to one less. */
  public int parameterCount() {
    return firstSlots.length;
  }

  /**
   * The slot of a scalar, or the first one of a collection.
   *
   * @throws IndexOutOfBoundsException when the statement has no such parameter
   */
  public int firstSlot(int ordinal) {
    return firstSlots[ordinal];
  }

  /**
   * How many slots from {@link #firstSlot(int)} on a parameter takes: 1 for a scalar; for a
   * collection at least its size (the binder repeats the last value in the rest), 0 when it is
   * empty.
   *
   * @throws IndexOutOfBoundsException when the statement has no such parameter
   */
  public int slots(int ordinal) {
    return slots[ordinal];
  }

  boolean hasSlots(int[] wanted) {
    return Arrays.equals(slots, wanted);
  }
}
