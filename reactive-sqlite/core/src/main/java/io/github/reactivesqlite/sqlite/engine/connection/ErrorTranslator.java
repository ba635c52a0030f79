package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The one place where errors of the driver become errors of this library.
 *
 * <p>No message and no cause it makes holds the driver's own text, which can quote literals, values
 * and paths: names are checked first, and the cause is a stand-in with class, code and stack trace.
 * Every call makes a new exception, so callers that share a failure never share an instance.
 * Stateless; any thread.
 */
public final class ErrorTranslator {

  private static final int LONGEST_CAUSE_CHAIN = 16;

  /** How the driver words a result code its own list does not have; the code itself is lost. */
  private static final Pattern UNLISTED_CODE =
      Pattern.compile("\\[UNKNOWN_ERROR][^:(]*:(\\d{1,9}) ");

  private static final Set<Integer> STATEMENT_SURVIVES =
      primaryCodes(
          SQLiteErrorCode.SQLITE_BUSY,
          SQLiteErrorCode.SQLITE_LOCKED,
          SQLiteErrorCode.SQLITE_MISUSE,
          SQLiteErrorCode.SQLITE_CONSTRAINT);

  /** Errors of one statement, after which its connection is as good as before. */
  private static final Set<Integer> READER_SURVIVES =
      primaryCodes(
          SQLiteErrorCode.SQLITE_ERROR,
          SQLiteErrorCode.SQLITE_ABORT,
          SQLiteErrorCode.SQLITE_BUSY,
          SQLiteErrorCode.SQLITE_LOCKED,
          SQLiteErrorCode.SQLITE_READONLY,
          SQLiteErrorCode.SQLITE_INTERRUPT,
          SQLiteErrorCode.SQLITE_FULL,
          SQLiteErrorCode.SQLITE_PROTOCOL,
          SQLiteErrorCode.SQLITE_SCHEMA,
          SQLiteErrorCode.SQLITE_TOOBIG,
          SQLiteErrorCode.SQLITE_CONSTRAINT,
          SQLiteErrorCode.SQLITE_MISMATCH,
          SQLiteErrorCode.SQLITE_AUTH,
          SQLiteErrorCode.SQLITE_RANGE);

  private ErrorTranslator() {}

  /**
   * Translates an error met on a reader: a refused write is the caller's mistake.
   *
   * <p>An interrupt becomes a plain {@link StorageException}; a caller that knows why it
   * interrupted asks {@link #isInterrupt} first. An error that is translated already comes back as
   * it is.
   *
   * @param error what the driver threw
   * @param details label and masked SQL; without the SQL, fewer names appear in messages
   */
  public static DatabaseException translate(Throwable error, ErrorDetails details) {
    return translate(error, details, false);
  }

  /**
   * Translates an error met on the writer: a refused write means that the file cannot be written.
   * Otherwise as {@link #translate(Throwable, ErrorDetails)}.
   */
  public static DatabaseException translateOnWriter(Throwable error, ErrorDetails details) {
    return translate(error, details, true);
  }

  /** The error of a wait for the file's lock that was given up. */
  public static DatabaseBusyException busy(
      Throwable error, ErrorDetails details, Duration waited, long attempts) {
    return new DatabaseBusyException(
        "Another connection, usually of another process, held the lock of the file for all of the "
            + waited.toMillis()
            + " ms this operation waited ("
            + attempts
            + " attempts). Nothing was written. Try again later, raise the lock timeout, or find"
            + " out which process keeps its transactions open.",
        details.withCode(extendedCode(error)),
        waited,
        attempts,
        safeCause(error));
  }

  /**
   * A cause for an exception the caller makes itself: class, result code and stack trace of the
   * error, without its message. Errors of this library come back as they are.
   */
  public static Throwable safeCause(Throwable error) {
    Throwable found = find(error);
    return found instanceof DatabaseException ? found : DriverFailure.of(found);
  }

  /**
   * The extended result code: that of the first error of the engine in the cause chain, or of an
   * error translated already; 0 when the engine reported none.
   */
  public static int extendedCode(Throwable error) {
    Throwable found = find(error);
    if (found instanceof DatabaseException translated) {
      return translated.code();
    }
    if (found instanceof SQLiteException sqlite && sqlite.getResultCode() != null) {
      SQLiteErrorCode code = sqlite.getResultCode();
      return code == SQLiteErrorCode.UNKNOWN_ERROR ? unlistedCode(sqlite) : code.code;
    }
    return found instanceof SQLException sql ? Math.max(0, sql.getErrorCode()) : 0;
  }

  /** The primary result code: the low byte of {@link #extendedCode}. */
  public static int primaryCode(Throwable error) {
    return extendedCode(error) & 0xff;
  }

  /**
   * Whether the file's lock was taken, so that waiting and asking again is right: the BUSY family
   * but for a stale snapshot, and the locking protocol's own give-up.
   */
  public static boolean isBusy(Throwable error) {
    int code = extendedCode(error);
    int primary = code & 0xff;
    if (primary == SQLiteErrorCode.SQLITE_BUSY.code) {
      return code != SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT.code;
    }
    return primary == SQLiteErrorCode.SQLITE_PROTOCOL.code
        || code == SQLiteErrorCode.SQLITE_LOCKED_SHAREDCACHE.code;
  }

