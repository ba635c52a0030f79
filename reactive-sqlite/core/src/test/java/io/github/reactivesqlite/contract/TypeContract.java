package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.RowMappingException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java values that are stored in a column and come back equal. */
abstract class TypeContract extends ReactiveDatabaseContract {

  record Everything(
      long id,
      @Nullable Boolean flag,
      @Nullable UUID key,
      @Nullable Instant at,
      @Nullable DayOfWeek day,
      @Nullable BigDecimal price,
      byte @Nullable [] content) {}

  @BeforeEach
  void createTable() {
    await(db().script("CREATE TABLE kept (id INTEGER PRIMARY KEY, v)"));
  }

  static Stream<Object> values() {
    return Stream.of(
        true,
        false,
        (byte) -128,
        Short.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1.5f,
        Math.PI,
        -0.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        'x',
        "",
        "text with ' \" : ? ; -- and \u0000 and 😀 and \u200d",
        "x".repeat(100_000),
        UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
        DayOfWeek.FRIDAY,
        new BigDecimal("12345678901234567890.12345678901234567890"),
        new BigDecimal("1E+400"),
        new BigDecimal("0.100"),
        new BigInteger("123456789012345678901234567890"),
        Instant.parse("2024-02-29T23:59:59.123456789Z"),
        Instant.EPOCH,
        LocalDate.of(2024, 2, 29),
        LocalTime.of(23, 59, 59, 1),
        LocalTime.MIDNIGHT,
        LocalDateTime.of(2024, 2, 29, 0, 0),
        OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(-11)),
        OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHoursMinutes(5, 45)),
        ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, ZoneId.of("Europe/Berlin")),
        Year.of(2024),
        YearMonth.of(2024, 2),
        MonthDay.of(2, 29),
        Duration.ofNanos(-1),
        Period.of(1, 2, 3),
        ZoneId.of("Europe/Berlin"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valueComesBackEqual(Object value) {
    await(db().update("INSERT INTO kept (v) VALUES (:v)").bind("v", value).rowsUpdated());
    Class<?> type = value instanceof ZoneId ? ZoneId.class : value.getClass();

    assertThat((Object) get(db().query("SELECT v FROM kept").mapTo(type).one())).isEqualTo(value);
    assertThat((Object) get(db().query("SELECT :v").bind("v", value).mapTo(type).one()))
        .isEqualTo(value);
    assertThat(
            (Object)
                get(
                    db().update("UPDATE kept SET v = ? RETURNING v")
                        .bind(1, value)
                        .returning(type)
                        .one()))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("values")
  void storedValueIsFoundByItself(Object value) {
    await(db().update("INSERT INTO kept (v) VALUES (?)").bind(1, value).rowsUpdated());

    assertThat(
            get(
                db().query("SELECT count(*) FROM kept WHERE v = :v AND v IN (:vs)")
                    .bind("v", value)
                    .bind("vs", List.of(value))
                    .mapTo(Integer.class)
                    .one()))
        .isEqualTo(1);
  }

  @Test
  void timesWhoseTextWouldNotSortAreRefused() {
    for (Object value :
        List.of(
            Instant.parse("-0044-03-15T12:00:00Z"),
            Instant.MAX,
            LocalDate.of(-44, 3, 15),
            LocalDateTime.MAX)) {
      assertThat(thrownBy(() -> db().query("SELECT ?").bind(1, value)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void bytesComeBackAsAnArrayAndAsABuffer() {
    byte[] bytes = {0, 1, -1, 127, -128};
    await(db().update("INSERT INTO kept (v) VALUES (?)").bind(1, bytes).rowsUpdated());
    await(
        db().update("INSERT INTO kept (v) VALUES (?)")
            .bind(1, ByteBuffer.wrap(bytes, 1, 3))
            .rowsUpdated());

    assertThat(all(db().query("SELECT v FROM kept ORDER BY id").mapTo(byte[].class).all()))
        .containsExactly(bytes, new byte[] {1, -1, 127});
    assertThat(all(db().query("SELECT v FROM kept ORDER BY id").mapTo(ByteBuffer.class).all()))
        .containsExactly(ByteBuffer.wrap(bytes), ByteBuffer.wrap(new byte[] {1, -1, 127}));
  }

  @Test
  void bytesThatChangeAfterBindAreNotSeen() {
    byte[] bytes = {1, 2, 3};
    var update = db().update("INSERT INTO kept (v) VALUES (?)").bind(1, bytes);
    bytes[0] = 9;

    await(update.rowsUpdated());

    assertThat(get(db().query("SELECT v FROM kept").mapTo(byte[].class).one()))
        .containsExactly(1, 2, 3);
  }

  @Test
  void recordOfManyTypesIsReadBack() {
    Instant now = Instant.parse("2024-05-06T07:08:09.000000001Z");
    UUID key = UUID.fromString("00000000-0000-4000-8000-000000000000");
    var query =
        db().query(
                "SELECT 1 AS id, :f AS flag, :k AS key, :t AS at, :d AS day, :p AS price, :c"
                    + " AS content");

    Everything read =
        get(
            query
                .bind("f", true)
                .bind("k", key)
                .bind("t", now)
                .bind("d", DayOfWeek.MONDAY)
                .bind("p", new BigDecimal("9.90"))
                .bind("c", new byte[] {1})
                .mapTo(Everything.class)
                .one());
    Everything empty =
        get(
            query
                .bind("f", null)
                .bind("k", null)
                .bind("t", null)
                .bind("d", null)
                .bind("p", null)
                .bind("c", null)
                .mapTo(Everything.class)
                .one());

    assertThat(read)
        .usingRecursiveComparison()
        .isEqualTo(
            new Everything(
                1, true, key, now, DayOfWeek.MONDAY, new BigDecimal("9.90"), new byte[] {1}));
    assertThat(empty)
        .usingRecursiveComparison()
        .isEqualTo(new Everything(1, null, null, null, null, null, null));
  }

  @Test
  void valueThatDoesNotFitIsAnErrorAndNeverCutOff() {
    await(
        db().script(
                "INSERT INTO kept VALUES (1, 5000000000), (2, 'abc'), (3, 2), (4, 1.5), (5, 0.1)"));

    assertThat(readingOf(1, Integer.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(1, Byte.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(2, Long.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(2, UUID.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(2, Instant.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(2, DayOfWeek.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(3, Boolean.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(4, Long.class)).isInstanceOf(RowMappingException.class);
    assertThat(readingOf(5, BigDecimal.class))
        .as("a binary fraction is no decimal")
        .isInstanceOf(RowMappingException.class);
  }

  @Test
  void errorOfAReadingShowsNoValue() {
    await(db().update("INSERT INTO kept VALUES (1, 'deep-secret')").rowsUpdated());

    for (Throwable cause = readingOf(1, Long.class); cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("deep-secret");
    }
  }

  private Throwable readingOf(long id, Class<?> type) {
    return errorOf(db().query("SELECT v FROM kept WHERE id = ?").bind(1, id).mapTo(type).one());
  }
}
