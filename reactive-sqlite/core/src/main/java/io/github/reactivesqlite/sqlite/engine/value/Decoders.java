package io.github.reactivesqlite.sqlite.engine.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
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
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stored value to Java value; the forms are listed in {@link StorageValues}. */
final class Decoders {

  private static final Map<Class<?>, Decoder> BY_TYPE = new HashMap<>();

  static {
    BY_TYPE.put(Object.class, storage -> storage instanceof byte[] bytes ? bytes.clone() : storage);
    put(boolean.class, Boolean.class, Decoders::toBoolean);
    put(byte.class, Byte.class, s -> (byte) integer(s, byte.class, Byte.MIN_VALUE, Byte.MAX_VALUE));
    put(
        short.class,
        Short.class,
        s -> (short) integer(s, short.class, Short.MIN_VALUE, Short.MAX_VALUE));
    put(
        int.class,
        Integer.class,
        s -> (int) integer(s, int.class, Integer.MIN_VALUE, Integer.MAX_VALUE));
    put(long.class, Long.class, s -> integer(s, long.class, Long.MIN_VALUE, Long.MAX_VALUE));
    put(float.class, Float.class, Decoders::toFloat);
    put(double.class, Double.class, Decoders::toDouble);
    put(char.class, Character.class, Decoders::toCharacter);
    BY_TYPE.put(String.class, storage -> text(storage, String.class));
    BY_TYPE.put(byte[].class, storage -> blob(storage, byte[].class).clone());
    BY_TYPE.put(
        ByteBuffer.class, storage -> ByteBuffer.wrap(blob(storage, ByteBuffer.class).clone()));
    BY_TYPE.put(BigDecimal.class, Decoders::toBigDecimal);
    BY_TYPE.put(BigInteger.class, Decoders::toBigInteger);
    BY_TYPE.put(UUID.class, Decoders::toUuid);
    BY_TYPE.put(Date.class, Decoders::toDate);
    BY_TYPE.put(
        Year.class, s -> Year.of((int) integer(s, Year.class, Year.MIN_VALUE, Year.MAX_VALUE)));
    putParsed(Instant.class, IsoText::parseInstant, "2026-01-31T08:05:00Z");
    putParsed(LocalDate.class, LocalDate::parse, "2026-01-31");
    putParsed(LocalTime.class, LocalTime::parse, "08:05:00");
    putParsed(LocalDateTime.class, IsoText::parseLocalDateTime, "2026-01-31T08:05:00");
    putParsed(OffsetDateTime.class, OffsetDateTime::parse, "2026-01-31T08:05:00+01:00");
    putParsed(OffsetTime.class, OffsetTime::parse, "08:05:00+01:00");
    putParsed(ZonedDateTime.class, ZonedDateTime::parse, "2026-01-31T08:05:00Z[UTC]");
    putParsed(YearMonth.class, YearMonth::parse, "2026-01");
    putParsed(MonthDay.class, MonthDay::parse, "--01-31");
    putParsed(Duration.class, Duration::parse, "PT1H30M");
    putParsed(Period.class, Period::parse, "P1Y2M3D");
    putParsed(ZoneId.class, ZoneId::of, "Europe/Berlin, a zone this JVM knows");
    putParsed(ZoneOffset.class, ZoneOffset::of, "+01:00");
  }

  private Decoders() {}

  static @Nullable Decoder find(Class<?> type) {
    Decoder decoder = BY_TYPE.get(type);
    return decoder == null && type.isEnum() ? storage -> toEnum(storage, type) : decoder;
  }

  private static void put(Class<?> primitive, Class<?> wrapper, Decoder decoder) {
    BY_TYPE.put(primitive, decoder);
    BY_TYPE.put(wrapper, decoder);
  }

  /** The parser's own exception is dropped: its message holds the text. */
  private static <T> void putParsed(Class<T> type, Function<String, T> parser, String example) {
    BY_TYPE.put(
        type,
        storage -> {
          String text = text(storage, type);
          try {
            return parser.apply(text);
          } catch (DateTimeException e) {
            throw unreadable(storage, type, "the text is not of the form " + example);
          }
        });
  }

  private static Object toBoolean(Object storage) {
    if (storage instanceof Long number && (number == 0 || number == 1)) {
      return number == 1;
    }
    throw unreadable(
        storage, boolean.class, "only INTEGER 0 and 1 are; compare in the SQL, as in \"n <> 0\"");
  }

  private static long integer(Object storage, Class<?> type, long min, long max) {
    if (!(storage instanceof Long number)) {
      throw unreadable(
          storage,
          type,
          "only an INTEGER is; declare the column INTEGER, or use CAST(… AS INTEGER) in the SQL");
    }
    if (number < min || number > max) {
      throw unreadable(storage, type, "the value is out of its range; read it as a wider type");
    }
    return number;
  }

