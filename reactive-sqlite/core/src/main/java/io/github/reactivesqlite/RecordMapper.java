package io.github.reactivesqlite;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.RowMappingException;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds records from rows. Names are resolved once per list of columns, never per row: rows of one
 * statement share the instance that {@link Row#columns()} returns, so an identity check is enough.
 *
 * <p>A mapper that is shared meets several such lists (one per connection, others for other
 * statements). The newest few are kept in an immutable chain behind one volatile field; a lost
 * update costs a second resolution and nothing else.
 *
 * @param <T> the record class
 */
final class RecordMapper<T> implements RowMapper<T> {

  private static final int MAX_PLANS = 16;

  /** The shape of a record class never changes, and finding it out is the slow part. */
  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return RecordShape.of(type);
        }
      };

  private final RecordShape shape;
  private volatile @Nullable Plan newest;

  private RecordMapper(RecordShape shape) {
    this.shape = shape;
  }

  static <T> RowMapper<T> forType(Class<T> type) {
    Objects.requireNonNull(type, "type");
    if (ScalarTypes.isScalar(type)) {
      return scalar(type);
    }
    if (type.isRecord()) {
      return new RecordMapper<>(SHAPES.get(type));
    }
    throw new IllegalArgumentException(
        "rows cannot be mapped to "
            + type.getTypeName()
            + ": it is neither a record nor a type that Row.get supports; write a RowMapper for"
            + " it");
  }

  @Override
  @SuppressWarnings("unchecked") // forType pairs a shape with the class it was made from
  public T map(Row row) throws Exception {
    return (T) shape.construct(row, positions(row.columns()));
  }

  private static <T> RowMapper<T> scalar(Class<T> type) {
    // The wrapper, so that NULL comes out as null for a primitive type too.
    @SuppressWarnings("unchecked")
    Class<T> boxed = (Class<T>) MethodType.methodType(type).wrap().returnType();
    return row -> {
      int columns = row.columns().size();
      if (columns != 1) {
        throw new RowMappingException(
            "a row can be mapped to "
                + type.getTypeName()
                + " only when it has one column, and it has "
                + columns
                + ": select the one column, or map to a record",
            ErrorDetails.NONE);
      }
      return row.get(1, boxed);
    };
  }

  private int[] positions(List<String> columns) {
    Plan head = newest;
    int depth = 0;
    for (Plan plan = head; plan != null; plan = plan.older) {
      if (plan.columns == columns) {
        return plan.positions;
      }
      depth++;
    }
    Plan added = new Plan(columns, shape.resolve(columns), depth < MAX_PLANS ? head : null);
    newest = added;
    return added.positions;
  }

  /** Where each component is found in one list of columns. Immutable after construction. */
  private static final class Plan {

    private final List<String> columns;
    private final int[] positions;
    private final @Nullable Plan older;

    private Plan(List<String> columns, int[] positions, @Nullable Plan older) {
      this.columns = columns;
      this.positions = positions;
      this.older = older;
    }
  }
}
