package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.ConstraintViolationException.Kind;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.error.TransactionConflictException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class ErrorTranslatorTest {

  private static final ErrorDetails DETAILS =
      ErrorDetails.NONE.withLabel("import").withSql("SELECT a, ? FROM t");

  private static SQLiteException engine(SQLiteErrorCode code, String text) {
    return new SQLiteException(code + " (" + text + ")", code);
  }

  private static DatabaseException translate(SQLiteErrorCode code, String text) {
    return ErrorTranslator.translate(engine(code, text), DETAILS);
  }

  @Nested
  class Table {

    @ParameterizedTest
    @CsvSource({
      "SQLITE_BUSY, DatabaseBusyException",
      "SQLITE_BUSY_RECOVERY, DatabaseBusyException",
      "SQLITE_BUSY_TIMEOUT, DatabaseBusyException",
      "SQLITE_BUSY_SNAPSHOT, TransactionConflictException",
      "SQLITE_PROTOCOL, DatabaseBusyException",
      "SQLITE_SCHEMA, TransactionConflictException",
      "SQLITE_LOCKED, InvalidSqlException",
      "SQLITE_LOCKED_VTAB, InvalidSqlException",
      "SQLITE_LOCKED_SHAREDCACHE, DatabaseBusyException",
      "SQLITE_ERROR, InvalidSqlException",
      "SQLITE_ERROR_MISSING_COLLSEQ, InvalidSqlException",
      "SQLITE_TOOBIG, InvalidSqlException",
      "SQLITE_RANGE, InvalidSqlException",
      "SQLITE_AUTH, InvalidSqlException",
      "SQLITE_READONLY, ReadOnlyViolationException",
    })
    void codesOfStatementsAndLocks(SQLiteErrorCode code, String type) {
      assertThat(translate(code, "SECRET").getClass().getSimpleName()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
      "SQLITE_CONSTRAINT, OTHER",
      "SQLITE_CONSTRAINT_UNIQUE, UNIQUE",
      "SQLITE_CONSTRAINT_PRIMARYKEY, PRIMARY_KEY",
      "SQLITE_CONSTRAINT_FOREIGNKEY, FOREIGN_KEY",
      "SQLITE_CONSTRAINT_NOTNULL, NOT_NULL",
      "SQLITE_CONSTRAINT_CHECK, CHECK",
      "SQLITE_CONSTRAINT_TRIGGER, TRIGGER",
      "SQLITE_CONSTRAINT_ROWID, ROWID",
      "SQLITE_CONSTRAINT_DATATYPE, DATATYPE",
      "SQLITE_MISMATCH, DATATYPE",
      "SQLITE_CONSTRAINT_VTAB, OTHER",
      "SQLITE_CONSTRAINT_FUNCTION, OTHER",
      "SQLITE_CONSTRAINT_COMMITHOOK, OTHER",
      "SQLITE_CONSTRAINT_PINNED, OTHER",
    })
    void codesOfConstraints(SQLiteErrorCode code, Kind kind) {
      assertThat(translate(code, "text"))
          .isInstanceOfSatisfying(
              ConstraintViolationException.class,
              error -> assertThat(error.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @CsvSource({
      "SQLITE_FULL, DISK_FULL",
      "SQLITE_IOERR, IO_ERROR",
      "SQLITE_IOERR_FSYNC, IO_ERROR",
      "SQLITE_IOERR_WRITE, IO_ERROR",
      "SQLITE_IOERR_SHMSIZE, IO_ERROR",
      "SQLITE_IOERR_CORRUPTFS, IO_ERROR",
      "SQLITE_IOERR_NOMEM, OUT_OF_MEMORY",
      "SQLITE_NOMEM, OUT_OF_MEMORY",
      "SQLITE_CORRUPT, CORRUPT",
      "SQLITE_CORRUPT_INDEX, CORRUPT",
      "SQLITE_CORRUPT_VTAB, CORRUPT",
      "SQLITE_NOTADB, NOT_A_DATABASE",
      "SQLITE_CANTOPEN, CANNOT_OPEN",
      "SQLITE_CANTOPEN_ISDIR, CANNOT_OPEN",
      "SQLITE_CANTOPEN_NOTEMPDIR, CANNOT_OPEN",
      "SQLITE_CANTOPEN_SYMLINK, CANNOT_OPEN",
      "SQLITE_PERM, PERMISSION",
      "SQLITE_READONLY_DIRECTORY, READ_ONLY",
      "SQLITE_READONLY_RECOVERY, READ_ONLY",
      "SQLITE_READONLY_CANTLOCK, READ_ONLY",
      "SQLITE_READONLY_CANTINIT, READ_ONLY",
      "SQLITE_READONLY_ROLLBACK, READ_ONLY",
      "SQLITE_READONLY_DBMOVED, FILE_REPLACED",
      "SQLITE_IOERR_VNODE, FILE_REPLACED",
      "SQLITE_INTERRUPT, OTHER",
      "SQLITE_ABORT_ROLLBACK, OTHER",
      "SQLITE_MISUSE, OTHER",
      "SQLITE_INTERNAL, OTHER",
      "SQLITE_NOLFS, OTHER",
      "SQLITE_NOTFOUND, OTHER",
    })
    void codesOfStorage(SQLiteErrorCode code, StorageException.Kind kind) {
      assertThat(translate(code, "text"))
          .isInstanceOfSatisfying(
              StorageException.class, error -> assertThat(error.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @EnumSource(
        value = SQLiteErrorCode.class,
        mode = EnumSource.Mode.EXCLUDE,
        names = {"UNKNOWN_ERROR", "SQLITE_OK", "SQLITE_CONSTRAINT_TRIGGER"})
    void everyCodeIsKeptAndNoTextOfTheEngineLeaks(SQLiteErrorCode code) {
      DatabaseException error = translate(code, "no such /path/SECRET: 'SECRET' \"SECRET\"");
      assertThat(error.code()).isEqualTo(code.code);
      assertThat(error.label()).contains("import");
      assertThat(error.sql()).contains("SELECT a, ? FROM t");
      assertThat(error.getMessage()).hasSizeGreaterThan(60).endsWith(".");
      assertThat(error).hasStackTraceContaining(code.name());
      assertNoSecret(error);
    }

    @Test
    void aReadOnlyFileIsNotTheCallersMistakeOnTheWriter() {
      SQLiteException error = engine(SQLiteErrorCode.SQLITE_READONLY, "text");
      assertThat(ErrorTranslator.translateOnWriter(error, DETAILS))
          .isInstanceOfSatisfying(
              StorageException.class,
              it -> assertThat(it.kind()).isEqualTo(StorageException.Kind.READ_ONLY));
      assertThat(ErrorTranslator.translate(error, DETAILS))
          .isInstanceOf(ReadOnlyViolationException.class);
    }

    @Test
    void aCodeTheDriverDoesNotListIsReadFromItsWords() {
      SQLiteException inPage =
          new SQLiteException(
              SQLiteErrorCode.UNKNOWN_ERROR + ":8714 (SECRET)", SQLiteErrorCode.UNKNOWN_ERROR);
      DatabaseException error = ErrorTranslator.translate(inPage, DETAILS);
      assertThat(error.code()).isEqualTo(8714);
      assertThat(((StorageException) error).kind()).isEqualTo(StorageException.Kind.IO_ERROR);
      assertThat(ErrorTranslator.isIoErrorOrFull(inPage)).isTrue();
      assertNoSecret(error);
    }
  }

  @Nested
  class WithoutAResultCode {

    @Test
    void aClosedConnectionIsAClosedDatabase() {
      SQLException closed = new SQLException("database connection closed");
      assertThat(ErrorTranslator.translate(closed, DETAILS))
          .isInstanceOf(DatabaseClosedException.class);
      assertThat(ErrorTranslator.invalidatesReader(closed)).isTrue();
      assertThat(ErrorTranslator.statementSurvives(closed)).isFalse();
    }

    @Test
    void anErrorOfTheDriverItselfNamesOnlyItsClass() {
      DatabaseException error =
          ErrorTranslator.translate(new ArrayStoreException("SECRET"), DETAILS);
      assertThat(error)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("java.lang.ArrayStoreException");
      assertThat(error.code()).isZero();
      assertNoSecret(error);
    }

    @Test
    void anOutOfMemoryErrorIsOutOfMemory() {
      assertThat(ErrorTranslator.translate(new OutOfMemoryError("SECRET"), DETAILS))
          .isInstanceOfSatisfying(
              StorageException.class,
              it -> assertThat(it.kind()).isEqualTo(StorageException.Kind.OUT_OF_MEMORY))
          .satisfies(ErrorTranslatorTest::assertNoSecret);
    }

    @Test
    void aTranslatedErrorStaysAsItIs() {
      InvalidSqlException first = new InvalidSqlException("Wrong.", ErrorDetails.NONE);
      assertThat(ErrorTranslator.translate(first, DETAILS)).isSameAs(first);
      assertThat(ErrorTranslator.translate(new IllegalStateException(first), DETAILS))
          .isSameAs(first);
      assertThat(ErrorTranslator.safeCause(first)).isSameAs(first);
      assertThat(ErrorTranslator.invalidatesReader(first)).isFalse();
    }
  }

  @Nested
  class Questions {

    @ParameterizedTest
    @CsvSource({
      "SQLITE_BUSY, true, false",
      "SQLITE_BUSY_RECOVERY, true, false",
      "SQLITE_BUSY_TIMEOUT, true, false",
      "SQLITE_PROTOCOL, true, false",
      "SQLITE_LOCKED_SHAREDCACHE, true, false",
      "SQLITE_BUSY_SNAPSHOT, false, true",
      "SQLITE_LOCKED, false, false",
      "SQLITE_FULL, false, false",
    })
    void waitingHelpsOnlyAgainstATakenLock(SQLiteErrorCode code, boolean busy, boolean stale) {
      assertThat(ErrorTranslator.isBusy(engine(code, "text"))).isEqualTo(busy);
      assertThat(ErrorTranslator.isStaleSnapshot(engine(code, "text"))).isEqualTo(stale);
    }

    @ParameterizedTest
    @CsvSource({
      "SQLITE_BUSY, true, false",
      "SQLITE_BUSY_SNAPSHOT, true, false",
      "SQLITE_LOCKED, true, false",
      "SQLITE_CONSTRAINT_UNIQUE, true, false",
      "SQLITE_MISUSE, true, true",
      "SQLITE_INTERRUPT, false, false",
      "SQLITE_ERROR, false, false",
      "SQLITE_MISMATCH, false, false",
      "SQLITE_TOOBIG, false, false",
      "SQLITE_FULL, false, false",
      "SQLITE_READONLY, false, false",
      "SQLITE_READONLY_DBMOVED, false, true",
      "SQLITE_IOERR_READ, false, true",
      "SQLITE_CORRUPT, false, true",
      "SQLITE_NOTADB, false, true",
      "SQLITE_CANTOPEN, false, true",
      "SQLITE_NOMEM, false, true",
      "SQLITE_INTERNAL, false, true",
    })
    void whatSurvivesAnError(SQLiteErrorCode code, boolean statement, boolean readerIsLost) {
      SQLiteException error = engine(code, "text");
      assertThat(ErrorTranslator.statementSurvives(error)).isEqualTo(statement);
      assertThat(ErrorTranslator.invalidatesReader(error)).isEqualTo(readerIsLost);
      DatabaseException translated = ErrorTranslator.translate(error, DETAILS);
      assertThat(ErrorTranslator.invalidatesReader(translated)).isEqualTo(readerIsLost);
    }

    @Test
    void codesAreFoundBehindWrappers() {
      Throwable wrapped =
          new IllegalStateException(
              new SQLException(engine(SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE, "text")));
      assertThat(ErrorTranslator.extendedCode(wrapped)).isEqualTo(2067);
      assertThat(ErrorTranslator.primaryCode(wrapped)).isEqualTo(19);
      assertThat(ErrorTranslator.isConstraint(wrapped)).isTrue();
      assertThat(ErrorTranslator.isInterrupt(wrapped)).isFalse();
    }

    @Test
    void anInterruptIsRecognised() {
      assertThat(ErrorTranslator.isInterrupt(engine(SQLiteErrorCode.SQLITE_INTERRUPT, "text")))
          .isTrue();
    }

    @Test
    void aDiskThatFailsOrIsFullIsRecognised() {
      assertThat(ErrorTranslator.isIoErrorOrFull(engine(SQLiteErrorCode.SQLITE_IOERR_FSYNC, "t")))
          .isTrue();
      assertThat(ErrorTranslator.isIoErrorOrFull(engine(SQLiteErrorCode.SQLITE_FULL, "t")))
          .isTrue();
      assertThat(ErrorTranslator.isIoErrorOrFull(engine(SQLiteErrorCode.SQLITE_CORRUPT, "t")))
          .isFalse();
    }

    @Test
    void aGivenUpWaitSaysHowLongItWas() {
      DatabaseBusyException error =
          ErrorTranslator.busy(
              engine(SQLiteErrorCode.SQLITE_BUSY, "SECRET"),
              DETAILS,
              Duration.ofMillis(30_000),
              77);
      assertThat(error.waited()).isEqualTo(Duration.ofSeconds(30));
      assertThat(error.attempts()).isEqualTo(77);
      assertThat(error.code()).isEqualTo(5);
      assertThat(error).hasMessageContaining("30000 ms").hasMessageContaining("77 attempts");
      assertNoSecret(error);
    }
  }

  @Nested
  class Instances {

    @Test
    void twoCallersOfOneFailureGetTheirOwnException() {
      SQLiteException shared = engine(SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT, "text");
      DatabaseException one = ErrorTranslator.translate(shared, DETAILS);
      DatabaseException two = ErrorTranslator.translate(shared, DETAILS.withLabel("other"));
      assertThat(one).isInstanceOf(TransactionConflictException.class).isNotSameAs(two);
      assertThat(one.getCause()).isNotSameAs(two.getCause());
      assertThat(two.label()).contains("other");
    }

    @Test
    void theCauseKeepsTheDriversStackTrace() {
      SQLiteException original = engine(SQLiteErrorCode.SQLITE_IOERR_FSYNC, "SECRET");
      Throwable cause = ErrorTranslator.safeCause(original);
      assertThat(cause.getStackTrace()).isEqualTo(original.getStackTrace());
      assertThat(cause).hasMessageContaining("SQLITE_IOERR_FSYNC").hasNoCause();
      assertNoSecret(cause);
    }
  }

  @Nested
  class Names {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "near \"SECRET\": syntax error",
          "near \"'SECRET'\": syntax error",
          "near \"12SECRET\": syntax error",
          "unrecognized token: \"'SECRET and more\"",
          "unrecognized token: \"x'abSECRET'\"",
          "no such column: SECRET",
          "no such column: \"a\" - should this be a string literal in single-quotes? SECRET",
          "no such column: \"SECRET\" - should this be a string literal in single-quotes?",
          "no such table: SECRET",
          "no such table: main.SECRET word",
          "bad JSON path: 'SECRET'",
          "unable to open database: /home/SECRET.db",
          "fts5: syntax error near \"SECRET\"",
          "malformed MATCH expression: [SECRET]",
          "table SECRET has no column named SECRET",
          "something new: SECRET",
        })
    void namesTheStatementDoesNotSpellAreMasked(String text) {
      DatabaseException error = translate(SQLiteErrorCode.SQLITE_ERROR, text);
      assertThat(error).isInstanceOf(InvalidSqlException.class);
      assertNoSecret(error);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "near \"FROM\": syntax error",
          "near \")\": syntax error",
          "incomplete input",
          "no such table: t",
          "no such table: main.gone_behind_a_view",
          "no such column: t.a",
          "ambiguous column name: a",
          "table t has 1 columns but 3 values were supplied",
          "foreign key mismatch - \"child\" referencing \"parent\"",
          "malformed JSON",
        })
    void namesTheStatementSpellsAreKept(String text) {
      assertThat(translate(SQLiteErrorCode.SQLITE_ERROR, text)).hasMessageContaining(text);
    }

    @Test
    void withoutTheStatementNamesAreMasked() {
      DatabaseException error =
          ErrorTranslator.translate(
              engine(SQLiteErrorCode.SQLITE_ERROR, "no such column: a"), ErrorDetails.NONE);
      assertThat(error).hasMessageContaining("no such column: <masked>");
    }

    @Test
    void partOfAWordIsNotTheWord() {
      assertThat(translate(SQLiteErrorCode.SQLITE_ERROR, "no such column: elect"))
          .hasMessageContaining("no such column: <masked>");
    }
  }

  static void assertNoSecret(Throwable error) {
    for (Throwable next = error; next != null; next = next.getCause()) {
      assertThat(next.toString()).doesNotContain("SECRET");
      assertThat(next.getSuppressed()).isEmpty();
    }
  }
}
