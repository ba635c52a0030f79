package io.github.reactivesqlite.sqlite.engine.maintenance;

import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.BOUND;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.ask;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.askText;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.MigrationException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class MigrationsTest {

  private static final Migration AUTHORS =
      Migration.of(1, "authors", "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT)");
  private static final Migration BOOKS =
      Migration.of(
          2,
          "books",
          "CREATE TABLE book (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES author,"
              + " title TEXT);\n"
              + "INSERT INTO author VALUES (1, 'Lem');\n"
              + "INSERT INTO book VALUES (1, 1, 'Solaris');");

  @TempDir Path dir;
  private Path file;
  private SqliteDatabase database;
  private Connection outside;
  private final OpenDatabases databases = new OpenDatabases();

  @BeforeEach
  void open() throws SQLException {
    file = dir.resolve("x.db");
    database = databases.open(file);
    outside = databases.outside(file);
  }

  @AfterEach
  void closeAll() throws Exception {
    databases.close();
  }

  private MigrationReport migrate(Migration... migrations) {
    return database.migrate(List.of(migrations)).block(BOUND);
  }

  private void assertRefused(Consumer<MigrationException> check, Migration... migrations) {
    StepVerifier.create(database.migrate(List.of(migrations)))
        .expectErrorSatisfies(
            error -> assertThat(error).isInstanceOfSatisfying(MigrationException.class, check))
        .verify(BOUND);
  }

  private boolean has(String table) throws SQLException {
    return ask(outside, "SELECT count(*) FROM sqlite_schema WHERE name = '" + table + "'") == 1;
  }

  @Nested
  class Applying {

    @Test
    void allAreAppliedOnceInOrder() throws SQLException {
      assertThat(migrate(BOOKS, AUTHORS)).isEqualTo(new MigrationReport(List.of(1L, 2L), 0, 2));
      assertThat(migrate(AUTHORS, BOOKS)).isEqualTo(new MigrationReport(List.of(), 2, 2));

      assertThat(ask(outside, "SELECT count(*) FROM book")).isEqualTo(1);
      assertThat(
              ask(
                  outside,
                  "SELECT count(*) FROM reactive_sqlite_migration WHERE applied_at LIKE '2%Z'"
                      + " AND length(checksum) = 64 AND description IN ('authors', 'books')"))
          .isEqualTo(2);
    }

    @Test
    void onlyWhatIsMissingIsApplied() {
      migrate(AUTHORS);

      assertThat(migrate(AUTHORS, BOOKS)).isEqualTo(new MigrationReport(List.of(2L), 1, 2));
    }

    @Test
    void nothingHappensBeforeSubscriptionAndEachOneLooksAgain() throws SQLException {
      Mono<MigrationReport> migration = database.migrate(List.of(AUTHORS));
      boolean before = has("author");

      assertThat(migration.block(BOUND).applied()).containsExactly(1L);
      assertThat(migration.block(BOUND).applied()).isEmpty();
      assertThat(before).isFalse();
    }

    @Test
    void lineEndingsAreNoChange() {
      migrate(AUTHORS, BOOKS);

      Migration otherEndings = Migration.of(2, "books", BOOKS.sql().replace("\n", "\r\n"));

      assertThat(migrate(AUTHORS, otherEndings).applied()).isEmpty();
    }

    @Test
    void triggersAndTheirBodiesAreStatements() throws SQLException {
      migrate(
          AUTHORS,
          BOOKS,
          Migration.of(
              3,
              "trigger",
              "CREATE TRIGGER gone AFTER DELETE ON author BEGIN"
                  + " DELETE FROM book WHERE author = old.id; SELECT 1; END;"
                  + " CREATE INDEX titles ON book (title);"));

      assertThat(has("gone")).isTrue();
      assertThat(has("titles")).isTrue();
    }

    @Test
    void theLockOfAnotherProcessIsWaitedFor() throws SQLException {
      run(outside, "BEGIN IMMEDIATE");

      StepVerifier.create(database.migrate(List.of(AUTHORS, BOOKS)))
          .expectSubscription()
          .expectNoEvent(Duration.ofMillis(300))
          .then(() -> commitOutside())
          .expectNext(new MigrationReport(List.of(1L, 2L), 0, 2))
          .expectComplete()
          .verify(BOUND);
    }

    private void commitOutside() {
      try {
        run(outside, "COMMIT");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Nested
  class History {

    @Test
    void aChangedTextIsRefused() {
      migrate(AUTHORS);

      assertRefused(
          error -> {
            assertThat(error.version()).isEqualTo(1);
            assertThat(error).hasMessageContaining("changed");
          },
          Migration.of(1, "authors", AUTHORS.sql() + " STRICT"),
          BOOKS);
    }

    @Test
    void aVersionBelowTheSchemasIsRefused() throws SQLException {
      migrate(BOOKS_ALONE);

      assertRefused(
          error -> assertThat(error).hasMessageContaining("never applied"), AUTHORS, BOOKS_ALONE);
      assertThat(has("author")).isFalse();
    }

    @Test
    void anAppliedVersionThatIsMissingIsRefused() {
      migrate(AUTHORS, BOOKS);

      assertRefused(error -> assertThat(error).hasMessageContaining("missing"), BOOKS);
    }

    @Test
    void aSchemaOfANewerProgramIsRefused() {
      migrate(AUTHORS, BOOKS);

      assertRefused(
          error -> {
            assertThat(error.version()).isEqualTo(2);
            assertThat(error).hasMessageContaining("newer program");
          },
          AUTHORS);
    }

    private static final Migration BOOKS_ALONE = Migration.of(2, "b", "CREATE TABLE book (id)");
  }

  @Nested
  class Failing {

    @Test
    void aFailedMigrationIsRolledBackAndThoseBeforeItStay() throws SQLException {
      Migration broken =
          Migration.of(
              3,
              "broken",
              "CREATE TABLE half (x);"
                  + " INSERT INTO author VALUES (1, 'a secret');"
                  + " CREATE TABLE never (x)");

      assertRefused(
          error -> {
            assertThat(error.version()).isEqualTo(3);
            assertThat(error).hasMessageContaining("statement 2").hasMessageContaining("broken");
            assertThat(error.getCause()).isInstanceOf(ConstraintViolationException.class);
            assertThat(error.toString()).doesNotContain("secret");
          },
          AUTHORS,
          BOOKS,
          broken);

      assertThat(has("half")).isFalse();
      assertThat(has("book")).isTrue();
      assertThat(ask(outside, "SELECT max(version) FROM reactive_sqlite_migration")).isEqualTo(2);
      assertThat(migrate(AUTHORS, BOOKS).alreadyApplied()).isEqualTo(2);
    }

    @Test
    void aConstraintThatFailsAtCommitRollsBack() throws SQLException {
      assertRefused(
          error -> assertThat(error).hasMessageContaining("COMMIT"),
          AUTHORS,
          Migration.of(
              2,
              "deferred",
              "CREATE TABLE book (author INTEGER REFERENCES author DEFERRABLE INITIALLY DEFERRED);"
                  + " INSERT INTO book VALUES (7)"));

      assertThat(has("book")).isFalse();
      assertThat(OpenDatabases.count(database, "author")).isZero();
    }

    @Test
    void theWriterWorksOnAfterwards() {
      assertRefused(error -> {}, Migration.of(1, "broken", "CREATE TABLE t (x); INSERT INTO u"));

      OpenDatabases.script(database, "CREATE TABLE t (x)");
      assertThat(OpenDatabases.count(database, "t")).isZero();
    }
  }

  @Nested
  class Rebuilding {

    private static final String REBUILD =
        "CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
            + " INSERT INTO fresh SELECT id, name FROM author;"
            + " DROP TABLE author;"
            + " ALTER TABLE fresh RENAME TO author";

    @Test
    void aReferencedTableIsRebuiltAndItsReferencesStay() throws SQLException {
      MigrationReport report =
          migrate(AUTHORS, BOOKS, Migration.of(3, "not null", REBUILD).rebuild());

      assertThat(report.applied()).containsExactly(1L, 2L, 3L);
      assertThat(ask(outside, "SELECT count(*) FROM book JOIN author ON author = author.id"))
          .isEqualTo(1);
      assertForeignKeysAreEnforced();
    }

    @Test
    void withoutRebuildTheSameIsRefused() throws SQLException {
      assertRefused(
          error -> assertThat(error.version()).isEqualTo(3),
          AUTHORS,
          BOOKS,
          Migration.of(3, "not null", REBUILD));

      assertThat(askText(outside, "SELECT name FROM author")).isEqualTo("Lem");
    }

    @Test
    void rowsLeftWithoutTheirParentRollItBack() throws SQLException {
      assertRefused(
          error ->
              assertThat(error).hasMessageContaining("book").hasMessageContaining("rolled back"),
          AUTHORS,
          BOOKS,
          Migration.of(3, "orphans", "DELETE FROM author").rebuild());

      assertThat(ask(outside, "SELECT count(*) FROM author")).isEqualTo(1);
      assertForeignKeysAreEnforced();
    }

    private void assertForeignKeysAreEnforced() {
      StepVerifier.create(database.update("INSERT INTO book VALUES (9, 9, 'x')").rowsUpdated())
          .expectError(ConstraintViolationException.class)
          .verify(BOUND);
    }
  }

  @Nested
  class WrongArguments {

    @Test
    void aVersionGivenTwiceIsRefusedAtTheCall() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> database.migrate(List.of(AUTHORS, BOOKS, AUTHORS)))
          .withMessageContaining("twice");
    }

    @Test
    void commentsAloneAreRefusedAtTheCall() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> database.migrate(List.of(Migration.of(1, "none", "-- nothing"))));
    }

    @Test
    void transactionControlIsRefusedAtTheCallNamingTheMigration() {
      assertThatThrownBy(
              () -> database.migrate(List.of(Migration.of(7, "x", "DROP TABLE t; COMMIT"))))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("Migration 7")
          .hasMessageContaining("COMMIT");
    }
  }
}
