package io.github.reactivesqlite.sqlite.engine.value;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import org.jspecify.annotations.Nullable;

/**
 * ISO-8601 text that sorts: years of four digits and always nine digits of fraction, because {@code
 * 08:05Z} would sort after {@code 08:05.5Z}. Reading is what {@code java.time} parses, so text that
 * SQL functions wrote is understood too.
 */
final class IsoText {

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.HOUR_OF_DAY, 2)
          .appendLiteral(':')
          .appendValue(ChronoField.MINUTE_OF_HOUR, 2)
          .appendLiteral(':')
          .appendValue(ChronoField.SECOND_OF_MINUTE, 2)
          .appendFraction(ChronoField.NANO_OF_SECOND, 9, 9, true)
          .toFormatter();
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(TIME)
          .toFormatter();

  private static final Instant FIRST =
      LocalDate.of(0, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
  private static final Instant LAST =
      LocalDate.of(9999, 12, 31).atTime(LocalTime.MAX).toInstant(ZoneOffset.UTC);

  private static final int DATE_LENGTH = 10;
  private static final int DATE_TIME_LENGTH = 29;

  private IsoText() {}

  static String instant(Instant instant) {
    // Instants reach further than LocalDateTime does: compare before converting.
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw outOfRange(Instant.class);
    }
    return DATE_TIME.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)) + 'Z';
  }

  static String localDate(LocalDate date) {
    requireFourDigits(date.getYear(), LocalDate.class);
    return date.toString();
  }

  static String localTime(LocalTime time) {
    return TIME.format(time);
  }

  static String localDateTime(LocalDateTime dateTime) {
    requireFourDigits(dateTime.getYear(), LocalDateTime.class);
    return DATE_TIME.format(dateTime);
  }

  static String offsetDateTime(OffsetDateTime dateTime) {
    requireFourDigits(dateTime.getYear(), OffsetDateTime.class);
    return DATE_TIME.format(dateTime) + dateTime.getOffset();
  }

  static String offsetTime(OffsetTime time) {
    return TIME.format(time) + time.getOffset();
  }

  static String zonedDateTime(ZonedDateTime dateTime) {
    requireFourDigits(dateTime.getYear(), ZonedDateTime.class);
    String local = DATE_TIME.format(dateTime) + dateTime.getOffset();
    return dateTime.getZone() instanceof ZoneOffset
        ? local
        : local + '[' + dateTime.getZone().getId() + ']';
  }

  static String yearMonth(YearMonth month) {
    requireFourDigits(month.getYear(), YearMonth.class);
    return month.toString();
  }

  /** Parsed as a date with an offset, because {@link Instant#parse} drops a leap second. */
  static Instant parseInstant(String text) {
    if (text.length() == DATE_TIME_LENGTH + 1 && text.charAt(DATE_TIME_LENGTH) == 'Z') {
      LocalDateTime utc = parseOwnForm(text);
      if (utc != null) {
        return utc.toInstant(ZoneOffset.UTC);
      }
    }
    return OffsetDateTime.parse(text).toInstant();
  }

  static LocalDateTime parseLocalDateTime(String text) {
    if (text.length() == DATE_TIME_LENGTH) {
      LocalDateTime dateTime = parseOwnForm(text);
      if (dateTime != null) {
        return dateTime;
      }
    }
    boolean spaced = text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' ';
    return LocalDateTime.parse(
        spaced ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1) : text);
  }

  /** Ten times as fast as a formatter, for the form that we write; null for any other. */
  private static @Nullable LocalDateTime parseOwnForm(String text) {
    if (text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || text.charAt(19) != '.') {
      return null;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    int nano = digits(text, 20, 29);
    boolean wellFormed = (year | month | day | hour | minute | second | nano) >= 0;
    return wellFormed ? LocalDateTime.of(year, month, day, hour, minute, second, nano) : null;
  }

  /** The number between two positions, or -1 if there is anything but ASCII digits. */
  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static void requireFourDigits(int year, Class<?> type) {
    if (year < 0 || year > 9999) {
      throw outOfRange(type);
    }
  }

  private static IllegalArgumentException outOfRange(Class<?> type) {
    return new IllegalArgumentException(
        "a "
            + type.getSimpleName()
            + " outside the years 0000 to 9999 cannot be stored, its text would not sort:"
            + " bind null, or a number of your own, for an open end");
  }
}
