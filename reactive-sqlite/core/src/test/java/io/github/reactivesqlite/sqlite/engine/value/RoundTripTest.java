package io.github.reactivesqlite.sqlite.engine.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Through a real database file and back, in the affinities that keep a form as it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundTripTest {

  private enum Plain {
    FIRST,
    SECOND
  }

  private enum WithBody {
    ONE {
      @Override
      int value() {
        return 1;
      }
    };

    abstract int value();
  }

  private static final String EVERYTHING_IN_TEXT =
      "a'b\"c\\ \t\r\n"
          + "\u0000\u0001\u007f\u0085\u2028\uFEFF\uFFFE\uFFFF Ünïcödé שלום 漢字 😀\uDBFF\uDFFF";

  private Connection connection;

  @BeforeAll
  void open(@TempDir Path folder) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("values.db"));
    execute("CREATE TABLE plain (v)");
    execute("CREATE TABLE strict (i INTEGER, r REAL, t TEXT, b BLOB) STRICT");
    execute("CREATE TABLE affine (i INTEGER, n NUMERIC, r REAL, t TEXT)");
  }

  @AfterAll
  void close() throws SQLException {
    connection.close();
  }

  static Stream<Arguments> values() {
    return Stream.of(
            of(Boolean.class, true, false),
            of(boolean.class, true, false),
            of(Byte.class, Byte.MIN_VALUE, (byte) 0, Byte.MAX_VALUE),
            of(byte.class, Byte.MIN_VALUE),
            of(Short.class, Short.MIN_VALUE, Short.MAX_VALUE),
            of(short.class, Short.MAX_VALUE),
            of(Integer.class, Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE),
            of(int.class, Integer.MIN_VALUE),
            of(Long.class, Long.MIN_VALUE, -1L, 0L, 1L << 31, Long.MAX_VALUE),
            of(long.class, Long.MAX_VALUE),
            of(
                Float.class,
                0.1f,
                -0.0f,
                Float.MIN_VALUE,
                Float.MAX_VALUE,
                Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY),
            of(float.class, 1.5f),
            of(
                Double.class,
                0.1,
                0.1 + 0.2,
                -0.0,
                0.0,
                1e23,
                9_007_199_254_740_993.0,
                Double.MIN_VALUE,
                Double.MIN_NORMAL,
                Double.MAX_VALUE,
                -Double.MAX_VALUE,
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY),
            of(double.class, Math.PI),
            of(Character.class, 'x', '\u0000', '\uFFFF', 'é'),
            of(char.class, '漢'),
            of(String.class, "", " ", "\u0000", "a\u0000b", "😀", "1.0", EVERYTHING_IN_TEXT),
            of(
                BigDecimal.class,
                BigDecimal.ZERO,
                new BigDecimal("0.00"),
                new BigDecimal("1.10"),
                new BigDecimal("1E+3"),
                new BigDecimal("-1E-30"),
                new BigDecimal("1E+1000000000"),
                new BigDecimal("0E-2147483647"),
                new BigDecimal("12345678901234567890.12345678901234567890")),
            of(
                BigInteger.class,
                BigInteger.ZERO,
                BigInteger.valueOf(Long.MIN_VALUE),
                BigInteger.TWO.pow(200).negate()),
            of(
                UUID.class,
                new UUID(0, 0),
                new UUID(-1, -1),
                UUID.fromString("7f1a4e7c-9b1d-4c55-8f0e-a2c6d8e4b001")),
            of(Plain.class, Plain.FIRST, Plain.SECOND),
            of(WithBody.class, WithBody.ONE),
            of(Month.class, Month.MAY),
            of(DayOfWeek.class, DayOfWeek.SUNDAY),
            of(TimeUnit.class, TimeUnit.DAYS),
            of(byte[].class, new byte[0], new byte[] {0, -1, 127, -128}, new byte[100_000]),
            of(
                ByteBuffer.class,
                ByteBuffer.allocate(0),
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                ByteBuffer.allocateDirect(4).putInt(0, 42).asReadOnlyBuffer()),
            times(),
            of(Duration.class, durations()),
            of(
                Period.class,
                Period.ZERO,
                Period.of(1, -2, 3),
                Period.of(Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE)),
            of(ZoneId.class, zones()),
            of(
                ZoneOffset.class,
                ZoneOffset.UTC,
                ZoneOffset.MIN,
                ZoneOffset.MAX,
                ZoneOffset.ofHoursMinutesSeconds(-1, -2, -3)),
            of(Date.class, new Date(0), new Date(-1), new Date(1_767_225_600_123L)))
        .flatMap(list -> list);
  }

  private static Stream<Arguments> times() {
    LocalTime odd = LocalTime.of(23, 59, 58, 7);
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    LocalDateTime overlap = LocalDateTime.of(2026, 10, 25, 2, 30);
    return Stream.of(
            of(
                Instant.class,
                Instant.EPOCH,
                Instant.ofEpochSecond(-1, 1),
                Instant.ofEpochSecond(0, 999_999_999),
                Instant.parse("0000-01-01T00:00:00Z"),
                Instant.parse("9999-12-31T23:59:59.999999999Z")),
            of(
                LocalDate.class,
                LocalDate.of(0, 1, 1),
                LocalDate.of(9999, 12, 31),
                LocalDate.of(2024, 2, 29)),
            of(LocalTime.class, LocalTime.MIDNIGHT, LocalTime.MAX, LocalTime.NOON, odd),
            of(
                LocalDateTime.class,
                LocalDate.of(0, 1, 1).atStartOfDay(),
                LocalDate.of(9999, 12, 31).atTime(LocalTime.MAX),
                LocalDate.of(2024, 2, 29).atTime(odd)),
            of(
                OffsetDateTime.class,
                LocalDate.of(0, 1, 1).atStartOfDay().atOffset(ZoneOffset.MAX),
                LocalDate.of(9999, 12, 31).atTime(LocalTime.MAX).atOffset(ZoneOffset.MIN),
                LocalDate.of(2024, 2, 29).atTime(odd).atOffset(ZoneOffset.UTC),
                LocalDate.of(1890, 1, 1)
                    .atTime(odd)
                    .atOffset(ZoneOffset.ofHoursMinutesSeconds(0, 53, 28))),
            of(
                OffsetTime.class,
                odd.atOffset(ZoneOffset.ofHours(-3)),
                LocalTime.MIDNIGHT.atOffset(ZoneOffset.UTC)),
            of(
                ZonedDateTime.class,
                overlap.atZone(berlin).withEarlierOffsetAtOverlap(),
                overlap.atZone(berlin).withLaterOffsetAtOverlap(),
                LocalDate.of(1880, 1, 1).atTime(odd).atZone(berlin),
                overlap.atZone(ZoneOffset.ofHours(2)),
                overlap.atZone(ZoneOffset.UTC),
                overlap.atZone(ZoneId.of("UTC")),
                overlap.atZone(ZoneId.of("UT+03:00")),
                overlap.atZone(ZoneId.of("GMT"))),
            of(Year.class, Year.of(2026), Year.of(Year.MIN_VALUE), Year.of(Year.MAX_VALUE)),
            of(YearMonth.class, YearMonth.of(2026, 1), YearMonth.of(0, 12), YearMonth.of(9999, 12)),
            of(MonthDay.class, MonthDay.of(2, 29), MonthDay.of(12, 31)))
        .flatMap(list -> list);
  }

  private static Object[] durations() {
    return new Object[] {
      Duration.ZERO,
      Duration.ofNanos(-1),
      Duration.ofMillis(-1500),
      Duration.ofSeconds(Long.MIN_VALUE),
      Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)
    };
  }

  private static Object[] zones() {
    return new Object[] {
      ZoneId.of("Europe/Berlin"), ZoneId.of("UTC"), ZoneId.of("GMT+2"), ZoneOffset.ofHours(5)
    };
  }

  private static Stream<Arguments> of(Class<?> type, Object... values) {
    return Stream.of(values).map(value -> arguments(type, value));
  }

  @ParameterizedTest(name = "{0} #{index}")
  @MethodSource("values")
  void readsBackEqualFromAColumnWithoutType(Class<?> type, Object value) throws SQLException {
    Object stored = StorageValues.toStorage(value);

    Object fetched = through("plain", "v", stored);

    assertThat(StorageValues.storageClass(fetched)).isEqualTo(StorageValues.storageClass(stored));
    assertThat((Object) StorageValues.fromStorage(fetched, type)).isEqualTo(value);
  }

  @ParameterizedTest(name = "{0} #{index}")
  @MethodSource("values")
  void readsBackEqualFromAStrictColumnOfItsStorageClass(Class<?> type, Object value)
      throws SQLException {
    Object stored = StorageValues.toStorage(value);
    String column = StorageValues.storageClass(stored).substring(0, 1);

    Object fetched = through("strict", column, stored);

    // A REAL column keeps whole numbers as integers in the file, and so no sign of zero.
    Object expected = value.equals(-0.0) ? (Object) 0.0 : value.equals(-0.0f) ? 0.0f : value;
    assertThat((Object) StorageValues.fromStorage(fetched, type)).isEqualTo(expected);
  }

  @Nested
  class Order {

    @Test
    void textOfInstantsSortsByTime() throws SQLException {
      Random random = new Random(42);
      List<Instant> instants = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        long second = -62_167_219_200L + (long) (random.nextDouble() * 315_569_520_000L);
        instants.add(Instant.ofEpochSecond(second, i % 5 == 0 ? 0 : random.nextInt(1_000_000_000)));
        instants.add(instants.get(0).plusNanos(random.nextInt(2_000) - 1_000));
      }
      assertSorted(Instant.class, instants);
    }

    @Test
    void textOfLocalDatesAndTimesSortsByTime() throws SQLException {
      Random random = new Random(43);
      List<LocalDate> dates = new ArrayList<>();
      List<LocalTime> times = new ArrayList<>();
      List<LocalDateTime> both = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        LocalDate date = LocalDate.of(random.nextInt(10_000), 1 + random.nextInt(12), 28);
        LocalTime time = LocalTime.ofSecondOfDay(random.nextInt(86_400));
        dates.add(date);
        times.add(i % 3 == 0 ? time : time.withNano(random.nextInt(1_000_000_000)));
        both.add(dates.get(i % 10).atTime(times.get(i)));
      }
      assertSorted(LocalDate.class, dates);
      assertSorted(LocalTime.class, times);
      assertSorted(LocalDateTime.class, both);
    }

    @Test
    void yearsAndMonthsSortByTime() throws SQLException {
      assertSorted(Year.class, List.of(Year.of(10_000), Year.of(-5), Year.of(2026), Year.of(0)));
      assertSorted(
          YearMonth.class,
          List.of(YearMonth.of(2026, 10), YearMonth.of(2026, 9), YearMonth.of(7, 1)));
    }

    @SuppressWarnings("unchecked")
    private <T extends Comparable<? super T>> void assertSorted(Class<T> type, List<T> values)
        throws SQLException {
      execute("DELETE FROM plain");
      for (T value : values) {
        insert("plain", "v", StorageValues.toStorage(value));
      }
      List<T> fetched = new ArrayList<>();
      try (PreparedStatement select =
              connection.prepareStatement("SELECT v FROM plain ORDER BY v");
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          fetched.add(StorageValues.fromStorage(widened(rows.getObject(1)), type));
        }
      }
      List<T> expected = new ArrayList<>(values);
      Collections.sort(expected, (Comparator<T>) Comparator.naturalOrder());
      assertThat(fetched).isEqualTo(expected);
    }
  }

  @Nested
  class Affinity {

    @Test
    void decimalInANumericColumnIsRefusedWhenItBecameFloatingPoint() throws SQLException {
      Object fetched = through("affine", "n", StorageValues.toStorage(new BigDecimal("1.10")));

      assertThat(fetched).isEqualTo(1.1);
      assertThatThrownBy(() -> StorageValues.fromStorage(fetched, BigDecimal.class))
          .isInstanceOf(UnreadableValueException.class)
          .hasMessageContaining("cannot read REAL as java.math.BigDecimal")
          .hasMessageContaining("declare it TEXT");
    }

    @Test
    void wholeDecimalInANumericColumnReadsWithScaleZero() throws SQLException {
      Object fetched = through("affine", "n", StorageValues.toStorage(new BigDecimal("7.00")));

      assertThat(StorageValues.fromStorage(fetched, BigDecimal.class))
          .isEqualTo(new BigDecimal("7"));
    }

    @Test
    void hugeIntegerInAnIntegerColumnIsRefused() throws SQLException {
      Object stored = StorageValues.toStorage(BigInteger.TWO.pow(80));
      Object fetched = through("affine", "i", stored);

      assertThatThrownBy(() -> StorageValues.fromStorage(fetched, BigInteger.class))
          .isInstanceOf(UnreadableValueException.class);
    }

    @Test
    void smallBigIntegerInAnIntegerColumnReadsBackEqual() throws SQLException {
      Object fetched = through("affine", "i", StorageValues.toStorage(BigInteger.TEN));

      assertThat(fetched).isEqualTo(10L);
      assertThat(StorageValues.fromStorage(fetched, BigInteger.class)).isEqualTo(BigInteger.TEN);
    }

    @Test
    void wholeDoubleInAnIntegerColumnReadsBackEqual() throws SQLException {
      assertThat(through("affine", "i", 5.0)).isEqualTo(5L);
      assertThat(StorageValues.fromStorage(5L, Double.class)).isEqualTo(5.0);
    }

    @Test
    void wholeNumberInARealColumnIsNotSilentlyALongAgain() throws SQLException {
      Object fetched = through("affine", "r", 5L);

      assertThatThrownBy(() -> StorageValues.fromStorage(fetched, Long.class))
          .isInstanceOf(UnreadableValueException.class)
          .hasMessageContaining("cannot read REAL as long")
          .hasMessageContaining("CAST");
    }

    @Test
    void timestampsWrittenBySqlFunctionsAreRead() throws SQLException {
      try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT datetime(0, 'unixepoch'), date(0, 'unixepoch'), time(0, 'unixepoch'),"
                      + " strftime('%Y-%m-%dT%H:%M:%fZ', 0.25, 'unixepoch')");
          ResultSet row = select.executeQuery()) {
        assertThat(StorageValues.fromStorage(row.getString(1), LocalDateTime.class))
            .isEqualTo(LocalDate.EPOCH.atStartOfDay());
        assertThat(StorageValues.fromStorage(row.getString(2), LocalDate.class))
            .isEqualTo(LocalDate.EPOCH);
        assertThat(StorageValues.fromStorage(row.getString(3), LocalTime.class))
            .isEqualTo(LocalTime.MIDNIGHT);
        assertThat(StorageValues.fromStorage(row.getString(4), Instant.class))
            .isEqualTo(Instant.ofEpochMilli(250));
      }
    }
  }

  private Object through(String table, String column, Object stored) throws SQLException {
    execute("DELETE FROM " + table);
    insert(table, column, stored);
    try (PreparedStatement select =
            connection.prepareStatement("SELECT " + column + " FROM " + table);
        ResultSet row = select.executeQuery()) {
      return widened(row.getObject(1));
    }
  }

  private void insert(String table, String column, Object stored) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " (" + column + ") VALUES (?)")) {
      insert.setObject(1, stored);
      insert.execute();
    }
  }

  /** JDBC narrows an INTEGER that fits. */
  private static Object widened(Object fetched) {
    return fetched instanceof Integer number ? (Object) number.longValue() : fetched;
  }

  private void execute(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }
}
