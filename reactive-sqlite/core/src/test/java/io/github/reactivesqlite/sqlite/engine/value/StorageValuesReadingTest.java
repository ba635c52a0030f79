package io.github.reactivesqlite.sqlite.engine.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
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
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageValuesReadingTest {

  private static final String SECRET = "s3cret";

  static Stream<Arguments> exact() {
    return Stream.of(
        arguments(5L, Double.class, 5.0),
        arguments(1L << 53, Double.class, 0x1p53),
        arguments(Long.MIN_VALUE, Double.class, -0x1p63),
        arguments(5L, Float.class, 5f),
        arguments(Long.MIN_VALUE, Float.class, -0x1p63f),
        arguments(0.5, Float.class, 0.5f),
        arguments(7L, BigDecimal.class, BigDecimal.valueOf(7)),
        arguments(7L, BigInteger.class, BigInteger.valueOf(7)),
        arguments("7F1A4E7C-9B1D-4C55-8F0E-A2C6D8E4B001", UUID.class, aUuid()),
        arguments("2026-01-31T08:05Z", Instant.class, Instant.parse("2026-01-31T08:05:00Z")),
        arguments(
            "2026-01-31T09:05:00.5+01:00", Instant.class, Instant.parse("2026-01-31T08:05:00.5Z")),
        arguments(
            "2026-01-31 08:05:00.000000001",
            LocalDateTime.class,
            LocalDateTime.of(2026, 1, 31, 8, 5, 0, 1)),
        arguments("08:05", LocalTime.class, LocalTime.of(8, 5)),
        arguments("2026-01-31 08:05:00", LocalDateTime.class, LocalDateTime.of(2026, 1, 31, 8, 5)));
  }

  private static UUID aUuid() {
    return UUID.fromString("7f1a4e7c-9b1d-4c55-8f0e-a2c6d8e4b001");
  }

  @ParameterizedTest
  @MethodSource("exact")
  void convertsWhatLosesNothing(Object storage, Class<?> type, Object value) {
    assertThat((Object) StorageValues.fromStorage(storage, type)).isEqualTo(value);
  }

  static Stream<Arguments> unreadable() {
    byte[] blob = {1};
    return Stream.of(
        arguments(2L, Boolean.class),
        arguments(-1L, boolean.class),
        arguments(1.0, Boolean.class),
        arguments("true", Boolean.class),
        arguments(128L, Byte.class),
        arguments(-32_769L, Short.class),
        arguments(1L << 31, Integer.class),
        arguments((long) Integer.MIN_VALUE - 1, int.class),
        arguments(1.0, Long.class),
        arguments("1", Long.class),
        arguments(blob, Long.class),
        arguments((1L << 53) + 1, Double.class),
        arguments(Long.MAX_VALUE, Double.class),
        arguments(Long.MAX_VALUE, Float.class),
        arguments("1.5", Double.class),
        arguments(0.1, Float.class),
        arguments(Double.MAX_VALUE, Float.class),
        arguments((1L << 24) + 1, Float.class),
        arguments("", Character.class),
        arguments("ab", char.class),
        arguments("😀", Character.class),
        arguments(1L, String.class),
        arguments(1.5, String.class),
        arguments(blob, String.class),
        arguments(SECRET, byte[].class),
        arguments(1L, byte[].class),
        arguments(SECRET, ByteBuffer.class),
        arguments(1.5, BigDecimal.class),
        arguments(SECRET, BigDecimal.class),
        arguments(1.5, BigInteger.class),
        arguments("1.5", BigInteger.class),
        arguments(SECRET, UUID.class),
        arguments("1-1-1-1-1", UUID.class),
        arguments("00000000-0000-0001-0000-0000000000021", UUID.class),
        arguments(blob, UUID.class),
        arguments(SECRET, TimeUnit.class),
        arguments("days", TimeUnit.class),
        arguments(0L, TimeUnit.class),
        arguments(0L, Instant.class),
        arguments(0.0, Instant.class),
        arguments(SECRET, Instant.class),
        arguments("2026-01-31T08:05:00", Instant.class),
        arguments("2026-01-31 08:05:00", Instant.class),
        arguments("2016-12-31T23:59:60Z", Instant.class),
        arguments("2023-02-29T08:05:00.000000000Z", Instant.class),
        arguments("2016-12-31T23:59:60.000000000Z", Instant.class),
        arguments("2026-01-31T08:05:00.00000000\u0664Z", Instant.class),
        arguments("2026-01-31T08:05:00.0000000000", Instant.class),
        arguments("+026-01-31T08:05:00.000000000Z", Instant.class),
        arguments("2026-01-31 08:05:00.000000000Z", Instant.class),
        arguments("2023-02-29T08:05:00.000000000", LocalDateTime.class),
        arguments("2026-01-31T08:05:00.00000000x", LocalDateTime.class),
        arguments("2023-02-29", LocalDate.class),
        arguments("2023-02-29 08:00:00", LocalDateTime.class),
        arguments("2023-02-28", LocalDateTime.class),
        arguments("2023-02-28 ", LocalDateTime.class),
        arguments("24:00", LocalTime.class),
        arguments("08:00", OffsetTime.class),
        arguments("2026-01-31T08:05:00", OffsetDateTime.class),
        arguments("2026-01-31T08:05:00Z[No/Where]", ZonedDateTime.class),
        arguments("2026", Year.class),
        arguments(1_000_000_000L, Year.class),
        arguments("2026-13", YearMonth.class),
        arguments("01-31", MonthDay.class),
        arguments(SECRET, Duration.class),
        arguments(90L, Duration.class),
        arguments("PT1H", Period.class),
        arguments("No/Where", ZoneId.class),
        arguments("Europe/Berlin", ZoneOffset.class),
        arguments("2026-01-31T08:05:00.0001Z", Date.class),
        arguments(SECRET, Date.class));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void refusesTheRestWithoutShowingIt(Object storage, Class<?> type) {
    Class<?> named = MethodType.methodType(type).unwrap().returnType();
    assertThatThrownBy(() -> StorageValues.fromStorage(storage, type))
        .isInstanceOf(UnreadableValueException.class)
        .hasMessageStartingWith(
            "cannot read %s as %s: ", StorageValues.storageClass(storage), named.getTypeName())
        .hasMessageNotContaining(SECRET)
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        void.class,
        Void.class,
        Number.class,
        CharSequence.class,
        Enum.class,
        Optional.class,
        List.class,
        int[].class,
        Timestamp.class,
        AtomicLong.class
      })
  void refusesUnsupportedTypesEvenForNull(Class<?> type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StorageValues.fromStorage(null, type))
        .withMessageContaining(type.getTypeName());
  }
}
