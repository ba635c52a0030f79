package io.github.reactivesqlite.sqlite.engine.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.Row;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.RowMappingException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StoredRowTest {

  private static final String SECRET = "s3cret";

  private final ColumnNames names =
      ColumnNames.of(List.of("id", "price", "Name", "data", "nothing", "NAME"));
  private final StoredRow row =
      new StoredRow(names, new Object[] {7L, 1.5, SECRET, new byte[] {1}, null, "second"});

  @Nested
  class Getters {

    @Test
    void readByPositionAndByNameInAnyCase() {
      assertThat(row.getLong(1)).isEqualTo(7);
      assertThat(row.getLong("ID")).isEqualTo(7);
      assertThat(row.getInt(1)).isEqualTo(7);
      assertThat(row.getInt("id")).isEqualTo(7);
      assertThat(row.getDouble(2)).isEqualTo(1.5);
      assertThat(row.getDouble("Price")).isEqualTo(1.5);
      assertThat(row.getDouble("id")).isEqualTo(7.0);
      assertThat(row.getString(3)).isEqualTo(SECRET);
      assertThat(row.getString("name")).isEqualTo(SECRET);
      assertThat(row.getBytes(4)).containsExactly(1);
      assertThat(row.getBytes("data")).containsExactly(1);
      assertThat(row.get(1, Integer.class)).isEqualTo(7);
      assertThat(row.get("id", BigDecimal.class)).isEqualTo(BigDecimal.valueOf(7));
      assertThat(row.get("id", int.class)).isEqualTo(7);
    }

    @Test
    void booleanIsZeroOrOne() {
      StoredRow flags = rowOf(0L, 1L, 2L);
      assertThat(flags.getBoolean(1)).isFalse();
      assertThat(flags.getBoolean("b")).isTrue();
      assertFails(
          () -> flags.getBoolean("c"), "column c (number 3): cannot read INTEGER as boolean");
    }

    @Test
    void nullIsNullForObjects() {
      assertThat(row.getString("nothing")).isNull();
      assertThat(row.getBytes(5)).isNull();
      assertThat(row.get("nothing", Instant.class)).isNull();
      assertThat(row.get(5, Object.class)).isNull();
    }

    @Test
    void arraysAreFresh() {
      row.getBytes("data")[0] = 9;
      row.get("data", byte[].class)[0] = 9;
      ((byte[]) row.get("data", Object.class))[0] = 9;
      assertThat(row.getBytes("data")).containsExactly(1);
    }

    @Test
    void columnsAreTheSameInstance() {
      assertThat(row.columns()).isSameAs(row.columns()).isSameAs(names.asList());
    }
  }

  @Nested
  class Errors {

    @Test
    void nullAsPrimitiveSaysWhatToDo() {
      String expected = "column nothing (number 5): cannot read NULL as %s: ";
      assertFails(() -> row.getLong("nothing"), expected.formatted("long"));
      assertFails(() -> row.getInt(5), expected.formatted("int"));
      assertFails(() -> row.getDouble("nothing"), expected.formatted("double"));
      assertFails(() -> row.getBoolean(5), expected.formatted("boolean"));
      assertFails(() -> row.get(5, char.class), expected.formatted("char"));
      assertThatThrownBy(() -> row.getLong(5)).hasMessageContaining("COALESCE");
    }

    @Test
    void wrongClassNamesColumnPositionClassAndType() {
      assertFails(() -> row.getLong("name"), "column Name (number 3): cannot read TEXT as long");
      assertFails(() -> row.getInt("data"), "column data (number 4): cannot read BLOB as int");
      assertFails(() -> row.getLong(2), "column price (number 2): cannot read REAL as long");
      assertFails(() -> row.getDouble(3), "cannot read TEXT as double");
      assertFails(() -> row.getString(1), "cannot read INTEGER as java.lang.String");
      assertFails(() -> row.getBytes(3), "cannot read TEXT as byte[]");
      assertFails(() -> row.get(3, Instant.class), "cannot read TEXT as java.time.Instant");
    }

    @Test
    void outOfRangeIsNotCutOff() {
      assertFails(() -> rowOf(1L << 32).getInt(1), "cannot read INTEGER as int");
      assertFails(() -> rowOf(Long.MAX_VALUE).getDouble(1), "cannot read INTEGER as double");
    }

    @Test
    void unknownColumnListsTheColumns() {
      assertFails(
          () -> row.getLong("prize"),
          "there is no column prize; the row has the columns [id, price, Name, data, nothing,"
              + " NAME]");
      assertFails(() -> row.getLong(0), "there is no column number 0; the row has columns 1 to 6");
      assertFails(() -> row.get(7, Long.class), "there is no column number 7");
      assertFails(() -> row.getString(-1), "there is no column number -1");
    }

    @Test
    void unsupportedTypeIsAMappingErrorEvenForNull() {
      assertFails(() -> row.get("nothing", Thread.class), "java.lang.Thread");
      assertFails(() -> row.get(1, void.class), "void");
    }

    @Test
    void expressionsThatMayHoldLiteralsAreNotShown() {
      StoredRow expression =
          new StoredRow(ColumnNames.of(List.of("'s3cret'", "1 + 5", "total")), new Object[3]);
      assertFails(() -> expression.getLong("x"), "the columns [(expression), (expression), total]");
      assertFails(() -> expression.getLong(1), "column (expression) (number 1)");
    }

    @Test
    void detailsOfTheStatementAreCarried() {
      ErrorDetails details = ErrorDetails.NONE.withLabel("load").withSql("SELECT a FROM t");
      Row labelled =
          new RowSupport() {
            @Override
            protected ColumnNames columnNames() {
              return names;
            }

            @Override
            protected @Nullable Object value(int index) {
              return null;
            }

            @Override
            protected ErrorDetails errorDetails() {
              return details;
            }
          };
      assertThatThrownBy(() -> labelled.getLong(1))
          .isInstanceOfSatisfying(
              RowMappingException.class, e -> assertThat(e.details()).isEqualTo(details));
    }
  }

  @Nested
  class FastPaths {

    /** Fails the test when a fast path is asked for a value that is not of its class. */
    private final RowSupport live =
        new RowSupport() {
          private final Object[] values = {7L, 1.5, "text", new byte[] {1}, null};
          private final ColumnNames five = ColumnNames.of(List.of("a", "b", "c", "d", "e"));

          @Override
          protected ColumnNames columnNames() {
            return five;
          }

          @Override
          protected @Nullable Object value(int index) {
            return values[index - 1];
          }

          @Override
          protected int storageClass(int index) {
            return index;
          }

          @Override
          protected long longValue(int index) {
            assertThat(index).isEqualTo(INTEGER);
            return 70;
          }

          @Override
          protected double doubleValue(int index) {
            assertThat(index).isEqualTo(REAL);
            return 15;
          }

          @Override
          protected @Nullable String stringValue(int index) {
            assertThat(index).isEqualTo(TEXT);
            return "fast";
          }

          @Override
          protected byte @Nullable [] bytesValue(int index) {
            assertThat(index).isEqualTo(BLOB);
            return new byte[] {9};
          }
        };

    @Test
    void serveTheirOwnStorageClass() {
      assertThat(live.getLong(1)).isEqualTo(70);
      assertThat(live.getInt(1)).isEqualTo(70);
      assertThat(live.getDouble(2)).isEqualTo(15);
      assertThat(live.getString(3)).isEqualTo("fast");
      assertThat(live.getBytes(4)).containsExactly(9);
    }

    @Test
    void areNotAskedForAnyOther() {
      assertThat(live.getDouble(1)).isEqualTo(7);
      assertThat(live.getString(5)).isNull();
      assertThat(live.getBytes(5)).isNull();
      assertFails(() -> live.getLong(2), "cannot read REAL as long");
      assertFails(() -> live.getString(4), "cannot read BLOB as java.lang.String");
      assertFails(() -> live.getBytes(3), "cannot read TEXT as byte[]");
      assertFails(() -> live.getInt(5), "cannot read NULL as int");
    }
  }

  @Test
  void sizeCoversItsValues() {
    assertThat(rowOf().sizeInBytes()).isPositive();
    assertThat(rowOf(1L).sizeInBytes() - rowOf().sizeInBytes())
        .isGreaterThanOrEqualTo(StorageValues.sizeOf(1L));
    assertThat(rowOf("x".repeat(1_000)).sizeInBytes()).isBetween(2_000, 2_200);
  }

  @Test
  void takesOneValuePerColumn() {
    assertThatIllegalArgumentException().isThrownBy(() -> new StoredRow(names, new Object[5]));
  }

  private static StoredRow rowOf(Object... values) {
    return new StoredRow(ColumnNames.of(List.of("a", "b", "c").subList(0, values.length)), values);
  }

  private static void assertFails(Runnable getter, String message) {
    assertThatThrownBy(getter::run)
        .isInstanceOf(RowMappingException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining(SECRET)
        .hasNoCause();
  }
}
