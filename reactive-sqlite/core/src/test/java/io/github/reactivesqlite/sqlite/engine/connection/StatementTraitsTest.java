package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How statements are classified, by the programs that SQLite makes of them. */
class StatementTraitsTest {

  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE plain (id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INT NOT NULL CHECK (n > 0))",
          "CREATE TABLE bare (x)",
          "CREATE TABLE typed (x INT) STRICT",
          "CREATE TABLE slim (k TEXT PRIMARY KEY, x) WITHOUT ROWID",
          "CREATE TABLE failing (k TEXT UNIQUE ON CONFLICT FAIL)",
          "CREATE TABLE rolling (k TEXT NOT NULL ON CONFLICT ROLLBACK)",
          "CREATE TABLE replacing (k TEXT UNIQUE ON CONFLICT REPLACE)",
          "CREATE TABLE ignoring (k TEXT UNIQUE ON CONFLICT IGNORE)",
          "CREATE TABLE abort_trigger (x)",
          "CREATE TRIGGER t1 BEFORE INSERT ON abort_trigger"
              + " BEGIN SELECT RAISE(ABORT, 'no') WHERE NEW.x = 1; END",
          "CREATE TABLE fail_trigger (x)",
          "CREATE TRIGGER t2 AFTER INSERT ON fail_trigger"
              + " BEGIN SELECT RAISE(FAIL, 'no') WHERE NEW.x = 1; END",
          "CREATE TABLE rollback_trigger (x)",
          "CREATE TRIGGER t3 AFTER INSERT ON rollback_trigger"
              + " BEGIN SELECT RAISE(ROLLBACK, 'no') WHERE NEW.x = 1; END",
          "CREATE TABLE ignore_trigger (x)",
          "CREATE TRIGGER t4 BEFORE INSERT ON ignore_trigger"
              + " BEGIN SELECT RAISE(IGNORE) WHERE NEW.x = 1; END",
          "CREATE TABLE outer_trigger (x)",
          "CREATE TRIGGER t5 AFTER INSERT ON outer_trigger"
              + " BEGIN INSERT INTO rollback_trigger VALUES (NEW.x); END",
          "CREATE TABLE or_fail_inside (x)",
          "CREATE TRIGGER t6 AFTER INSERT ON or_fail_inside"
              + " BEGIN INSERT OR FAIL INTO plain (k, n) VALUES (NEW.x, 1); END",
          "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
          "CREATE TABLE child (pid REFERENCES parent (id) ON DELETE CASCADE)",
          "CREATE TRIGGER t7 BEFORE DELETE ON child" + " BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
          "CREATE VIEW seen AS SELECT * FROM plain",
          "CREATE TRIGGER t8 INSTEAD OF INSERT ON seen" + " BEGIN SELECT RAISE(FAIL, 'no'); END");

  @TempDir static Path directory;

  private static FileGuard guard;
  private static EngineConnection connection;

  @BeforeAll
  static void open() {
    SqliteConfig config = SqliteConfig.ofDefaults();
    guard = FileGuard.claim(directory.resolve("traits.db"), config);
    connection =
        EngineConnection.open(
            new ConnectionFactory(guard.file(), config), Role.WRITER, 16, "traits");
    SCHEMA.forEach(connection::run);
  }

  @AfterAll
  static void close() {
    connection.close();
    guard.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          INSERT INTO plain (k, n) VALUES (?, ?)                              | PLAIN
          INSERT INTO plain (k, n) VALUES ('a', 1), ('b', 2)                  | PLAIN
          INSERT INTO plain SELECT * FROM plain                               | PLAIN
          INSERT OR ABORT INTO plain (k, n) VALUES (?, ?)                     | PLAIN
          INSERT OR IGNORE INTO plain (k, n) VALUES (?, ?)                    | PLAIN
          INSERT OR REPLACE INTO plain (k, n) VALUES (?, ?)                   | PLAIN
          REPLACE INTO plain (k, n) VALUES (?, ?)                             | PLAIN
          INSERT OR FAIL INTO plain (k, n) VALUES (?, ?)                      | LEAVES_ROWS
          INSERT OR ROLLBACK INTO plain (k, n) VALUES (?, ?)                  | ENDS_TRANSACTION
          INSERT INTO plain (k, n) VALUES (?, ?) ON CONFLICT DO NOTHING       | PLAIN
          INSERT INTO plain (k, n) VALUES (1, 1) ON CONFLICT (k) DO UPDATE SET n = 2 | PLAIN
          INSERT INTO plain (k, n) VALUES (?, ?) RETURNING id                 | PLAIN
          UPDATE plain SET n = ? WHERE id = ?                                 | PLAIN
          UPDATE OR FAIL plain SET n = n + 1                                  | LEAVES_ROWS
          UPDATE OR ROLLBACK plain SET k = 'x'                                | ENDS_TRANSACTION
          DELETE FROM plain WHERE n > 3                                       | PLAIN
          DELETE FROM plain                                                   | PLAIN
          INSERT INTO bare VALUES (?)                                         | PLAIN
          INSERT OR ROLLBACK INTO bare VALUES (?)                             | PLAIN
          INSERT INTO typed VALUES (?)                                        | PLAIN
          INSERT INTO slim VALUES (?, ?)                                      | PLAIN
          INSERT OR FAIL INTO slim VALUES (?, ?)                              | LEAVES_ROWS
          INSERT INTO failing VALUES (?)                                      | LEAVES_ROWS
          INSERT OR ABORT INTO failing VALUES (?)                             | PLAIN
          INSERT INTO rolling VALUES (?)                                      | ENDS_TRANSACTION
          INSERT OR FAIL INTO rolling VALUES (?)                              | LEAVES_ROWS
          INSERT INTO replacing VALUES (?)                                    | PLAIN
          INSERT INTO ignoring VALUES (?)                                     | PLAIN
          INSERT INTO abort_trigger VALUES (?)                                | PLAIN
          INSERT INTO fail_trigger VALUES (?)                                 | LEAVES_ROWS
          INSERT INTO rollback_trigger VALUES (?)                             | ENDS_TRANSACTION
          UPDATE rollback_trigger SET x = 2                                   | PLAIN
          INSERT INTO ignore_trigger VALUES (?)                               | PLAIN
          INSERT INTO outer_trigger VALUES (?)                                | ENDS_TRANSACTION
          INSERT INTO or_fail_inside VALUES (?)                               | LEAVES_ROWS
          DELETE FROM parent WHERE id = ?                                     | ENDS_TRANSACTION
          INSERT INTO seen (k, n) VALUES (?, ?)                               | LEAVES_ROWS
          CREATE TABLE other (x)                                              | PLAIN
          DROP TABLE bare                                                     | PLAIN
          """)
  void statementsAreClassified(String sql, StatementTraits expected) {
    assertThat(traits(sql)).isEqualTo(expected);
  }

  @Test
  void aTriggerChangesTheClassOfAPreparedStatement() {
    connection.run("CREATE TABLE changing (x)");
    String insert = "INSERT INTO changing VALUES (?)";
    assertThat(traits(insert)).isEqualTo(StatementTraits.PLAIN);

    connection.run(
        "CREATE TRIGGER t9 BEFORE INSERT ON changing BEGIN SELECT RAISE(ROLLBACK, 'no'); END");
    assertThat(traits(insert)).isEqualTo(StatementTraits.ENDS_TRANSACTION);

    connection.run("DROP TRIGGER t9");
    assertThat(traits(insert)).isEqualTo(StatementTraits.PLAIN);
  }

  @Test
  void aTriggerOfAnotherConnectionChangesTheClassToo() throws SQLException {
    connection.run("CREATE TABLE shared (x)");
    String insert = "INSERT INTO shared VALUES (?)";
    assertThat(traits(insert)).isEqualTo(StatementTraits.PLAIN);

    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + guard.file());
        Statement statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER t10 BEFORE INSERT ON shared BEGIN SELECT RAISE(FAIL, 'no'); END");
    }

    connection.beginImmediate();
    try {
      assertThat(traits(insert)).isEqualTo(StatementTraits.LEAVES_ROWS);
    } finally {
      connection.rollback();
    }
  }

  @Test
  void aTemporaryTriggerChangesTheClassOnceTheChangeIsNoted() {
    connection.run("CREATE TABLE haunted (x)");
    String insert = "INSERT INTO haunted VALUES (?)";
    assertThat(traits(insert)).isEqualTo(StatementTraits.PLAIN);

    connection.run(
        "CREATE TEMP TRIGGER t11 BEFORE INSERT ON haunted BEGIN SELECT RAISE(FAIL, 'no'); END");
    connection.forgetTraits();

    assertThat(traits(insert)).isEqualTo(StatementTraits.LEAVES_ROWS);
  }

  private static StatementTraits traits(String sql) {
    EngineStatement statement = connection.statement(sql);
    try {
      return connection.traits(statement, connection.schemaVersion());
    } finally {
      connection.release(statement);
    }
  }
}