  private static Object toDouble(Object storage) {
    if (storage instanceof Double) {
      return storage;
    }
    if (storage instanceof Long number) {
      double nearest = number;
      // Long.MAX_VALUE rounds up to 2^63, and the cast back would hide it.
      if (nearest != 0x1p63 && (long) nearest == number) {
        return nearest;
      }
      throw unreadable(storage, double.class, "the value has no exact double; read it as long");
    }
    throw unreadable(
        storage, double.class, "only a number is; declare the column REAL, or use CAST(… AS REAL)");
  }

  private static Object toFloat(Object storage) {
    if (storage instanceof Double number && (float) number.doubleValue() == number) {
      return (float) number.doubleValue();
    }
    if (storage instanceof Long number) {
      float nearest = number;
      if (nearest != 0x1p63f && (long) nearest == number) {
        return nearest;
      }
    }
    throw unreadable(
        storage, float.class, "only a number with an exact float is; read it as double or long");
  }

  private static Object toCharacter(Object storage) {
    String text = text(storage, char.class);
    if (text.length() == 1) {
      return text.charAt(0);
    }
    throw unreadable(storage, char.class, "only text of one UTF-16 unit is; read it as String");
  }

  private static Object toBigDecimal(Object storage) {
    if (storage instanceof Long number) {
      return BigDecimal.valueOf(number);
    }
    if (storage instanceof Double) {
      throw floatingPoint(storage, BigDecimal.class);
    }
    String text = text(storage, BigDecimal.class);
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw unreadable(storage, BigDecimal.class, "the text is not a decimal number");
    }
  }

  private static Object toBigInteger(Object storage) {
    if (storage instanceof Long number) {
      return BigInteger.valueOf(number);
    }
    if (storage instanceof Double) {
      throw floatingPoint(storage, BigInteger.class);
    }
    String text = text(storage, BigInteger.class);
    try {
      return new BigInteger(text);
    } catch (NumberFormatException e) {
      throw unreadable(storage, BigInteger.class, "the text is not a whole number");
    }
  }

  private static Object toUuid(Object storage) {
    String text = text(storage, UUID.class);
    try {
      UUID uuid = UUID.fromString(text);
      if (uuid.toString().equalsIgnoreCase(text)) { // fromString takes shortened groups
        return uuid;
      }
    } catch (IllegalArgumentException e) {
      // answered below: its message holds the text
    }
    throw unreadable(storage, UUID.class, "the text is not a UUID of 36 characters");
  }

  @SuppressWarnings({"JavaUtilDate", "JavaInstantGetSecondsGetNano"})
  private static Object toDate(Object storage) {
    Instant instant;
    try {
      instant = IsoText.parseInstant(text(storage, Date.class));
    } catch (DateTimeException e) {
      throw unreadable(storage, Date.class, "the text is not of the form 2026-01-31T08:05:00Z");
    }
    if (instant.getNano() % 1_000_000 != 0) {
      throw unreadable(
          storage, Date.class, "it is finer than milliseconds; read it as java.time.Instant");
    }
    return new Date(instant.toEpochMilli());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // only called for an enum class
  private static Object toEnum(Object storage, Class<?> type) {
    String name = text(storage, type);
    try {
      return Enum.valueOf((Class) type, name);
    } catch (IllegalArgumentException e) {
      throw unreadable(storage, type, "the text is not the name of one of its constants");
    }
  }

  private static String text(Object storage, Class<?> type) {
    if (storage instanceof String text) {
      return text;
    }
    String remedy =
        type == String.class
            ? "read it as what it is, or use CAST(… AS TEXT) in the SQL"
            : "read it as what it is and convert it in the mapper";
    throw unreadable(storage, type, "only TEXT is; " + remedy);
  }

  private static byte[] blob(Object storage, Class<?> type) {
    if (storage instanceof byte[] bytes) {
      return bytes;
    }
    throw unreadable(
        storage, type, "only a BLOB is; read it as what it is, or use CAST(… AS BLOB) in the SQL");
  }

  private static UnreadableValueException floatingPoint(Object storage, Class<?> type) {
    return unreadable(
        storage,
        type,
        "digits may be lost already; a column with NUMERIC or REAL affinity turns decimal text into"
            + " floating point: declare it TEXT, or read it as double");
  }

  private static UnreadableValueException unreadable(Object storage, Class<?> type, String why) {
    return new UnreadableValueException(
        "cannot read "
            + StorageValues.storageClass(storage)
            + " as "
            + type.getTypeName()
            + ": "
            + why);
  }
}
