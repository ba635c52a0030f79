package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;

/**
 * An error of the driver on its way through the engine. It keeps the result code, by which the
 * engine decides, and becomes one of our typed errors when it is known whom it concerns.
 */
public final class SqlFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int INTERRUPT = 9;
  private static final int CONSTRAINT = 19;
  private static final int FULL = 13;
  private static final int READONLY = 8;
  private static final Set<Integer> UNDONE =
      Set.of(
          SQLiteErrorCode.SQLITE_CONSTRAINT_CHECK.code,
          SQLiteErrorCode.SQLITE_CONSTRAINT_FOREIGNKEY.code,
          SQLiteErrorCode.SQLITE_CONSTRAINT_NOTNULL.code,
          SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY.code,
          SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID.code,
          SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER.code,
          SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE.code);

  private final SQLException original;

  SqlFailure(SQLException original) {
    super("SQLite error " + ErrorTranslator.extendedCode(original), null, false, false);
    this.original = original;
  }

  /** A failure that was translated already, such as that of an opening. */
  public static SqlFailure of(DatabaseException translated) {
    return new SqlFailure(new SQLException(translated));
  }

  /** The extended result code, 0 if the error did not come from SQLite. */
  public int code() {
    return ErrorTranslator.extendedCode(original);
  }

  /** Somebody else holds the lock; nothing has run. */
  public boolean isBusy() {
    return ErrorTranslator.isBusy(original);
  }

  /** The statement was stopped by the progress handler. */
  public boolean isInterrupt() {
    return (code() & 0xff) == INTERRUPT;
  }

  /** A constraint refused the statement. */
  public boolean isConstraint() {
    return (code() & 0xff) == CONSTRAINT;
  }

  /**
   * A constraint that stopped the statement by a {@code Halt}, so that SQLite has undone its rows.
   * After other errors they may be there: SQLite keeps a statement journal only for those that it
   * expects, which leaves out the types of a STRICT table, values that grow too big, overflowing
   * sums and table-valued functions.
   */
  public boolean isUndone() {
    return UNDONE.contains(code());
  }

  /** The disk is full. */
  public boolean isFull() {
    return (code() & 0xff) == FULL;
  }

  /** Whether a connection that met this error is to be replaced. */
  public boolean breaksConnection() {
    return ErrorTranslator.invalidatesReader(original);
  }

  /**
   * Whether a connection that writes and met this error is to be replaced. One whose log could not
   * be opened for writing, once, reads well and stays read-only.
   */
  public boolean breaksWriting() {
    return breaksConnection() || (code() & 0xff) == READONLY;
  }

  /** The typed error for a caller of a reader; a new instance each time. */
  public DatabaseException toReaderException(ErrorDetails details) {
    return ErrorTranslator.translate(original, details);
  }

  /** The typed error for a caller of the writer; a new instance each time. */
  public DatabaseException toWriterException(ErrorDetails details) {
    return ErrorTranslator.translateOnWriter(original, details);
  }

  /** A cause that repeats no text of the driver. */
  public Throwable safeCause() {
    return ErrorTranslator.safeCause(original);
  }
}
