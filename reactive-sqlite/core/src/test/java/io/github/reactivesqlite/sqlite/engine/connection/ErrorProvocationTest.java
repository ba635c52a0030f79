package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/** Errors made by a real file and the real driver. */
class ErrorProvocationTest {

  @TempDir Path directory;

  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = connect(directory.resolve("test.db"));
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA foreign_keys=ON");
    run(
        "CREATE TABLE album (id INTEGER PRIMARY KEY, title TEXT UNIQUE,"
            + " genre TEXT NOT NULL CHECK (genre <> 'SECRET-GENRE'),"
            + " year INT CONSTRAINT year_is_sane CHECK (year > 1900))");
    run("INSERT INTO album VALUES (1, 'SECRET-TITLE', 'jazz', 1959)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Nested
  class Constraints {

    @Test
    void uniqueKey() {
      violates(
          "INSERT INTO album VALUES (2, 'SECRET-TITLE', 'jazz', 1960)",
          Kind.UNIQUE,
          "album.title",
          2067);
    }

    @Test
    void uniqueKeyOverSeveralColumns() throws SQLException {
      run("CREATE TABLE track (disc INT, number INT, UNIQUE (disc, number))");
      run("INSERT INTO track VALUES (1, 1)");
      violates("INSERT INTO track VALUES (1, 1)", Kind.UNIQUE, "track.disc, track.number", 2067);
    }

    @Test
    void uniqueIndexOverAnExpression() throws SQLException {
      run("CREATE UNIQUE INDEX title_ignoring_case ON album (lower(title))");
      violates(
          "INSERT INTO album VALUES (2, 'secret-title', 'jazz', 1960)",
          Kind.UNIQUE,
          "title_ignoring_case",
          2067);
    }

    @Test
    void integerPrimaryKey() {
      violates(
          "INSERT INTO album VALUES (1, 'x', 'jazz', 1960)", Kind.PRIMARY_KEY, "album.id", 1555);
    }

    @Test
    void primaryKeyWithoutRowid() throws SQLException {
      run("CREATE TABLE setting (name TEXT PRIMARY KEY) WITHOUT ROWID");
      run("INSERT INTO setting VALUES ('SECRET')");
      violates("INSERT INTO setting VALUES ('SECRET')", Kind.PRIMARY_KEY, "setting.name", 1555);
    }

    @Test
    void rowid() throws SQLException {
      run("CREATE TABLE plain (a)");
      run("INSERT INTO plain (rowid, a) VALUES (5, 'SECRET')");
      violates(
          "INSERT INTO plain (rowid, a) VALUES (5, 'SECRET')", Kind.ROWID, "plain.rowid", 2579);
    }

    @Test
    void foreignKey() throws SQLException {
      run("CREATE TABLE review (album INT REFERENCES album (id))");
      violates("INSERT INTO review VALUES (99)", Kind.FOREIGN_KEY, null, 787);
    }

    @Test
    void deferredForeignKeyAtCommit() throws SQLException {
      run("CREATE TABLE review (album INT REFERENCES album (id) DEFERRABLE INITIALLY DEFERRED)");
      run("BEGIN IMMEDIATE");
      run("INSERT INTO review VALUES (99)");
      violates("COMMIT", Kind.FOREIGN_KEY, null, 787);
      run("ROLLBACK");
    }

    @Test
    void notNull() {
      violates("INSERT INTO album VALUES (2, 'x', NULL, 1960)", Kind.NOT_NULL, "album.genre", 1299);
    }

    @Test
    void namedCheck() {
      violates("INSERT INTO album VALUES (2, 'x', 'jazz', 1850)", Kind.CHECK, "year_is_sane", 275);
    }

    @Test
    void theExpressionOfAnUnnamedCheckIsLeftOut() {
      violates("INSERT INTO album VALUES (2, 'x', 'SECRET-GENRE', 1960)", Kind.CHECK, null, 275);
    }

    @Test
    void typeOfAStrictTable() throws SQLException {
      run("CREATE TABLE strict_one (number INT) STRICT");
      violates(
          "INSERT INTO strict_one VALUES ('SECRET')", Kind.DATATYPE, "strict_one.number", 3091);
    }

    @Test
    void typeOfAnIntegerPrimaryKey() {
      violates("INSERT INTO album VALUES ('SECRET', 'x', 'jazz', 1960)", Kind.DATATYPE, null, 20);
    }

    @Test
    void virtualTable() throws SQLException {
      run("CREATE VIRTUAL TABLE area USING rtree (id, low, high)");
      violates("INSERT INTO area VALUES (1, 5, 2)", Kind.OTHER, null, 19);
    }

    @Test
    void raiseInATriggerKeepsItsTextOnOneLineAndShort() throws SQLException {
      run(
          "CREATE TRIGGER no_polka BEFORE INSERT ON album WHEN new.genre = 'polka' BEGIN"
              + " SELECT RAISE(ABORT, 'No polka\nhere "
              + "x".repeat(500)
              + "'); END");
      DatabaseException error =
          violates("INSERT INTO album VALUES (2, 'x', 'polka', 1960)", Kind.TRIGGER, null, 1811);
      assertThat(error)
          .hasMessageContaining("says: No polka here xxx")
          .hasMessageContaining("x….")
          .hasMessageNotContaining("\n");
      assertThat(error.getMessage()).hasSizeLessThan(350);
    }

    @Test
    void raiseRollbackInATrigger() throws SQLException {
      run(
          "CREATE TRIGGER no_polka BEFORE INSERT ON album WHEN new.genre = 'polka' BEGIN"
              + " SELECT RAISE(ROLLBACK, 'No polka'); END");
      violates("INSERT INTO album VALUES (2, 'x', 'polka', 1960)", Kind.TRIGGER, null, 1811);
    }

    private DatabaseException violates(String sql, Kind kind, String constraint, int code) {
      DatabaseException error = fails(connection, sql);
      assertThat(error)
          .isInstanceOfSatisfying(
              ConstraintViolationException.class,
              violation -> {
                assertThat(violation.kind()).isEqualTo(kind);
                assertThat(violation.constraint().orElse(null)).isEqualTo(constraint);
              });
      assertThat(error.code()).isEqualTo(code);
      return error;
    }
  }

  @Nested
  class Statements {

    @Test
    void syntaxErrorAtALiteral() {
      assertThat(invalid("SELECT 1 FROM album 'SECRET' 'SECRET'"))
          .hasMessageContaining("near \"<masked>\": syntax error");
    }

    @Test
    void syntaxErrorAtAWord() {
      assertThat(invalid("SELEKT 'SECRET'")).hasMessageContaining("near \"SELEKT\": syntax error");
    }

    @Test
    void literalWithoutAnEnd() {
      assertThat(invalid("SELECT 'SECRET-TOKEN"))
          .hasMessageContaining("unrecognized token: \"<masked>\"");
    }

    @Test
    void malformedBlobAndNumber() {
      invalid("SELECT x'abSECRET'");
      invalid("SELECT 12SECRET");
    }

    @Test
    void unknownTable() {
      assertThat(invalid("SELECT * FROM nope WHERE a = 'SECRET'"))
          .hasMessageContaining("no such table: nope");
    }

    @Test
    void unknownTableNamedByALiteral() {
      assertThat(invalid("SELECT * FROM 'SECRET'")).hasMessageContaining("no such table: <masked>");
    }

    @Test
    void unknownTableBehindAView() throws SQLException {
      run("CREATE VIEW broken AS SELECT * FROM gone");
      assertThat(invalid("SELECT * FROM broken")).hasMessageContaining("no such table: main.gone");
    }

    @Test
    void unknownColumn() {
      assertThat(invalid("SELECT nope FROM album")).hasMessageContaining("no such column: nope");
    }

    @Test
    void valuesThatAFullTextQueryQuotesAreMasked() throws SQLException {
      run("CREATE VIRTUAL TABLE words USING fts5 (word)");
      String sql = "SELECT * FROM words WHERE words MATCH ?";
      for (String bound : new String[] {"SECRET : x", "SECRET \"", "* SECRET", "x AND ("}) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          statement.setString(1, bound);
          assertThatThrownBy(() -> statement.executeQuery().next())
              .isInstanceOf(SQLException.class)
              .satisfies(
                  error -> {
                    DatabaseException translated = translate(error, sql);
                    assertThat(translated).isInstanceOf(InvalidSqlException.class);
                    ErrorTranslatorTest.assertNoSecret(translated);
                  });
        }
      }
    }