  /** Whether the snapshot went stale, so that only a new transaction can write. */
  public static boolean isStaleSnapshot(Throwable error) {
    return extendedCode(error) == SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT.code;
  }

  /** Whether the statement was interrupted; the caller knows whether by a timeout or a cancel. */
  public static boolean isInterrupt(Throwable error) {
    return primaryCode(error) == SQLiteErrorCode.SQLITE_INTERRUPT.code;
  }

  /** Whether a constraint or a trigger refused the write. */
  public static boolean isConstraint(Throwable error) {
    return primaryCode(error) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
  }

  /** Whether the disk failed or is full: after COMMIT the outcome then has to be settled. */
  public static boolean isIoErrorOrFull(Throwable error) {
    int code = primaryCode(error);
    return code == SQLiteErrorCode.SQLITE_IOERR.code || code == SQLiteErrorCode.SQLITE_FULL.code;
  }

  /** Whether the prepared statement can be used again; the driver closes it after other errors. */
  public static boolean statementSurvives(Throwable error) {
    return STATEMENT_SURVIVES.contains(primaryCode(error));
  }

  /**
   * Whether a reader that met this error has to be replaced. True for everything that is not known
   * to concern one statement only, and for any error that is not the engine's; false for an error
   * of this library's own without a code.
   */
  public static boolean invalidatesReader(Throwable error) {
    Throwable found = find(error);
    if (found instanceof DatabaseException translated && translated.code() == 0) {
      return found instanceof DatabaseClosedException;
    }
    int code = extendedCode(error);
    boolean fileFailed =
        (code & 0xff) == SQLiteErrorCode.SQLITE_READONLY.code
            && code != SQLiteErrorCode.SQLITE_READONLY.code;
    return fileFailed || !READER_SURVIVES.contains(code & 0xff);
  }

  private static DatabaseException translate(
      Throwable error, ErrorDetails details, boolean onWriter) {
    Throwable found = find(error);
    if (found instanceof DatabaseException translated) {
      return translated;
    }
    Throwable cause = DriverFailure.of(found);
    if (found instanceof OutOfMemoryError) {
      return ErrorRules.outOfMemory().apply(null, details, cause);
    }
    int code = extendedCode(found);
    if (code == 0) {
      return withoutCode(found, details, cause);
    }
    boolean unwritable = onWriter && code == SQLiteErrorCode.SQLITE_READONLY.code;
    ErrorRules.Rule rule = unwritable ? ErrorRules.readOnly() : ErrorRules.of(code);
    String text = found instanceof SQLiteException sqlite ? EngineText.of(sqlite) : null;
    return rule.apply(text, details.withCode(code), cause);
  }

  /** The driver refused the call itself, before the engine was asked. */
  private static DatabaseException withoutCode(
      Throwable found, ErrorDetails details, Throwable cause) {
    if (found instanceof SQLException sql && saysConnectionClosed(sql.getMessage())) {
      return new DatabaseClosedException(
          "The connection was closed before the operation ended. Nothing was committed. Open the"
              + " database again, or stop using it.",
          details,
          cause);
    }
    if (saysOutOfMemory(found)) {
      return ErrorRules.outOfMemory().apply(null, details, cause);
    }
    return new StorageException(
        "The driver failed without asking the engine ("
            + found.getClass().getName()
            + "), which is a defect of this library or its driver. Please report it with the stack"
            + " trace.",
        details,
        StorageException.Kind.OTHER,
        cause);
  }

  /** How the driver's native code reports that it got no memory itself: without a result code. */
  static boolean saysOutOfMemory(Throwable error) {
    return error instanceof SQLException && "out of memory".equalsIgnoreCase(error.getMessage());
  }

  private static boolean saysConnectionClosed(@Nullable String message) {
    return message != null && message.toLowerCase(Locale.ROOT).contains("connection closed");
  }

  /**
   * The error in the chain that says most: the engine's or ours, else the driver's, else itself.
   */
  private static Throwable find(Throwable error) {
    Throwable best = error;
    @Nullable Throwable next = error;
    for (int i = 0; i < LONGEST_CAUSE_CHAIN && next != null; i++) {
      if (next instanceof SQLiteException || next instanceof DatabaseException) {
        return next;
      }
      if (next instanceof SQLException && !(best instanceof SQLException)) {
        best = next;
      }
      next = next.getCause();
    }
    return best;
  }

  private static int unlistedCode(SQLiteException error) {
    String message = error.getMessage();
    Matcher matcher = UNLISTED_CODE.matcher(message == null ? "" : message);
    return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static Set<Integer> primaryCodes(SQLiteErrorCode... codes) {
    return Arrays.stream(codes).map(code -> code.code).collect(Collectors.toUnmodifiableSet());
  }
}
