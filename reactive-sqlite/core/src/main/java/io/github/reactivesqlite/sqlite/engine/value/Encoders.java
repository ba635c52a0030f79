package io.github.reactivesqlite.sqlite.engine.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
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
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.Date;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Java value to stored value; the forms are listed in {@link StorageValues}. */
final class Encoders {

  private Encoders() {}

  static Object encode(Object value) {
    Object stored;
    if (value instanceof CharSequence text) {
      stored = text(text.toString());
    } else if (value instanceof Number number) {
      stored = number(number);
    } else if (value instanceof Enum<?> constant) {
      stored = constant.name(); // before time: months and days of the week are both
    } else if (value instanceof TemporalAccessor || value instanceof TemporalAmount) {
      stored = time(value);
    } else {
      stored = other(value);
    }
    if (stored == null) {
      throw unsupported(value);
    }
    return stored;
  }

  private static @Nullable Object number(Number value) {
    if (value instanceof Long) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return value.longValue();
    }
    if (value instanceof Double || value instanceof Float) {
      double number = value.doubleValue();
      if (Double.isNaN(number)) {
        throw new IllegalArgumentException(
            "NaN cannot be stored, SQLite would keep NULL: bind null if that is meant");
      }
      return number;
    }
    if (value instanceof BigDecimal || value instanceof BigInteger) {
      return value.toString();
    }
    return null;
  }

  @SuppressWarnings("JavaUtilDate")
  private static @Nullable Object other(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1L : 0L;
    }
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof UUID) {
      return value.toString();
    }
    if (value instanceof Character) {
      return text(value.toString());
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof ZoneId zone) {
      return zone.getId();
    }
    if (value.getClass() == Date.class) {
      return IsoText.instant(Instant.ofEpochMilli(((Date) value).getTime()));
    }
    return null;
  }

  private static @Nullable Object time(Object value) {
    if (value instanceof Instant instant) {
      return IsoText.instant(instant);
    }
    if (value instanceof LocalDate date) {
      return IsoText.localDate(date);
    }
    if (value instanceof LocalDateTime dateTime) {
      return IsoText.localDateTime(dateTime);
    }
    if (value instanceof LocalTime time) {
      return IsoText.localTime(time);
    }
    if (value instanceof OffsetDateTime dateTime) {
      return IsoText.offsetDateTime(dateTime);
    }
    if (value instanceof ZonedDateTime dateTime) {
      return IsoText.zonedDateTime(dateTime);
    }
    if (value instanceof OffsetTime time) {
      return IsoText.offsetTime(time);
    }
    if (value instanceof YearMonth month) {
      return IsoText.yearMonth(month);
    }
    if (value instanceof Year year) {
      return (long) year.getValue();
    }
    if (value instanceof Duration
        || value instanceof Period
        || value instanceof MonthDay
        || value instanceof ZoneOffset) {
      return value.toString();
    }
    return null;
  }

  private static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new IllegalArgumentException(
              "text with an unpaired surrogate cannot be stored, UTF-8 has no form for it:"
                  + " repair the text, or bind it as bytes");
        }
        i++;
      }
    }
    return text;
  }

  private static IllegalArgumentException unsupported(Object value) {
    String advice = "convert it to a supported type";
    if (value instanceof Optional
        || value instanceof OptionalInt
        || value instanceof OptionalLong
        || value instanceof OptionalDouble) {
      advice = "bind its content, or null when it is empty";
    } else if (value instanceof Date) {
      advice = "bind its java.time equivalent";
    } else if (value instanceof Collection || value.getClass().isArray()) {
      advice = "only a name that stands alone in IN (:name) takes several values";
    }
    return new IllegalArgumentException(
        "a value of type " + value.getClass().getTypeName() + " cannot be stored: " + advice);
  }
}