    @Test
    void statementPastTheLimit() throws SQLException {
      ((SQLiteConnection) connection).setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, 20);
      assertThat(invalid("SELECT 'SECRET', 'SECRET'").code()).isEqualTo(18);
    }

    @Test
    void tableInUseByTheSameConnection() throws SQLException {
      run("INSERT INTO album VALUES (2, 'x', 'jazz', 1960)");
      noAutoCommit(connection);
      try (PreparedStatement open = connection.prepareStatement("SELECT id FROM album");
          ResultSet rows = open.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(invalid("DROP TABLE album").code()).isEqualTo(6);
      }
    }

    @Test
    void interrupt() throws SQLException {
      ProgressHandler.setHandler(
          connection,
          100,
          new ProgressHandler() {
            @Override
            protected int progress() {
              return 1;
            }
          });
      String sql =
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000)"
              + " SELECT max(i) FROM n";
      assertThatThrownBy(() -> run(sql))
          .satisfies(error -> assertThat(ErrorTranslator.isInterrupt(error)).isTrue())
          .satisfies(error -> assertThat(ErrorTranslator.statementSurvives(error)).isFalse())
          .satisfies(error -> assertThat(ErrorTranslator.invalidatesReader(error)).isFalse());
    }

    @Test
    void writeThroughAReader() throws SQLException {
      SQLiteConfig config = new SQLiteConfig();
      config.setReadOnly(true);
      try (Connection reader =
          config.createConnection("jdbc:sqlite:" + directory.resolve("test.db"))) {
        assertThat(fails(reader, "DELETE FROM album WHERE title = 'SECRET-TITLE'"))
            .isInstanceOf(ReadOnlyViolationException.class);
      }
      run("PRAGMA query_only=ON");
      assertThat(fails(connection, "DELETE FROM album WHERE title = 'SECRET-TITLE'"))
          .isInstanceOf(ReadOnlyViolationException.class);
    }

    private DatabaseException invalid(String sql) {
      DatabaseException error = fails(connection, sql);
      assertThat(error).isInstanceOf(InvalidSqlException.class);
      return error;
    }
  }

  @Nested
  class Locks {

    @Test
    void lockHeldByAnotherConnection() throws SQLException {
      try (Connection other = connect(directory.resolve("test.db"))) {
        run("BEGIN IMMEDIATE");
        run(other, "PRAGMA busy_timeout=0");
        DatabaseException error = fails(other, "BEGIN IMMEDIATE");
        assertThat(error).isInstanceOf(DatabaseBusyException.class);
        assertThat(error.code()).isEqualTo(5);
        assertThat(ErrorTranslator.isBusy(error)).isTrue();
      }
    }

    @Test
    void staleSnapshot() throws SQLException {
      try (Connection other = connect(directory.resolve("test.db"))) {
        noAutoCommit(other);
        run(other, "BEGIN");
        run(other, "SELECT * FROM album");
        run("UPDATE album SET year = 1960");
        DatabaseException error = fails(other, "UPDATE album SET year = 1961");
        assertThat(error).isInstanceOf(TransactionConflictException.class);
        assertThat(error.code()).isEqualTo(517);
      }
    }

    @Test
    void theStatementSurvivesAConstraint() throws SQLException {
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO album VALUES (?, ?, 'jazz', 1960)")) {
        insert.setInt(1, 1);
        insert.setString(2, "x");
        assertThatThrownBy(insert::execute)
            .satisfies(error -> assertThat(ErrorTranslator.statementSurvives(error)).isTrue());
        insert.setInt(1, 2);
        insert.execute();
        assertThat(insert.getUpdateCount()).isEqualTo(1);
      }
    }
  }

  @Nested
  class Storage {

    @Test
    void notADatabase() throws Exception {
      Path file = directory.resolve("SECRET.db");
      Files.writeString(file, "SECRET, and not a database ".repeat(300));
      try (Connection other = connect(file)) {
        storage(fails(other, "SELECT * FROM sqlite_schema"), StorageException.Kind.NOT_A_DATABASE);
      }
    }

    @Test
    void fileAtItsLimitOfPages() throws SQLException {
      run("CREATE TABLE content (data BLOB)");
      run("PRAGMA max_page_count=1");
      storage(
          fails(connection, "INSERT INTO content VALUES (zeroblob(1000000))"),
          StorageException.Kind.DISK_FULL);
    }

    @Test
    void missingDirectory() {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      assertThatThrownBy(() -> connect(directory.resolve("SECRET").resolve("test.db")))
          .satisfies(failure::set);
      DatabaseException error = ErrorTranslator.translate(failure.get(), ErrorDetails.NONE);
      storage(error, StorageException.Kind.CANNOT_OPEN);
      ErrorTranslatorTest.assertNoSecret(error);
      assertThat(error).hasMessageNotContaining(directory.toString());
    }

    @Test
    void damagedFile() throws Exception {
      Path file = directory.resolve("damaged.db");
      try (Connection other = connect(file)) {
        run(other, "CREATE TABLE content (data TEXT)");
        run(other, "INSERT INTO content VALUES ('SECRET')");
      }
      byte[] bytes = Files.readAllBytes(file);
      Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
      Files.write(file, bytes);
      try (Connection other = connect(file)) {
        storage(fails(other, "SELECT * FROM content"), StorageException.Kind.CORRUPT);
      }
    }

    @Test
    void closedConnection() throws SQLException {
      connection.close();
      assertThat(fails(connection, "SELECT 1")).isInstanceOf(DatabaseClosedException.class);
    }

    private void storage(DatabaseException error, StorageException.Kind kind) {
      assertThat(error)
          .isInstanceOfSatisfying(
              StorageException.class, it -> assertThat(it.kind()).isEqualTo(kind));
    }
  }

  private void run(String sql) throws SQLException {
    run(connection, sql);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  /** Runs a statement that must fail, and checks that nothing secret is in the translated error. */
  private static DatabaseException fails(Connection connection, String sql) {
    AtomicReference<DatabaseException> translated = new AtomicReference<>();
    assertThatThrownBy(() -> run(connection, sql))
        .isInstanceOf(SQLException.class)
        .satisfies(error -> translated.set(translate(error, sql)));
    ErrorTranslatorTest.assertNoSecret(translated.get());
    return translated.get();
  }

  private static DatabaseException translate(Throwable error, String sql) {
    String template = sql.replaceAll("x?'[^']*('|$)", "?").replaceAll("\\b\\d\\w*", "?");
    return ErrorTranslator.translate(error, ErrorDetails.NONE.withSql(template));
  }

  private static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /** Keeps the driver from beginning and committing by itself. */
  private static void noAutoCommit(Connection connection) {
    ((SQLiteConnection) connection).getConnectionConfig().setAutoCommit(false);
  }
}
