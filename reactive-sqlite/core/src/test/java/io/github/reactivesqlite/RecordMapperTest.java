package io.github.reactivesqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.sqlite.engine.value.ColumnNames;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordMapperTest {

  record Account(long id, String ownerName, @Nullable Instant createdAt) {}

  private static final String TIME = "2026-01-31T08:05:00.000000000Z";

  @Nested
  class Names {

    @Test
    void snakeCaseCamelCaseAndOtherCasesMatch() throws Exception {
      Account expected = new Account(1, "Ada", Instant.parse(TIME));

      assertThat(map(Account.class, row("id", 1L, "owner_name", "Ada", "created_at", TIME)))
          .isEqualTo(expected);
      assertThat(map(Account.class, row("createdAt", TIME, "ownerName", "Ada", "id", 1L)))
          .isEqualTo(expected);
      assertThat(map(Account.class, row("ID", 1L, "OWNER_NAME", "Ada", "CREATEDAT", TIME)))
          .isEqualTo(expected);
    }

    record Awkward(String htmlURL, int line2, String snake_case) {}

    @Test
    void acronymsDigitsAndUnderscoresMatch() throws Exception {
      assertThat(map(Awkward.class, row("html_url", "u", "line_2", 2L, "snakeCase", "s")))
          .isEqualTo(new Awkward("u", 2, "s"));
      assertThat(map(Awkward.class, row("htmlurl", "u", "line2", 2L, "SNAKE_CASE", "s")))
          .isEqualTo(new Awkward("u", 2, "s"));
    }

    record One(String userName) {}

    @Test
    void theClosestSpellingWins() throws Exception {
      assertThat(
              map(One.class, row("user_name", "snake", "USERNAME", "upper", "userName", "exact")))
          .isEqualTo(new One("exact"));
      assertThat(map(One.class, row("user_name", "snake", "USERNAME", "upper")))
          .isEqualTo(new One("upper"));
    }

    @Test
    void firstOfEqualColumnsWins() throws Exception {
      assertThat(map(One.class, row("userName", "first", "userName", "second")))
          .isEqualTo(new One("first"));
    }

    @Test
    void otherColumnsAreIgnored() throws Exception {
      assertThat(map(One.class, row("x", new byte[1], "user_name", "Ada", "y", null)))
          .isEqualTo(new One("Ada"));
    }

    @Test
    void missingColumnNamesTheComponentAndTheColumns() {
      assertThatThrownBy(() -> map(Account.class, row("id", 1L, "owner", "Ada", "'s3cret'", 1L)))
          .isInstanceOf(RowMappingException.class)
          .hasMessageContaining("component ownerName of ")
          .hasMessageContaining("has no column; the row has the columns [id, owner, (expression)]")
          .hasMessageNotContaining("s3cret");
    }

    record Twins(String userId, String user_id) {}

    @Test
    void twoComponentsNeverShareAColumn() throws Exception {
      assertThat(map(Twins.class, row("user_id", "b", "userid", "a")))
          .isEqualTo(new Twins("a", "b"));
      assertThatThrownBy(() -> map(Twins.class, row("user_id", "b")))
          .isInstanceOf(RowMappingException.class)
          .hasMessageContaining("component user_id")
          .hasMessageContaining("component userId both match column 1");
    }
  }

  @Nested
  class Values {

    record Everything(
        boolean flag,
        byte b,
        short s,
        int i,
        float f,
        double d,
        char c,
        Long boxed,
        byte[] blob,
        BigDecimal price,
        UUID key,
        DayOfWeek day,
        Object any) {}

    @Test
    void everyKindOfComponentIsRead() throws Exception {
      UUID key = new UUID(1, 2);
      Row row =
          row(
              "flag",
              1L,
              "b",
              2L,
              "s",
              3L,
              "i",
              4L,
              "f",
              0.5,
              "d",
              6L,
              "c",
              "x",
              "boxed",
              null,
              "blob",
              new byte[] {1},
              "price",
              "1.10",
              "key",
              key.toString(),
              "day",
              "MONDAY",
              "any",
              5L);
      assertThat(map(Everything.class, row))
          .usingRecursiveComparison()
          .isEqualTo(
              new Everything(
                  true,
                  (byte) 2,
                  (short) 3,
                  4,
                  0.5f,
                  6.0,
                  'x',
                  null,
                  new byte[] {1},
                  new BigDecimal("1.10"),
                  key,
                  DayOfWeek.MONDAY,
                  5L));
    }

    @Test
    void nullIntoAPrimitiveNamesTheComponentAndTheRemedy() {
      assertThatThrownBy(
              () -> map(Account.class, row("owner_name", "Ada", "created_at", TIME, "id", null)))
          .isInstanceOf(RowMappingException.class)
          .hasMessageContaining("component id of ")
          .hasMessageContaining("number 3, is NULL")
          .hasMessageContaining("declare it as Long")
          .hasMessageContaining("COALESCE");
    }

    @Test
    void nullIntoAnObjectIsNull() throws Exception {
      assertThat(map(Account.class, row("id", 1L, "owner_name", null, "created_at", null)))
          .isEqualTo(new Account(1, null, null));
    }

    @Test
    void unreadableValueNamesTheColumn() {
      assertThatThrownBy(
              () -> map(Account.class, row("id", "s3cret", "owner_name", "A", "created_at", TIME)))
          .isInstanceOf(RowMappingException.class)
          .hasMessageContaining("column id (number 1): cannot read TEXT as long")
          .hasMessageNotContaining("s3cret");
    }

    record Positive(long n) {
      Positive {
        if (n <= 0) {
          throw new IllegalStateException("not positive");
        }
      }
    }

    @Test
    void theConstructorRunsAndItsExceptionComesThrough() throws Exception {
      assertThat(map(Positive.class, row("n", 1L))).isEqualTo(new Positive(1));
      assertThatThrownBy(() -> map(Positive.class, row("n", 0L)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("not positive");
    }
  }

  @Nested
  class Classes {

    private record Hidden(int n) {
      private Hidden {}
    }

    @Test
    void privateAndLocalRecordsWork() throws Exception {
      record Local(int n) {}

      assertThat(map(Hidden.class, row("n", 1L))).isEqualTo(new Hidden(1));
      assertThat(map(Local.class, row("n", 1L))).isEqualTo(new Local(1));
    }

    record Second(int n, String text) {
      Second(int n) {
        this(n, "other constructor");
      }
    }

    @Test
    void theCanonicalConstructorIsTheOneCalled() throws Exception {
      assertThat(map(Second.class, row("n", 1L, "text", "canonical")))
          .isEqualTo(new Second(1, "canonical"));
    }

    @Test
    void recordOfAModuleNeedsAnExportedOrOpenPackage(@TempDir Path folder) throws Exception {
      Path sources = folder.resolve("sources");
      write(sources.resolve("module-info.java"), "module closed { exports closed.api; }");
      write(
          sources.resolve("closed/api/Shown.java"),
          "package closed.api; public record Shown(int n) {}");
      write(
          sources.resolve("closed/inner/Kept.java"),
          "package closed.inner; public record Kept(int n) {}");
      Path classes = folder.resolve("classes");
      int failed =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-d",
                  classes.toString(),
                  sources.resolve("module-info.java").toString(),
                  sources.resolve("closed/api/Shown.java").toString(),
                  sources.resolve("closed/inner/Kept.java").toString());
      assertThat(failed).isZero();
      ModuleLayer boot = ModuleLayer.boot();
      Configuration configuration =
          boot.configuration()
              .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("closed"));
      ClassLoader loader =
          boot.defineModulesWithOneLoader(configuration, getClass().getClassLoader())
              .findLoader("closed");

      assertThat(map(loader.loadClass("closed.api.Shown"), row("n", 1L))).hasToString("Shown[n=1]");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RowMapper.of(loader.loadClass("closed.inner.Kept")))
          .withMessageContaining("open package closed.inner to module io.github.reactivesqlite");
    }

    private static void write(Path file, String text) throws IOException {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }

    record Generic<T>(T value) {}

    record WithList(List<String> values) {}

    record Inner(int n) {}

    record Outer(Inner inner) {}

    record Maybe(Optional<String> text) {}

    record Unsupported(Thread thread) {}

    record Empty() {}

    class NotARecord {}

    @Test
    void shapesThatNoRowCanFillAreRefusedAtOnce() {
      assertRefused(Generic.class, "component value has the generic type T");
      assertRefused(WithList.class, "component values has the generic type java.util.List<");
      assertRefused(Outer.class, "component inner is a record itself");
      assertRefused(Maybe.class, "component text is an Optional");
      assertRefused(Unsupported.class, "component thread has the type java.lang.Thread");
      assertRefused(Empty.class, "no component");
      assertRefused(NotARecord.class, "neither a record nor a type that Row.get supports");
      assertRefused(List.class, "java.util.List");
      assertRefused(void.class, "void");
    }

    private void assertRefused(Class<?> type, String why) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RowMapper.of(type))
          .withMessageContaining(type.getTypeName())
          .withMessageContaining(why);
    }
  }

  @Nested
  class Scalars {

    @Test
    void theOnlyColumnIsRead() throws Exception {
      assertThat(map(String.class, row("x", "text"))).isEqualTo("text");
      assertThat(map(long.class, row("x", 5L))).isEqualTo(5L);
      assertThat(map(Integer.class, row("x", 5L))).isEqualTo(5);
      assertThat(map(DayOfWeek.class, row("x", "FRIDAY"))).isEqualTo(DayOfWeek.FRIDAY);
    }

    @Test
    void nullIsNull() throws Exception {
      assertThat(map(String.class, row("x", null))).isNull();
      assertThat(map(long.class, row("x", null))).isNull();
    }

    @Test
    void severalColumnsOrNoneAreAnError() {
      assertThatThrownBy(() -> map(String.class, row("x", "a", "y", "b")))
          .isInstanceOf(RowMappingException.class)
          .hasMessageContaining("java.lang.String")
          .hasMessageContaining("it has 2");
      assertThatThrownBy(() -> map(String.class, row()))
          .isInstanceOf(RowMappingException.class)
          .hasMessageContaining("it has 0");
    }
  }

  private static <T> T map(Class<T> type, Row row) throws Exception {
    return RowMapper.of(type).map(row);
  }

  /** A row of alternating names and stored values. */
  private static Row row(Object... cells) {
    List<String> names = new ArrayList<>();
    Object[] values = new Object[cells.length / 2];
    for (int i = 0; i < values.length; i++) {
      names.add((String) cells[2 * i]);
      values[i] = cells[2 * i + 1];
    }
    return new StoredRow(ColumnNames.of(names), values);
  }
}
