package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.error.TransactionConflictException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * The table from result codes to exceptions. An extended code without a row of its own falls back
 * to the row of its primary code, and a code without either to {@link #UNKNOWN}.
 *
 * @see <a href="https://www.sqlite.org/rescode.html">Result codes</a>
 */
final class ErrorRules {

  /** Builds the exception of one row. */
  @FunctionalInterface
  interface Rule {
    DatabaseException apply(@Nullable String text, ErrorDetails details, @Nullable Throwable cause);
  }

  private static final Rule UNKNOWN =
      storage(
          StorageException.Kind.OTHER,
          "The engine failed in a way that has no meaning of its own here. Look up the result code,"
              + " and report it if it comes again.");

  private static final Map<Integer, Rule> ROWS = rows();

  private ErrorRules() {}

  static Rule of(int extendedCode) {
    Rule rule = ROWS.get(extendedCode);
    return rule != null ? rule : ROWS.getOrDefault(extendedCode & 0xff, UNKNOWN);
  }

  private static Map<Integer, Rule> rows() {
    Map<Integer, Rule> rows = new HashMap<>();
    contention(rows);
    constraints(rows);
    statements(rows);
    files(rows);
    put(
        rows,
        SQLiteErrorCode.SQLITE_INTERRUPT,
        storage(
            StorageException.Kind.OTHER,
            "The statement was interrupted from outside. Nothing of it was committed. Run it again"
                + " if it is still wanted."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_ABORT,
        storage(
            StorageException.Kind.OTHER,
            "The statement was stopped because the transaction it ran in was rolled back. Nothing"
                + " was committed. Run the whole transaction again."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_MISUSE,
        storage(
            StorageException.Kind.OTHER,
            "The engine was called in a wrong order, which is a defect of this library or its"
                + " driver. Please report it with the stack trace."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_INTERNAL,
        storage(
            StorageException.Kind.OTHER,
            "The engine reports a defect of its own. Run an integrity check, and report it with the"
                + " engine's version."));
    return Map.copyOf(rows);
  }

  private static void contention(Map<Integer, Rule> rows) {
    Rule busy =
        (text, details, cause) ->
            new DatabaseBusyException(
                "The file is locked by another connection, usually of another process. Nothing was"
                    + " written. Try again later, or find out which process keeps its"
                    + " transactions open.",
                details,
                Duration.ZERO,
                1,
                cause);
    put(rows, SQLiteErrorCode.SQLITE_BUSY, busy);
    put(rows, SQLiteErrorCode.SQLITE_PROTOCOL, busy);
    put(rows, SQLiteErrorCode.SQLITE_LOCKED_SHAREDCACHE, busy);
    put(
        rows,
        SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT,
        (text, details, cause) ->
            new TransactionConflictException(
                "The transaction cannot write, because the snapshot it read was replaced by another"
                    + " commit. It has to be rolled back. Run the whole transaction again;"
                    + " repeating the statement cannot help.",
                details,
                cause));
    put(
        rows,
        SQLiteErrorCode.SQLITE_SCHEMA,
        (text, details, cause) ->
            new TransactionConflictException(
                "The schema was changed by another connection again and again while the statement"
                    + " was being prepared. Nothing was written. Run the whole transaction again.",
                details,
                cause));
    put(
        rows,
        SQLiteErrorCode.SQLITE_LOCKED,
        (text, details, cause) ->
            new InvalidSqlException(
                "The table is in use by another statement of the same connection, so it cannot be"
                    + " changed or checkpointed now. Nothing was written. Consume or cancel the"
                    + " rows that are still open, then run the statement.",
                details,
                cause));
  }

  private static void constraints(Map<Integer, Rule> rows) {
    constraint(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE,
        ConstraintViolationException.Kind.UNIQUE,
        "A row with the same values of a unique key exists already",
        "Use other values, or an upsert (ON CONFLICT … DO UPDATE).");
    constraint(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY,
        ConstraintViolationException.Kind.PRIMARY_KEY,
        "A row with the same primary key exists already",
        "Use another key, or an upsert (ON CONFLICT … DO UPDATE).");
    constraint(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID,
        ConstraintViolationException.Kind.ROWID,
        "A row with the same rowid exists already",
        "Use another rowid, or leave it to the engine.");
    constraint(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_FOREIGNKEY,
        ConstraintViolationException.Kind.FOREIGN_KEY,
        "A foreign key would point to a row that does not exist",
        "Write the parent row first, or delete the child rows first; a deferred key is checked at"
            + " COMMIT.");
    constraint(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_NOTNULL,
        ConstraintViolationException.Kind.NOT_NULL,
        "A column that must have a value was given NULL",
        "Bind a value, or give the column a default.");
    constraint(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_CHECK,
        ConstraintViolationException.Kind.CHECK,
        "A CHECK constraint does not hold for the row",
        "Bind values that satisfy it; a constraint with a name is easier to find.");
    constraint(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT,
        ConstraintViolationException.Kind.OTHER,
        "A constraint does not hold for the row",
        "Bind values that satisfy it.");
    put(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_DATATYPE,
        (text, details, cause) ->
            violation(
                ConstraintViolationException.Kind.DATATYPE,
                "A value does not fit the type of its column in a STRICT table",
                "Bind a value of that type.",
                EngineText.strictColumn(text),
                details,
                cause));
    put(
        rows,
        SQLiteErrorCode.SQLITE_MISMATCH,
        (text, details, cause) ->
            violation(
                ConstraintViolationException.Kind.DATATYPE,
                "A value that has to be an integer is not one: a rowid, an INTEGER PRIMARY KEY, or"
                    + " a LIMIT or OFFSET",
                "Bind an integer.",
                null,
                details,
                cause));
    put(
        rows,
        SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER,
        (text, details, cause) ->
            new ConstraintViolationException(
                "A trigger refused the write and says: "
                    + EngineText.trigger(text)
                    + ". Nothing of the statement was kept. Write what the trigger accepts.",
                details,
                ConstraintViolationException.Kind.TRIGGER,
                null,
                cause));
  }

  private static void statements(Map<Integer, Rule> rows) {
    put(
        rows,
        SQLiteErrorCode.SQLITE_ERROR,
        (text, details, cause) ->
            new InvalidSqlException(
                EngineText.repeatable(text, details.sql())
                        .map(said -> "The engine refused the statement: " + said + ".")
                        .orElse(
                            "The engine refused the statement; its words are left out here, because"
                                + " they can quote literals or values.")
                    + " Nothing of it was written. Correct the statement, or the schema if that"
                    + " is behind.",
                details,
                cause));
    put(
        rows,
        SQLiteErrorCode.SQLITE_TOOBIG,
        invalid(
            "The statement, a text or a blob is longer than the engine's limit. Nothing of it was"
                + " written. Split it, or store large content in parts or in files."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_RANGE,
        invalid(
            "A parameter was bound, or a column was read, that the statement does not have. Nothing"
                + " was written. Compare the parameters with the statement."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_AUTH,
        invalid(
            "The statement uses something that is switched off, such as loading extensions. Nothing"
                + " was written. Do without it."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_READONLY,
        (text, details, cause) ->
            new ReadOnlyViolationException(
                "The statement writes, but was run through a connection that only reads. Nothing"
                    + " was written. Run it with update, batch, write or a transaction.",
                details,
                cause));
  }

  private static void files(Map<Integer, Rule> rows) {
    put(
        rows,
        SQLiteErrorCode.SQLITE_FULL,
        storage(
            StorageException.Kind.DISK_FULL,
            "There is no room: the disk or a quota is full, or the file has reached its limit of"
                + " pages. Free space or raise the limit; writes go on without a restart."));
    Rule ioError =
        storage(
            StorageException.Kind.IO_ERROR,
            "The operating system failed to read, write or flush a file of the database (the disk"
                + " may be full or defective). Look at the system log and at the disk; the"
                + " result code says which call failed.");
    put(rows, SQLiteErrorCode.SQLITE_IOERR, ioError);
    Rule memory = outOfMemory();
    put(rows, SQLiteErrorCode.SQLITE_NOMEM, memory);
    put(rows, SQLiteErrorCode.SQLITE_IOERR_NOMEM, memory);
    put(
        rows,
        SQLiteErrorCode.SQLITE_CORRUPT,
        storage(
            StorageException.Kind.CORRUPT,
            "The file looks damaged; a disk that fails to read can look the same. Do not delete it:"
                + " check the disk, run an integrity check, and restore a backup if it fails."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_CORRUPT_VTAB,
        storage(
            StorageException.Kind.CORRUPT,
            "The content of a virtual table (full-text or R-Tree) is damaged. Rebuild its index,"
                + " and run an integrity check on the file."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_NOTADB,
        storage(
            StorageException.Kind.NOT_A_DATABASE,
            "The file is not an SQLite database, or it is encrypted. It was not changed. Check its"
                + " path."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_CANTOPEN,
        storage(
            StorageException.Kind.CANNOT_OPEN,
            "The database or a file beside it could not be opened. Check that the directory exists"
                + " and is writable for this process, and that it has file descriptors left."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_CANTOPEN_NOTEMPDIR,
        storage(
            StorageException.Kind.CANNOT_OPEN,
            "No directory for temporary files could be used. Make one writable, or keep temporary"
                + " data in memory (temp store)."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_CANTOPEN_ISDIR,
        storage(
            StorageException.Kind.CANNOT_OPEN,
            "The path names a directory, not a file. Name the database file itself."));
    put(
        rows,
        SQLiteErrorCode.SQLITE_PERM,
        storage(
            StorageException.Kind.PERMISSION,
            "The process has no right to the file. Give its user the right to read and write the"
                + " file and its directory."));
    Rule readOnly = readOnly();
    put(rows, SQLiteErrorCode.SQLITE_READONLY_RECOVERY, readOnly);
    put(rows, SQLiteErrorCode.SQLITE_READONLY_CANTLOCK, readOnly);
    put(rows, SQLiteErrorCode.SQLITE_READONLY_ROLLBACK, readOnly);
    put(rows, SQLiteErrorCode.SQLITE_READONLY_CANTINIT, readOnly);
    put(rows, SQLiteErrorCode.SQLITE_READONLY_DIRECTORY, readOnly);
    Rule replaced =
        storage(
            StorageException.Kind.FILE_REPLACED,
            "The database file was moved, deleted or replaced while it was open. Close this"
                + " database, put the right file in its place, and open it again.");
    put(rows, SQLiteErrorCode.SQLITE_READONLY_DBMOVED, replaced);
    put(rows, SQLiteErrorCode.SQLITE_IOERR_VNODE, replaced);
    put(
        rows,
        SQLiteErrorCode.SQLITE_NOLFS,
        storage(
            StorageException.Kind.OTHER,
            "The file has grown past what its file system supports. Move it to another one."));
  }

  static Rule outOfMemory() {
    return storage(
        StorageException.Kind.OUT_OF_MEMORY,
        "There was not enough memory for the operation. Ask for fewer or smaller rows, lower the"
            + " cache size, or give the process more memory.");
  }

  /** The file cannot be written, as opposed to a connection that must not write. */
  static Rule readOnly() {
    return storage(
        StorageException.Kind.READ_ONLY,
        "The file, its directory or its volume can only be read. Nothing was written. Give the"
            + " process the right to write to the directory and to every file of the database.");
  }

  private static void constraint(
      Map<Integer, Rule> rows,
      SQLiteErrorCode code,
      ConstraintViolationException.Kind kind,
      String what,
      String remedy) {
    put(
        rows,
        code,
        (text, details, cause) ->
            violation(kind, what, remedy, EngineText.constraint(text), details, cause));
  }

  private static ConstraintViolationException violation(
      ConstraintViolationException.Kind kind,
      String what,
      String remedy,
      @Nullable String name,
      ErrorDetails details,
      @Nullable Throwable cause) {
    return new ConstraintViolationException(
        what
            + (name == null ? "" : " (" + name + ")")
            + ". Nothing of the statement was kept. "
            + remedy,
        details,
        kind,
        name,
        cause);
  }

  private static Rule invalid(String message) {
    return (text, details, cause) -> new InvalidSqlException(message, details, cause);
  }

  private static Rule storage(StorageException.Kind kind, String message) {
    return (text, details, cause) -> new StorageException(message, details, kind, cause);
  }

  private static void put(Map<Integer, Rule> rows, SQLiteErrorCode code, Rule rule) {
    rows.put(code.code, rule);
  }
}
