package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlGateTest {

  private static ThrowingCallable query(String sql) {
    return () -> SqlStatement.parse(sql).requireQuery();
  }

  private static ThrowingCallable update(String sql) {
    return () -> SqlStatement.parse(sql).requireUpdate();
  }

  private static ThrowingCallable dml(String sql) {
    return () -> SqlStatement.parse(sql).requireDml();
  }

  /** Statements that may run nowhere as SQL text, and a part of what they are told. */
  private static final String FORBIDDEN =
      """
      BEGIN                            ¦ BEGIN        ¦ withTransaction
      begin immediate                  ¦ BEGIN        ¦ withTransaction
      /**/BEGIN                        ¦ BEGIN        ¦ withTransaction
      ;COMMIT                          ¦ COMMIT       ¦ withTransaction
      ; ; /* x */ cOmMiT;              ¦ COMMIT       ¦ withTransaction
      END                              ¦ END          ¦ withTransaction
      ROLLBACK                         ¦ ROLLBACK     ¦ withTransaction
      ROLLBACK TO a                    ¦ ROLLBACK     ¦ withTransaction
      SAVEPOINT a                      ¦ SAVEPOINT    ¦ withSavepoint
      RELEASE a                        ¦ RELEASE      ¦ withSavepoint
      ATTACH 'secret' AS x             ¦ ATTACH       ¦ not offered
      DETACH x                         ¦ DETACH       ¦ not offered
      VACUUM                           ¦ VACUUM       ¦ maintenance().vacuum()
      VACUUM INTO 'secret'             ¦ VACUUM       ¦ maintenance().vacuum()
      PRAGMA writable_schema = ON      ¦ PRAGMA       ¦ configuration
      SELEC 1                          ¦ SELEC        ¦ spelling
      'secret'                         ¦ a literal    ¦ spelling
      42                               ¦ a literal    ¦ spelling
      x'5ec5e7'                        ¦ a literal    ¦ spelling
      "secret"                         ¦ a quoted name ¦ spelling
      :a                               ¦ a parameter  ¦ spelling
      [BEGIN]                          ¦ a quoted name ¦ spelling
      (SELECT 1)                       ¦ '('          ¦ spelling
      restore from 'secret'            ¦ RESTORE      ¦ spelling
      WITH x AS (SELECT 1) COMMIT      ¦ WITH         ¦ common table
      WITH x AS (SELECT 1) PRAGMA a    ¦ WITH         ¦ common table
      """;

  @Nested
  class OnBothPaths {

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '^', textBlock = FORBIDDEN)
    void forbiddenStatementsAreRefusedWithAdviceAndWithoutLiterals(
        String sql, String word, String advice) {
      for (ThrowingCallable gate : List.of(query(sql), update(sql), dml(sql))) {
        assertThatThrownBy(gate)
            .isInstanceOf(InvalidSqlException.class)
            .hasMessageContaining(word)
            .hasMessageContaining(advice)
            .hasMessageNotContaining("secret")
            .extracting(Throwable::toString)
            .asString()
            .doesNotContain("secret");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\uFEFFCOMMIT", " \uFEFF\uFEFF COMMIT", "--\nCOMMIT", "-- x\r\n\tCOMMIT", "\fCOMMIT",
          "/* /* */COMMIT", "/*'*/COMMIT/*'*/", ";\uFEFF;COMMIT", "COMMIT/**/", "COMMIT;",
          "COMMIT--", "/*/ x */COMMIT"
        })
    void commitIsFoundBehindAnything(String sql) {
      assertThatThrownBy(query(sql)).hasMessageContaining("COMMIT is not allowed");
      assertThatThrownBy(update(sql)).hasMessageContaining("COMMIT is not allowed");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\u00A0SELECT 1",
          "SELECT\u00A01",
          "\u017FELECT 1",
          "SELECT\uFEFF 1",
          "\u2028SELECT 1",
          "\u200BSELECT 1",
          "\u0085SELECT 1"
        })
    void whatOnlyLooksLikeAKeywordIsNone(String sql) {
      assertThatThrownBy(query(sql)).isInstanceOf(InvalidSqlException.class);
      assertThatThrownBy(update(sql)).isInstanceOf(InvalidSqlException.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT load_extension('secret')",
          "SELECT LOAD_extension /* x */ ('secret')",
          "SELECT \"load_extension\"('secret')",
          "SELECT [Load_Extension]('secret')",
          "SELECT `load_extension`('secret')",
          "EXPLAIN SELECT load_extension('secret')",
          "WITH x AS (SELECT load_extension('secret')) SELECT * FROM x"
        })
    void loadExtensionIsRefusedInQueries(String sql) {
      assertThatThrownBy(query(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("load_extension is not offered")
          .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "INSERT INTO t SELECT load_extension('secret')",
          "CREATE VIEW v AS SELECT load_extension('secret')",
          "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT load_extension('secret'); END"
        })
    void loadExtensionIsRefusedInUpdates(String sql) {
      assertThatThrownBy(update(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("load_extension is not offered");
      assertThatThrownBy(dml(sql)).isInstanceOf(InvalidSqlException.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT replicate('secret', 9007199254740993)",
          "SELECT \"PadL\" /* x */ ('secret', :n)",
          "SELECT [padr]('secret', 5)",
          "EXPLAIN SELECT `PADC`('secret', 5)",
          "WITH x AS (SELECT padc('secret', 5)) SELECT * FROM x"
        })
    void functionsOfTheDriverThatOverflowAreRefused(String sql) {
      assertThatThrownBy(query(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("are not offered")
          .hasMessageNotContaining("secret");
      assertThatThrownBy(update("INSERT INTO t SELECT padl(a, 5) FROM u"))
          .isInstanceOf(InvalidSqlException.class);
      assertThatThrownBy(update("CREATE VIEW v AS SELECT padl(a, 5) FROM u"))
          .isInstanceOf(InvalidSqlException.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT * FROM pragma_optimize",
          "SELECT * FROM PRAGMA_optimize(65538)",
          "SELECT * FROM \"pragma_optimize\"(65538)",
          "SELECT * FROM 'Pragma_Optimize'(65538)",
          "SELECT 1 WHERE EXISTS (SELECT 1 FROM t, main.[pragma_optimize] p)"
        })
    void theOneTableOfAPragmaThatWritesIsRefused(String sql) {
      assertThatThrownBy(query(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("maintenance().optimize()");
      assertThatThrownBy(update("INSERT INTO t SELECT optimize FROM pragma_optimize(2)"))
          .isInstanceOf(InvalidSqlException.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT padl, replicate FROM t",
          "SELECT 'padl('",
          "SELECT 'pragma_optimize is a table'",
          "SELECT * FROM pragma_optimize_log"
        })
    void namesThatOnlyLookLikeThemPass(String sql) {
      SqlStatement statement = SqlStatement.parse(sql);

      assertThat(statement.requireQuery()).isSameAs(statement);
    }

    @Test
    void refusalCarriesTheMaskedTemplate() {
      assertThatThrownBy(query("DELETE FROM t WHERE a = 'secret'"))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              error -> assertThat(error.sql()).contains("DELETE FROM t WHERE a = ?"));
    }

    @Test
    void longWordIsCut() {
      assertThatThrownBy(query("x".repeat(500)))
          .satisfies(error -> assertThat(error.getMessage()).hasSizeLessThan(120));
    }
  }

  @Nested
  class Queries {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT 1",
          "VALUES (1)",
          "WITH x AS (SELECT 1) SELECT * FROM x",
          "EXPLAIN SELECT 1",
          "EXPLAIN QUERY PLAN SELECT 1",
          "EXPLAIN DELETE FROM t",
          "EXPLAIN QUERY PLAN WITH x AS (SELECT 1) UPDATE t SET a = 1",
          "SELECT [commit], \"begin\", `delete` FROM [insert]",
          "SELECT load_extension FROM t",
          "SELECT 'load_extension('",
          "SELECT * FROM pragma_table_info('t')",
          "SELECT replace(a, 'b', 'c') FROM t"
        })
    void readsPass(String sql) {
      SqlStatement statement = SqlStatement.parse(sql);

      assertThat(statement.requireQuery()).isSameAs(statement);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            INSERT INTO t VALUES ('secret')           ¦ INSERT  ¦ update(sql)
            INSERT INTO t VALUES (1) RETURNING a      ¦ INSERT  ¦ update(sql)
            WITH x AS (SELECT 1) DELETE FROM t        ¦ DELETE  ¦ update(sql)
            /* SELECT */ UPDATE t SET a = 1           ¦ UPDATE  ¦ update(sql)
            REPLACE INTO t VALUES (1)                 ¦ REPLACE ¦ update(sql)
            REINDEX                                   ¦ REINDEX ¦ update(sql)
            CREATE TABLE t AS SELECT 1                ¦ CREATE  ¦ script(sql)
            drop table t                              ¦ DROP    ¦ update(sql)
            ALTER TABLE t ADD b                       ¦ ALTER   ¦ update(sql)
            ANALYZE                                   ¦ ANALYZE ¦ maintenance().analyze()
            """)
    void writesAreReadOnlyViolations(String sql, String word, String advice) {
      assertThatThrownBy(query(sql))
          .isInstanceOf(ReadOnlyViolationException.class)
          .hasMessageStartingWith(word + " writes, and a query runs on a reader")
          .hasMessageContaining(advice)
          .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "EXPLAIN PRAGMA foreign_keys = OFF",
          "EXPLAIN QUERY PLAN PRAGMA query_only = OFF",
          "EXPLAIN /**/ ATTACH 'x' AS y",
          "EXPLAIN COMMIT",
          "EXPLAIN VACUUM",
          "EXPLAIN CREATE TABLE t (a)",
          "EXPLAIN ANALYZE",
          "EXPLAIN",
          "EXPLAIN QUERY PLAN",
          "EXPLAIN EXPLAIN SELECT 1",
          "EXPLAIN QUERY SELECT 1"
        })
    void explainOfWhatActsWhileCompiledIsRefused(String sql) {
      assertThatThrownBy(query(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("EXPLAIN is offered for");
    }
  }

  @Nested
  class Updates {

    static List<String> writes() {
      return List.of(
          "INSERT INTO t VALUES (1)",
          "INSERT INTO t SELECT * FROM u",
          "INSERT OR ROLLBACK INTO t VALUES (1)",
          "UPDATE t SET a = 1",
          "DELETE FROM t",
          "REPLACE INTO t VALUES (1)",
          "WITH x AS (SELECT 1) DELETE FROM t");
    }

    @ParameterizedTest
    @MethodSource("writes")
    void dmlPassesAsUpdateAndInBatches(String sql) {
      SqlStatement statement = SqlStatement.parse(sql);

      assertThat(statement.requireUpdate()).isSameAs(statement);
      assertThat(statement.requireDml()).isSameAs(statement);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "CREATE TABLE t (a)",
          "DROP TABLE t",
          "ALTER TABLE t ADD b",
          "REINDEX t",
          "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM u; END"
        })
    void schemaChangesPassAsUpdatesButNotInBatches(String sql) {
      SqlStatement statement = SqlStatement.parse(sql);

      assertThat(statement.requireUpdate()).isSameAs(statement);
      assertThatThrownBy(statement::requireDml)
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("cannot run in a batch");
    }

    @Test
    void returningPassesAsUpdateButNotInBatches() {
      SqlStatement statement = SqlStatement.parse("INSERT INTO t VALUES (1) RETURNING a");

      assertThat(statement.requireUpdate().returning()).isTrue();
      assertThatThrownBy(statement::requireDml)
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("RETURNING");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT 1",
          "VALUES (1)",
          "WITH x AS (SELECT 1) SELECT 1",
          "EXPLAIN SELECT 1",
          "EXPLAIN DELETE FROM t"
        })
    void readsAreSentToQuery(String sql) {
      for (ThrowingCallable gate : List.of(update(sql), dml(sql))) {
        assertThatThrownBy(gate)
            .isInstanceOf(InvalidSqlException.class)
            .hasMessageContaining("use query(sql)");
      }
    }

    @Test
    void analyzeIsSentToMaintenance() {
      assertThatThrownBy(update("analyze t"))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("maintenance().analyze()");
    }
  }
}
