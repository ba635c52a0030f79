package io.github.reactivesqlite.sqlite.engine.bind;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.Rendered;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement.ParameterStyle;
import io.github.reactivesqlite.sqlite.engine.value.StorageValues;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of one statement, encoded as they are bound. Immutable through {@code with…}; the
 * {@code set…} methods are for an owner that shares it with nobody.
 */
public final class Bindings {

  /** Stands for a parameter that has no value yet. */
  private static final Object UNBOUND = new Object();

  /** The encoded values of a collection. */
  private static final class Expanded {
    private final @Nullable Object[] values;

    Expanded(@Nullable Object[] values) {
      this.values = values;
    }
  }

  private final SqlStatement statement;
  private final @Nullable Object[] values;
  private boolean expanded;

  private Bindings(SqlStatement statement, @Nullable Object[] values, boolean expanded) {
    this.statement = statement;
    this.values = values;
    this.expanded = expanded;
  }

  /** No value bound yet. */
  public static Bindings of(SqlStatement statement) {
    @Nullable Object[] values = new @Nullable Object[statement.parameterCount()];
    Arrays.fill(values, UNBOUND);
    return new Bindings(statement, values, false);
  }

  /** The statement. */
  public SqlStatement statement() {
    return statement;
  }

  /** A copy with one named value more. */
  public Bindings with(String name, @Nullable Object value) {
    return copy().set(name, value);
  }

  /** A copy with one positional value more. */
  public Bindings with(int index, @Nullable Object value) {
    return copy().set(index, value);
  }

  /** A copy with several named values more. */
  public Bindings withAll(Map<String, ? extends @Nullable Object> more) {
    Bindings copy = copy();
    more.forEach(copy::set);
    return copy;
  }

  private Bindings copy() {
    return new Bindings(statement, values.clone(), expanded);
  }

  /** Sets a named value in place. */
  public Bindings set(String name, @Nullable Object value) {
    int ordinal = statement.parameterOrdinal(name);
    if (ordinal < 0) {
      throw new IllegalArgumentException(unknownName(name));
    }
    Object @Nullable [] elements = elements(value);
    if (elements == null) {
      values[ordinal] = StorageValues.toStorage(value);
    } else if (statement.acceptsCollection(name)) {
      @Nullable Object[] encoded = new @Nullable Object[elements.length];
      for (int i = 0; i < elements.length; i++) {
        encoded[i] = StorageValues.toStorage(elements[i]);
      }
      values[ordinal] = new Expanded(encoded);
      expanded = true;
    } else {
      throw new IllegalArgumentException(
          "A collection was bound to :"
              + name
              + ", which does not stand alone in IN (:"
              + name
              + "). Only there a collection expands");
    }
    return this;
  }

  /** Sets a positional value in place. */
  public Bindings set(int index, @Nullable Object value) {
    if (statement.parameterStyle() != ParameterStyle.POSITIONAL || !statement.usesPosition(index)) {
      throw new IllegalArgumentException(unknownIndex(index));
    }
    if (elements(value) != null) {
      throw new IllegalArgumentException(
          "A collection was bound to position "
              + index
              + ". Collections expand only at a name that stands alone in IN (:name)");
    }
    values[index - 1] = StorageValues.toStorage(value);
    return this;
  }

  private static Object @Nullable [] elements(@Nullable Object value) {
    if (value instanceof Collection<?> collection) {
      return collection.toArray();
    }
    if (value != null && value.getClass().isArray() && !(value instanceof byte[])) {
      Object[] elements = new Object[Array.getLength(value)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = Array.get(value, i);
      }
      return elements;
    }
    return null;
  }

  private String unknownName(String name) {
    return switch (statement.parameterStyle()) {
      case NAMED ->
          "The statement has no parameter :"
              + name
              + "; it has :"
              + String.join(", :", statement.parameterNames());
      case POSITIONAL -> "The statement has positional parameters; use bind(1, ...), not a name";
      case NONE -> "The statement has no parameters, so nothing can be bound to :" + name;
    };
  }

  private String unknownIndex(int index) {
    return switch (statement.parameterStyle()) {
      case NAMED ->
          "The statement has named parameters; use bind(\"name\", ...), not position " + index;
      case POSITIONAL ->
          "The statement has no parameter at position "
              + index
              + "; positions count from 1, and its highest is "
              + statement.positionalCount();
      case NONE -> "The statement has no parameters, so nothing can be bound to position " + index;
    };
  }

  /**
   * The statement with all its values.
   *
   * @throws InvalidSqlException if a value is missing
   */
  public BoundSql bound() {
    requireComplete();
    if (!expanded) {
      return new BoundSql(
          statement, statement.scalarSql(), values.length == 0 ? null : gapsAsNull());
    }
    return expand();
  }

  /** Positions that the text does not use still have a slot. */
  private @Nullable Object[] gapsAsNull() {
    @Nullable Object[] slots = values.clone();
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] == UNBOUND) {
        slots[i] = null;
      }
    }
    return slots;
  }

  private void requireComplete() {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == UNBOUND && isUsed(i)) {
        String parameter =
            statement.parameterStyle() == ParameterStyle.NAMED
                ? ":" + statement.parameterNames().get(i)
                : "position " + (i + 1);
        throw new InvalidSqlException(
            "No value was bound to "
                + parameter
                + ". Bind every parameter before subscribing; bind null for SQL NULL",
            new ErrorDetails(0, null, statement.maskedText()));
      }
    }
  }

  private boolean isUsed(int ordinal) {
    return statement.parameterStyle() == ParameterStyle.NAMED
        || statement.usesPosition(ordinal + 1);
  }

  private BoundSql expand() {
    Map<String, Integer> sizes = new HashMap<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Expanded collection) {
        sizes.put(statement.parameterNames().get(i), collection.values.length);
      }
    }
    Rendered rendered = statement.render(sizes);
    @Nullable Object[] slots = new @Nullable Object[rendered.slotCount()];
    for (int i = 0; i < values.length; i++) {
      int first = rendered.firstSlot(i) - 1;
      if (values[i] instanceof Expanded collection) {
        fill(slots, first, rendered.slots(i), collection.values);
      } else {
        slots[first] = values[i];
      }
    }
    return new BoundSql(statement, rendered.sql(), slots.length == 0 ? null : slots);
  }

  /** Slots are padded to a power of two by repeating the last value, which changes no answer. */
  private static void fill(
      @Nullable Object[] slots, int first, int count, @Nullable Object[] elements) {
    for (int i = 0; i < count; i++) {
      slots[first + i] = elements[Math.min(i, elements.length - 1)];
    }
  }

  /** Whether a collection is bound, so that the text depends on the values. */
  public boolean hasCollections() {
    return expanded;
  }
}
