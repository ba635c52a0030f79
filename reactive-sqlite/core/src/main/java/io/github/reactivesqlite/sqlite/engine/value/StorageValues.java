package io.github.reactivesqlite.sqlite.engine.value;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says in which form a Java value is stored, and how it is read back. What is
 * stored reads back equal, or it is refused; nothing is converted silently with loss. Thread-safe,
 * never blocks.
 *
 * <table>
 * <caption>Stored forms</caption>
 * <tr><th>Java</th><th>Stored as</th><th>Notes</th></tr>
 * <tr><td>{@code Boolean}</td><td>INTEGER 0 or 1</td><td>anything else is not a boolean</td></tr>
 * <tr><td>{@code Byte}, {@code Short}, {@code Integer}, {@code Long}</td><td>INTEGER</td>
 *     <td>reading checks the range</td></tr>
 * <tr><td>{@code Double}, {@code Float}</td><td>REAL</td><td>NaN is refused (SQLite would store
 *     NULL), infinities are kept; -0.0 is kept in a column without a type and becomes 0.0 in one
 *     declared REAL; an INTEGER reads as either when exact; a REAL reads as {@code float} when
 *     exact</td></tr>
 * <tr><td>{@code BigDecimal}</td><td>TEXT, {@link java.math.BigDecimal#toString()}</td>
 *     <td>the form that keeps the scale ({@code 1.10}, {@code 1E+3}); declare the column TEXT, or
 *     without a type: NUMERIC, DECIMAL(p,s) and REAL turn the text into floating point, which is
 *     refused when read, or into an INTEGER, which is read with scale 0</td></tr>
 * <tr><td>{@code BigInteger}</td><td>TEXT, decimal</td><td>declare the column TEXT, or without a
 *     type; an INTEGER is read too</td></tr>
 * <tr><td>{@code String}, other {@code CharSequence}</td><td>TEXT</td><td>unpaired surrogates are
 *     refused (the driver would store {@code ?}); U+0000 is kept, though {@code length()} of SQL
 *     stops at it</td></tr>
 * <tr><td>{@code Character}</td><td>TEXT of one UTF-16 unit</td><td>a surrogate is refused</td></tr>
 * <tr><td>enum</td><td>TEXT, {@link Enum#name()}</td><td></td></tr>
 * <tr><td>{@code UUID}</td><td>TEXT, 36 characters in lower case</td><td>read in either case
 *     </td></tr>
 * <tr><td>{@code byte[]}</td><td>BLOB</td><td>copied in and out</td></tr>
 * <tr><td>{@code ByteBuffer}</td><td>BLOB of the remaining bytes</td><td>the position stays; read
 *     as a heap buffer of its own</td></tr>
 * <tr><td>{@code Instant}</td><td>TEXT {@code 2026-01-31T08:05:00.000000000Z}</td><td>sorts by
 *     time; other fractions and offsets are read too</td></tr>
 * <tr><td>{@code LocalDate}</td><td>TEXT {@code 2026-01-31}</td><td>sorts by time</td></tr>
 * <tr><td>{@code LocalTime}</td><td>TEXT {@code 08:05:00.000000000}</td><td>sorts by time; shorter
 *     forms are read too</td></tr>
 * <tr><td>{@code LocalDateTime}</td><td>TEXT {@code 2026-01-31T08:05:00.000000000}</td><td>sorts by
 *     time; shorter forms, and SQLite's own with a space ({@code CURRENT_TIMESTAMP}), are read too
 *     </td></tr>
 * <tr><td>{@code OffsetDateTime}</td><td>TEXT {@code 2026-01-31T08:05:00.000000000+01:00}</td>
 *     <td>keeps the offset; sorts by time only among equal offsets</td></tr>
 * <tr><td>{@code OffsetTime}</td><td>TEXT {@code 08:05:00.000000000+01:00}</td><td>as above</td>
 *     </tr>
 * <tr><td>{@code ZonedDateTime}</td>
 *     <td>TEXT {@code 2026-01-31T08:05:00.000000000+01:00[Europe/Berlin]}</td><td>the offset tells
 *     the two hours of an overlap apart</td></tr>
 * <tr><td>{@code Year}</td><td>INTEGER</td><td>sorts by time</td></tr>
 * <tr><td>{@code YearMonth}</td><td>TEXT {@code 2026-01}</td><td>sorts by time</td></tr>
 * <tr><td>{@code MonthDay}</td><td>TEXT {@code --01-31}</td><td>sorts by time</td></tr>
 * <tr><td>{@code Duration}, {@code Period}</td><td>TEXT {@code PT1H30M}, {@code P1Y2M3D}</td>
 *     <td>does not sort</td></tr>
 * <tr><td>{@code ZoneId}, {@code ZoneOffset}</td><td>TEXT, its id</td><td></td></tr>
 * <tr><td>{@code java.util.Date}</td><td>as its {@code Instant}</td><td>not its subclasses; reading
 *     needs whole milliseconds</td></tr>
 * </table>
 *
 * <p>Dates and times with a year outside 0000–9999 are refused, because their text would not sort.
 */
public final class StorageValues {

  private StorageValues() {}

  /**
   * Turns a value into what is stored. Later changes to a mutable argument have no effect.
   *
   * @param value a value of a supported type, or {@code null}
   * @return a {@code Long}, {@code Double}, {@code String} or {@code byte[]}, or {@code null}
   * @throws IllegalArgumentException if the type is not supported or the value cannot be stored
   *     faithfully; the message names the type, never the value
   */
  public static @Nullable Object toStorage(@Nullable Object value) {
    return value == null ? null : Encoders.encode(value);
  }

  /**
   * Turns what is stored into a value.
   *
   * @param storage a {@code Long}, {@code Double}, {@code String} or {@code byte[]}, or {@code
   *     null}
   * @param type the type wanted; {@code Object} gives {@code storage} itself; a primitive type
   *     gives its wrapper
   * @param <T> the type
   * @return the value, in which arrays and buffers are fresh copies; {@code null} for {@code null},
   *     also when {@code type} is primitive
   * @throws UnreadableValueException if the stored value is not exactly a value of that type
   * @throws IllegalArgumentException if the type is not supported
   */
  public static <T> @Nullable T fromStorage(@Nullable Object storage, Class<T> type) {
    Decoder decoder = Decoders.find(type);
    if (decoder == null) {
      throw new IllegalArgumentException(unsupported(type));
    }
    if (storage == null) {
      return null;
    }
    @SuppressWarnings("unchecked") // a decoder gives the type it is registered for, boxed
    T value = (T) decoder.decode(storage);
    return value;
  }

  /**
   * Tells whether {@link #fromStorage(Object, Class)} reads this type. What it reads, {@link
   * #toStorage(Object)} takes.
   *
   * @param type any type
   * @return whether values of the type can be read
   */
  public static boolean isSupported(Class<?> type) {
    return Decoders.find(Objects.requireNonNull(type, "type")) != null;
  }

  /**
   * Estimates from above how much heap a stored value holds, for bounds in bytes.
   *
   * @param storage a {@code Long}, {@code Double}, {@code String} or {@code byte[]}, or {@code
   *     null}
   * @return bytes, at most {@code Integer.MAX_VALUE}; 0 for {@code null}
   */
  public static int sizeOf(@Nullable Object storage) {
    long bytes;
    if (storage == null) {
      bytes = 0;
    } else if (storage instanceof String text) {
      bytes = 40 + 2L * text.length();
    } else if (storage instanceof byte[] blob) {
      bytes = 16 + (long) blob.length;
    } else {
      bytes = 16;
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /** SQLite's name for the kind of a stored value. */
  static String storageClass(@Nullable Object storage) {
    if (storage == null) {
      return "NULL";
    }
    if (storage instanceof Long) {
      return "INTEGER";
    }
    if (storage instanceof Double) {
      return "REAL";
    }
    return storage instanceof String ? "TEXT" : "BLOB";
  }

  static String unsupported(Class<?> type) {
    return "a column cannot be read as "
        + type.getTypeName()
        + ": it is not a supported type; read a supported one and convert it in the mapper";
  }
}
