package io.github.reactivesqlite;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.RowMappingException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What there is to know about a record class before the first row. Immutable. */
final class RecordShape {

  private static final MethodType ARRAY_TO_OBJECT =
      MethodType.methodType(Object.class, Object[].class);
  private static final Pattern PLAIN_NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$.]*");

  private final Class<?> type;
  private final List<Component> components;
  private final MethodHandle constructor; // (Object[])Object

  private RecordShape(Class<?> type, List<Component> components, MethodHandle constructor) {
    this.type = type;
    this.components = components;
    this.constructor = constructor;
  }

  static RecordShape of(Class<?> type) {
    RecordComponent[] declared = type.getRecordComponents();
    if (declared.length == 0) {
      throw refusal(type, "it has no component to fill");
    }
    List<Component> components = new ArrayList<>(declared.length);
    for (RecordComponent component : declared) {
      components.add(component(type, component));
    }
    return new RecordShape(type, List.copyOf(components), constructor(type, declared));
  }

  /**
   * Finds the column of each component: the name as it is, else without regard to case, else
   * without regard to case and underscores.
   *
   * @return positions from 1, in the order of the components
   */
  int[] resolve(List<String> columns) {
    int[] positions = new int[components.size()];
    for (int i = 0; i < positions.length; i++) {
      Component component = components.get(i);
      int position = component.positionIn(columns);
      if (position < 1) {
        throw failure(
            component, "has no column; the row has " + describe(columns) + ": select it, or alias");
      }
      for (int earlier = 0; earlier < i; earlier++) {
        if (positions[earlier] == position) {
          throw failure(
              component,
              "and component "
                  + components.get(earlier).name
                  + " both match column "
                  + position
                  + "; the row has "
                  + describe(columns)
                  + ": select both, or rename one");
        }
      }
      positions[i] = position;
    }
    return positions;
  }

  Object construct(Row row, int[] positions) throws Exception {
    @Nullable Object[] values = new @Nullable Object[positions.length];
    for (int i = 0; i < values.length; i++) {
      Component component = components.get(i);
      Object value = row.get(positions[i], component.readAs);
      if (value == null && component.primitive) {
        throw failure(
            component,
            "is primitive and its column, number "
                + positions[i]
                + ", is NULL: declare it as "
                + component.readAs.getSimpleName()
                + ", or use COALESCE in the SQL");
      }
      values[i] = value;
    }
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new RowMappingException(
          "the constructor of " + type.getTypeName() + " failed", ErrorDetails.NONE, e);
    }
  }

  private static Component component(Class<?> type, RecordComponent component) {
    Class<?> raw = component.getType();
    String name = component.getName();
    if (raw.isRecord()) {
      throw refusal(
          type,
          "component " + name + " is a record itself: use flat components, or write a RowMapper");
    }
    if (raw == Optional.class) {
      throw refusal(
          type, "component " + name + " is an Optional: use the type itself, NULL gives null");
    }
    if (!(component.getGenericType() instanceof Class)) {
      throw refusal(
          type,
          "component "
              + name
              + " has the generic type "
              + component.getGenericType().getTypeName()
              + ": use a scalar type, or write a RowMapper");
    }
    if (!ScalarTypes.isScalar(raw)) {
      throw refusal(
          type,
          "component "
              + name
              + " has the type "
              + raw.getTypeName()
              + ", which Row.get does not support: use a scalar type, or write a RowMapper");
    }
    return new Component(
        name, foldName(name), MethodType.methodType(raw).wrap().returnType(), raw.isPrimitive());
  }

  private static MethodHandle constructor(Class<?> type, RecordComponent[] components) {
    Class<?>[] parameters = new Class<?>[components.length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = components[i].getType();
    }
    MethodHandle constructor;
    try {
      constructor =
          lookup(type).findConstructor(type, MethodType.methodType(void.class, parameters));
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw refusal(
          type,
          "its constructor is not accessible: open package "
              + type.getPackageName()
              + " to module io.github.reactivesqlite, or make the record public and export it");
    }
    return constructor.asSpreader(Object[].class, parameters.length).asType(ARRAY_TO_OBJECT);
  }

  private static MethodHandles.Lookup lookup(Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    } catch (IllegalAccessException e) {
      return MethodHandles.publicLookup(); // a module that exports the package without opening it
    }
  }

  private RowMappingException failure(Component component, String what) {
    return new RowMappingException(
        "component " + component.name + " of " + type.getTypeName() + " " + what,
        ErrorDetails.NONE);
  }

  private static IllegalArgumentException refusal(Class<?> type, String why) {
    return new IllegalArgumentException(
        "rows cannot be mapped to record " + type.getTypeName() + ": " + why);
  }

  /** An unaliased expression is named by its own text, which may hold a literal: not shown. */
  private static String describe(List<String> columns) {
    List<String> shown = new ArrayList<>(columns.size());
    for (String column : columns) {
      shown.add(PLAIN_NAME.matcher(column).matches() ? column : "(expression)");
    }
    return "the columns " + shown;
  }

  private static String foldName(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private record Component(String name, String folded, Class<?> readAs, boolean primitive) {

    private int positionIn(List<String> columns) {
      int position = columns.indexOf(name) + 1;
      for (int i = 0; position == 0 && i < columns.size(); i++) {
        if (columns.get(i).equalsIgnoreCase(name)) {
          position = i + 1;
        }
      }
      for (int i = 0; position == 0 && i < columns.size(); i++) {
        if (foldName(columns.get(i)).equals(folded)) {
          position = i + 1;
        }
      }
      return position;
    }
  }
}
