package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.DatabaseException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the analysis says, compared with what SQLite does. */
class SqlAgainstSqliteTest {

  private Connection connection;

  @BeforeEach
  void open(@TempDir Path directory) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("test.db"));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void quotedIdentifiersComeBackAsTheyWere() throws SQLException {
    long seed = 4711;
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      StringBuilder name = new StringBuilder();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        int limit = random.nextBoolean() ? 0x80 : 0x11000;
        int codePoint = 1 + random.nextInt(limit - 1);
        if (codePoint < 0xD800 || codePoint > 0xDFFF) {
          name.appendCodePoint(codePoint);
        }
      }
      name.append(random.nextBoolean() ? "\"" : "']`;--/*");
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery("SELECT 1 AS " + Identifiers.quote(name.toString()))) {
        assertThat(rows.getMetaData().getColumnLabel(1))
            .as("seed %d, run %d", seed, run)
            .isEqualTo(name.toString());
      }
    }
  }

  @Test
  void collectionsMatchTheirValues() throws SQLException {
    SqlStatement sql =
        SqlStatement.parse(
            "WITH n(i) AS (VALUES (1),(2),(3),(4),(5),(6),(7)) SELECT i FROM n"
                + " WHERE i IN (:ids) AND i <> :not OR i IN (:more) ORDER BY i");

    assertThat(run(sql, List.of(1, 3, 5), 3, List.of(7))).containsExactly(1, 5, 7);
    assertThat(run(sql, List.of(), 3, List.of(2, 4, 6))).containsExactly(2, 4, 6);
    assertThat(run(sql, List.of(), 0, List.of())).isEmpty();
  }

  private List<Integer> run(SqlStatement sql, List<Integer> ids, int not, List<Integer> more)
      throws SQLException {
    Rendered rendered = sql.render(Map.of("ids", ids.size(), "more", more.size()));
    try (PreparedStatement statement = connection.prepareStatement(rendered.sql())) {
      assertThat(statement.getParameterMetaData().getParameterCount())
          .isEqualTo(rendered.slotCount());
      bind(statement, rendered, sql.parameterOrdinal("ids"), ids);
      bind(statement, rendered, sql.parameterOrdinal("not"), List.of(not));
      bind(statement, rendered, sql.parameterOrdinal("more"), more);
      List<Integer> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getInt(1));
        }
      }
      return found;
    }
  }

  private static void bind(
      PreparedStatement statement, Rendered rendered, int ordinal, List<Integer> values)
      throws SQLException {
    for (int i = 0; i < rendered.slots(ordinal); i++) {
      int value = values.get(Math.min(i, values.size() - 1));
      statement.setInt(rendered.firstSlot(ordinal) + i, value);
    }
  }

  @Test
  void scriptRunsStatementByStatement() throws SQLException {
    List<SqlStatement> script =
        SqlScript.parse(
            """
            CREATE TABLE t (a, end);
            CREATE TABLE log (text);
            CREATE TRIGGER g AFTER INSERT ON t WHEN CASE WHEN new.a THEN 1 END BEGIN
              UPDATE t SET end = CASE WHEN new.a > 1 THEN CASE new.a WHEN 2 THEN 'two' END END;
              INSERT INTO log SELECT 'a;END;' WHERE new.a = 2; -- ;END;
              SELECT RAISE(ABORT, 'x;') WHERE new.a = 3;
            END;
            INSERT INTO t (a) VALUES (2);
            """);
    assertThat(script).hasSize(4);
    for (SqlStatement statement : script) {
      try (PreparedStatement prepared = connection.prepareStatement(statement.scalarSql())) {
        prepared.execute();
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT end || text FROM t, log")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("twoa;END;");
    }
  }

  /** Whatever SQLite accepts as one token in this place, the lexer must see as one, and back. */
  @Test
  void lexerAgreesWithSqliteOnRandomLiterals() throws SQLException {
    long seed = 99;
    Random random = new Random(seed);
    String alphabet = "0019ExX_.'\"ab-+[]`/* é\u00A0\uFEFF";
    int accepted = 0;
    for (int run = 0; run < 20_000; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = 1 + random.nextInt(7); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String sql = "SELECT quote(" + text + "\n)";
      String value = sqliteValue(sql);
      if (value != null) {
        accepted++;
        assertThat(SqlStatement.parse(sql).requireQuery().text())
            .as("seed %d, run %d", seed, run)
            .isEqualTo(sql);
        // The same tokens with plain spaces between them mean the same to SQLite.
        List<String> tokens = Lexer.significantTokens(sql).stream().map(Token::text).toList();
        assertThat(sqliteValue(String.join(" ", tokens)))
            .as("seed %d, run %d: %s", seed, run, sql)
            .isEqualTo(value);
      }
    }
    assertThat(accepted).isGreaterThan(300);
  }

  /** Random mixes of verbs and of what can hide them, run in an open transaction. */
  @Test
  void whatPassesAsAQueryEndsNoTransactionAndChangesNothing() throws SQLException {
    long seed = 31;
    Random random = new Random(seed);
    String[] pieces = {
      ";",
      "/**/",
      "--\n",
      "\uFEFF",
      " ",
      "\u00A0",
      "\f",
      "EXPLAIN ",
      "EXPLAIN QUERY PLAN ",
      "WITH x AS (SELECT 1) ",
      "WITH \"COMMIT\" AS NOT MATERIALIZED (SELECT ')') ",
      "SELECT 1 ",
      "VALUES (1) ",
      "COMMIT",
      "ROLLBACK ",
      "END ",
      "SAVEPOINT a ",
      "DELETE FROM t ",
      "INSERT INTO t VALUES (2) ",
      "UPDATE t SET a = 3 ",
      "RETURNING a ",
      "PRAGMA user_version = 7 ",
      "PRAGMA recursive_triggers = ON ",
      "CREATE TABLE u (a) ",
      "DROP TABLE t ",
      "REINDEX ",
      "ANALYZE "
    };
    execute("CREATE TABLE t (a)");
    execute("INSERT INTO t VALUES (1)");
    execute("PRAGMA recursive_triggers = OFF");
    String before = state();
    execute("BEGIN");
    int passed = 0;
    int ran = 0;
    for (int run = 0; run < 30_000; run++) {
      StringBuilder sql = new StringBuilder();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        sql.append(pieces[random.nextInt(pieces.length)]);
      }
      String text = sql.toString();
      try {
        SqlStatement.parse(text).requireQuery();
      } catch (DatabaseException refused) {
        continue;
      }
      passed++;
      ran += sqliteValue(text) == null ? 0 : 1;
      assertThat(state()).as("seed %d, run %d: %s", seed, run, text).isEqualTo(before);
      assertThat(transactionIsOpen()).as("seed %d, run %d: %s", seed, run, text).isTrue();
    }
    assertThat(passed).isGreaterThan(500);
    assertThat(ran).isGreaterThan(200);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String state() {
    return sqliteValue("SELECT group_concat(a) FROM t")
        + sqliteValue("SELECT count(*) FROM sqlite_schema")
        + sqliteValue("PRAGMA user_version")
        + sqliteValue("PRAGMA recursive_triggers")
        + sqliteValue("SELECT total_changes()");
  }

  private boolean transactionIsOpen() {
    try {
      execute("BEGIN");
      return false;
    } catch (SQLException open) {
      return open.getMessage().contains("within a transaction");
    }
  }

  private String sqliteValue(String sql) {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? String.valueOf(row.getString(1)) : null;
    } catch (SQLException refused) {
      return null;
    }
  }
}
