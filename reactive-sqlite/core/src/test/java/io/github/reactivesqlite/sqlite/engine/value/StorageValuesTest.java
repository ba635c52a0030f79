package io.github.reactivesqlite.sqlite.engine.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.reactivesqlite.RowMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
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
import java.time.chrono.JapaneseDate;
import java.time.chrono.MinguoDate;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageValuesTest {

  private static final String SECRET = "s3cret";

  @Nested
  class Forms {

    static Stream<Arguments> forms() {
      LocalDateTime dateTime = LocalDateTime.of(2026, 1, 31, 8, 5);
      return Stream.of(
          arguments(true, 1L),
          arguments((byte) -3, -3L),
          arguments(2.5f, 2.5),
          arguments(new BigDecimal("1.10"), "1.10"),
          arguments(new BigDecimal("1E+3"), "1E+3"),
          arguments(BigInteger.TWO.pow(70), "1180591620717411303424"),
          arguments('x', "x"),
          arguments(new StringBuilder("built"), "built"),
          arguments(Month.MAY, "MAY"),
          arguments(new UUID(1, 2), "00000000-0000-0001-0000-000000000002"),
          arguments(dateTime.toInstant(ZoneOffset.UTC), "2026-01-31T08:05:00.000000000Z"),
          arguments(dateTime.toLocalDate(), "2026-01-31"),
          arguments(dateTime.toLocalTime(), "08:05:00.000000000"),
          arguments(dateTime, "2026-01-31T08:05:00.000000000"),
          arguments(dateTime.atOffset(ZoneOffset.UTC), "2026-01-31T08:05:00.000000000Z"),
          arguments(
              dateTime.atOffset(ZoneOffset.ofHours(1)), "2026-01-31T08:05:00.000000000+01:00"),
          arguments(OffsetTime.of(8, 5, 0, 0, ZoneOffset.UTC), "08:05:00.000000000Z"),
          arguments(
              dateTime.atZone(ZoneId.of("Europe/Berlin")),
              "2026-01-31T08:05:00.000000000+01:00[Europe/Berlin]"),
          arguments(Year.of(2026), 2026L),
          arguments(YearMonth.of(26, 1), "0026-01"),
          arguments(MonthDay.of(1, 31), "--01-31"),
          arguments(Duration.ofMinutes(90), "PT1H30M"),
          arguments(Period.of(1, 2, 3), "P1Y2M3D"),
          arguments(ZoneId.of("Europe/Berlin"), "Europe/Berlin"),
          arguments(ZoneOffset.ofHours(1), "+01:00"),
          arguments(new Date(1_250), "1970-01-01T00:00:01.250000000Z"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void areTheDocumentedOnes(Object value, Object stored) {
      assertThat(StorageValues.toStorage(value)).isEqualTo(stored);
    }

    @Test
    void nullIsNullBothWays() {
      assertThat(StorageValues.toStorage(null)).isNull();
      assertThat(StorageValues.fromStorage(null, String.class)).isNull();
      assertThat((Object) StorageValues.fromStorage(null, int.class)).isNull();
    }

    @Test
    void arraysAreCopiedInAndOut() {
      byte[] mine = {1, 2};
      byte[] stored = (byte[]) StorageValues.toStorage(mine);
      mine[0] = 9;
      assertThat(stored).containsExactly(1, 2);

      StorageValues.fromStorage(stored, byte[].class)[0] = 9;
      StorageValues.fromStorage(stored, ByteBuffer.class).put(0, (byte) 9);
      ((byte[]) StorageValues.fromStorage(stored, Object.class))[0] = 9;
      assertThat(stored).containsExactly(1, 2);
    }

    @Test
    void bufferGivesItsRemainingBytesAndStaysWhereItIs() {
      ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4}).position(1).limit(3);

      assertThat((byte[]) StorageValues.toStorage(buffer)).containsExactly(1, 2);
      assertThat(buffer.position()).isEqualTo(1);
      assertThat(buffer.limit()).isEqualTo(3);
    }

    @Test
    void objectReadsWhatIsStored() {
      assertThat(StorageValues.fromStorage(1L, Object.class)).isEqualTo(1L);
      assertThat(StorageValues.fromStorage(1.5, Object.class)).isEqualTo(1.5);
      assertThat(StorageValues.fromStorage("x", Object.class)).isEqualTo("x");
    }
  }

  @Nested
  class Refusals {

    static Stream<Arguments> unsupported() {
      return Stream.of(
              new Object(),
              new AtomicLong(1),
              Optional.of(SECRET),
              OptionalInt.of(1),
              OptionalLong.of(1),
              OptionalDouble.of(1),
              List.of(SECRET),
              Set.of(SECRET),
              Map.of(SECRET, SECRET),
              new String[] {SECRET},
              new int[] {1},
              SECRET.toCharArray(),
              new Timestamp(0),
              new java.sql.Date(0),
              Calendar.getInstance(),
              Locale.ROOT,
              Currency.getInstance("EUR"),
              JapaneseDate.now(),
              MinguoDate.now(),
              Thread.currentThread())
          .map(value -> arguments(value)); // not as a method reference: an array would be spread
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void nameTheTypeAndNotTheValue(Object value) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(value))
          .withMessageContaining(value.getClass().getTypeName())
          .withMessageNotContaining(SECRET)
          .withNoCause();
    }

    @Test
    void giveAdvice() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(Optional.empty()))
          .withMessageContaining("bind its content, or null");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(List.of()))
          .withMessageContaining("IN (:name)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(new Timestamp(0)))
          .withMessageContaining("java.time");
    }

    @Test
    void notANumber() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(Double.NaN))
          .withMessageContaining("NaN");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(Float.NaN))
          .withMessageContaining("NaN");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "s3cret\uD800",
          "\uDC00s3cret",
          "\uD800\uD800\uDC00",
          "\uDC00\uD800",
          "\uD83D\uDE00\uDE00"
        })
    void unpairedSurrogates(String text) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(text))
          .withMessageContaining("surrogate")
          .withMessageNotContaining(SECRET);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(new StringBuilder(text)));
    }

    @Test
    void aSurrogateAsCharacter() {
      assertThatIllegalArgumentException().isThrownBy(() -> StorageValues.toStorage('\uD800'));
    }

    static Stream<Object> outOfRange() {
      return Stream.of(
          Instant.MIN,
          Instant.MAX,
          Instant.parse("0000-01-01T00:00:00Z").minusNanos(1),
          Instant.parse("9999-12-31T23:59:59.999999999Z").plusNanos(1),
          LocalDate.of(-1, 12, 31),
          LocalDate.of(10_000, 1, 1),
          LocalDateTime.MIN,
          LocalDateTime.MAX,
          OffsetDateTime.MAX,
          LocalDateTime.MAX.atZone(ZoneId.of("UTC")),
          YearMonth.of(-1, 1),
          YearMonth.of(10_000, 1),
          new Date(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void yearsThatWouldNotSort(Object value) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StorageValues.toStorage(value))
          .withMessageContaining("years 0000 to 9999")
          .withMessageNotContaining(value.toString());
    }
  }

  @Nested
  class Sizes {

    @Test
    void coverTheHeapOfTheValue() {
      assertThat(StorageValues.sizeOf(null)).isZero();
      assertThat(StorageValues.sizeOf(1L)).isEqualTo(16);
      assertThat(StorageValues.sizeOf(1.5)).isEqualTo(16);
      assertThat(StorageValues.sizeOf("x".repeat(100))).isEqualTo(240);
      assertThat(StorageValues.sizeOf(new byte[100])).isEqualTo(116);
    }
  }

  @Nested
  class SupportedTypes {

    /** The facade may not ask the engine which types it reads, so both keep a list. */
    @ParameterizedTest
    @ValueSource(
        classes = {
          Object.class,
          boolean.class,
          Boolean.class,
          byte.class,
          Byte.class,
          short.class,
          Short.class,
          int.class,
          Integer.class,
          long.class,
          Long.class,
          float.class,
          Float.class,
          double.class,
          Double.class,
          char.class,
          Character.class,
          String.class,
          byte[].class,
          ByteBuffer.class,
          BigDecimal.class,
          BigInteger.class,
          UUID.class,
          TimeUnit.class,
          Month.class,
          Instant.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OffsetDateTime.class,
          OffsetTime.class,
          ZonedDateTime.class,
          Year.class,
          YearMonth.class,
          MonthDay.class,
          Duration.class,
          Period.class,
          ZoneId.class,
          ZoneOffset.class,
          Date.class
        })
    void areReadByTheEngineAndTakenByTheFacade(Class<?> type) {
      assertThat(StorageValues.isSupported(type)).isTrue();
      assertThatCode(() -> RowMapper.of(type)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
        classes = {
          void.class,
          Void.class,
          Number.class,
          CharSequence.class,
          Enum.class,
          Comparable.class,
          Optional.class,
          List.class,
          int[].class,
          Byte[].class,
          Timestamp.class,
          java.sql.Date.class,
          Calendar.class,
          AtomicLong.class,
          JapaneseDate.class,
          Locale.class
        })
    void leaveTheSameOthersOut(Class<?> type) {
      assertThat(StorageValues.isSupported(type)).isFalse();
      assertThatIllegalArgumentException().isThrownBy(() -> RowMapper.of(type));
    }
  }
}
