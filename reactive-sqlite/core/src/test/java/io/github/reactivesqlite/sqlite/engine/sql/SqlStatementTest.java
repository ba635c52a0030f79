package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatementTest {

  @Nested
  class Kinds {

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            SELECT 1                                                     ¦ SELECT  ¦ SELECT
            values (1), (2)                                              ¦ SELECT  ¦ SELECT
            WITH x AS (SELECT 1) SELECT * FROM x                         ¦ SELECT  ¦ SELECT
            WITH x AS (SELECT 1) VALUES (1)                              ¦ SELECT  ¦ SELECT
            WITH RECURSIVE n(i, j) AS (SELECT (1), 2) SELECT i FROM n    ¦ SELECT  ¦ SELECT
            WITH x AS NOT MATERIALIZED (SELECT ((1))), y AS MATERIALIZED (SELECT 2) DELETE FROM t ¦ DELETE ¦ DELETE
            WITH x AS (WITH y AS (SELECT 1) SELECT * FROM y) INSERT INTO t SELECT * FROM x ¦ INSERT ¦ INSERT
            WITH replace AS (SELECT 1) SELECT * FROM replace             ¦ SELECT  ¦ SELECT
            WITH "delete" AS (SELECT 1), [update] AS (SELECT 2), 'i' AS (SELECT 3) SELECT 1 ¦ SELECT ¦ SELECT
            WITH x AS (SELECT 1) REPLACE INTO t SELECT * FROM x          ¦ REPLACE ¦ REPLACE
            WITH x AS (SELECT ')') UPDATE t SET a = 1                    ¦ UPDATE  ¦ UPDATE
            WITH x AS (SELECT 1) COMMIT                                  ¦ OTHER   ¦ OTHER
            WITH x AS (SELECT 1)                                         ¦ OTHER   ¦ OTHER
            WITH x AS (SELECT 1                                          ¦ OTHER   ¦ OTHER
            WITH x (SELECT 1) SELECT 1                                   ¦ OTHER   ¦ OTHER
            WITH                                                         ¦ OTHER   ¦ OTHER
            WITH x                                                       ¦ OTHER   ¦ OTHER
            INSERT INTO t VALUES (1)                                     ¦ INSERT  ¦ INSERT
            insert or replace into t values (1)                          ¦ INSERT  ¦ INSERT
            REPLACE INTO t VALUES (1)                                    ¦ REPLACE ¦ REPLACE
            UpDaTe t SET a = 1                                           ¦ UPDATE  ¦ UPDATE
            DELETE FROM t                                                ¦ DELETE  ¦ DELETE
            CREATE TABLE t (a)                                           ¦ DDL     ¦ CREATE
            DROP TABLE t                                                 ¦ DDL     ¦ DROP
            ALTER TABLE t ADD b                                          ¦ DDL     ¦ ALTER
            EXPLAIN SELECT 1                                             ¦ EXPLAIN ¦ EXPLAIN
            EXPLAIN QUERY PLAN WITH x AS (SELECT 1) DELETE FROM t        ¦ EXPLAIN ¦ EXPLAIN
            PRAGMA foreign_keys                                          ¦ PRAGMA  ¦ PRAGMA
            BEGIN IMMEDIATE                                              ¦ TRANSACTION_CONTROL ¦ BEGIN
            COMMIT                                                       ¦ TRANSACTION_CONTROL ¦ COMMIT
            end transaction                                              ¦ TRANSACTION_CONTROL ¦ END
            ROLLBACK TO a                                                ¦ TRANSACTION_CONTROL ¦ ROLLBACK
            SAVEPOINT a                                                  ¦ TRANSACTION_CONTROL ¦ SAVEPOINT
            RELEASE a                                                    ¦ TRANSACTION_CONTROL ¦ RELEASE
            ATTACH 'f' AS g                                              ¦ ATTACH  ¦ ATTACH
            DETACH g                                                     ¦ ATTACH  ¦ DETACH
            VACUUM INTO 'f'                                              ¦ VACUUM  ¦ VACUUM
            ANALYZE                                                      ¦ ANALYZE ¦ ANALYZE
            REINDEX                                                      ¦ REINDEX ¦ REINDEX
            backup to 'f'                                                ¦ OTHER   ¦ OTHER
            SELEC 1                                                      ¦ OTHER   ¦ OTHER
            [SELECT] 1                                                   ¦ OTHER   ¦ OTHER
            (SELECT 1)                                                   ¦ OTHER   ¦ OTHER
            'SELECT'                                                     ¦ OTHER   ¦ OTHER
            """)
    void mainVerbIsFound(String sql, Kind kind, String operation) {
      SqlStatement statement = SqlStatement.parse(sql);

      assertThat(statement.kind()).isEqualTo(kind);
      assertThat(statement.operationName()).isEqualTo(operation);
      assertThat(statement.text()).isEqualTo(sql);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            INSERT INTO t VALUES (1) RETURNING a                                  ¦ true
            INSERT INTO t SELECT 1 WHERE true ON CONFLICT DO NOTHING returning *  ¦ true
            WITH x AS (SELECT 1) DELETE FROM t RETURNING (a)                      ¦ true
            UPDATE t SET a = (SELECT 1) /* */ RETURNING a                         ¦ true
            REPLACE INTO t VALUES (1) RETURNING a                                 ¦ true
            INSERT INTO t VALUES ('RETURNING')                                    ¦ false
            INSERT INTO t ("returning") VALUES (1)                                ¦ false
            INSERT INTO t VALUES (1) -- RETURNING a                               ¦ false
            UPDATE t SET [returning] = 1                                          ¦ false
            SELECT a FROM returning                                               ¦ false
            EXPLAIN DELETE FROM t RETURNING a                                     ¦ false
            CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM u RETURNING a; END ¦ false
            """)
    void returningIsAClauseOfDmlOnly(String sql, boolean returning) {
      assertThat(SqlStatement.parse(sql).returning()).isEqualTo(returning);
    }
  }

  @Nested
  class OneStatement {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT 1;", "SELECT 1 ; ; -- end", ";;SELECT 1", "/* a; */ SELECT 1; /* b; */",
          "SELECT ';'", "SELECT 1 AS [;]", "SELECT 1; /* open", "-- ;\nSELECT 1",
        })
    void semicolonsAndCommentsMayStandAround(String sql) {
      assertThat(SqlStatement.parse(sql).kind()).isEqualTo(Kind.SELECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ";", ";;", "-- a", "/* a */", "/* open", "\uFEFF", " ;-- "})
    void emptyTextIsRefused(String sql) {
      assertThatThrownBy(() -> SqlStatement.parse(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("no statement");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            SELECT 1; COMMIT                        ¦ COMMIT
            INSERT INTO t VALUES (1);DELETE FROM t  ¦ DELETE
            SELECT 1;/**/commit;                    ¦ COMMIT
            SELECT 1; 'secret'                      ¦ a literal
            SELECT 1; "secret"                      ¦ a quoted name
            CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT ¦ COMMIT
            CREATE TRIGGER g; COMMIT                ¦ COMMIT
            CREATE TABLE begin (a); COMMIT          ¦ COMMIT
            """)
    void secondStatementIsRefusedNamingItsFirstWord(String sql, String word) {
      assertThatThrownBy(() -> SqlStatement.parse(sql))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("Two statements in one string")
          .hasMessageContaining("begins with " + word)
          .hasMessageContaining("script(sql)")
          .hasMessageNotContaining("secret");
    }

    @Test
    void triggerWithItsBodyIsOneStatement() {
      SqlStatement statement =
          SqlStatement.parse(
              """
              CREATE TEMP TRIGGER IF NOT EXISTS g AFTER UPDATE OF end ON t WHEN new.a > 1
              BEGIN
                UPDATE t SET a = CASE WHEN new.a THEN CASE a WHEN 1 THEN 2 END ELSE 3 END;
                SELECT RAISE(ABORT, 'no; END;');
              END;
              """);

      assertThat(statement.kind()).isEqualTo(Kind.DDL);
      assertThat(statement.operationName()).isEqualTo("CREATE");
    }

    @Test
    void triggerThatIsNotClosedIsRefused() {
      assertThatThrownBy(
              () -> SqlStatement.parse("CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; "))
          .isInstanceOf(InvalidSqlException.class)
          .hasMessageContaining("Statement 1 (CREATE TRIGGER) is not closed");
    }
  }

  @Nested
  class Masking {

    @ParameterizedTest
    @CsvSource(
        delimiter = '¦',
        quoteCharacter = '^',
        textBlock =
            """
            SELECT 'it''s', x'00', 1.5e3, -7, 0xFF FROM t    ¦ SELECT ?, ?, ?, -?, ? FROM t
            SELECT a/*x*/FROM t -- 'secret'                  ¦ SELECT a FROM t
            /* secret */ SELECT /* b */  1                   ¦ SELECT ?
            SELECT :a, t1.b FROM t1                          ¦ SELECT :a, t1.b FROM t1
            SELECT ?1, "t"."a" FROM "t"                      ¦ SELECT ?1, "t"."a" FROM "t"
            SELECT a AS "b c" FROM [t u] JOIN `v w`          ¦ SELECT a AS "b c" FROM [t u] JOIN `v w`
            SELECT * FROM t WHERE a = "secret"               ¦ SELECT * FROM t WHERE a = "?"
            SELECT a IS DISTINCT FROM "secret"               ¦ SELECT a IS DISTINCT FROM "?"
            INSERT INTO "t"(a) VALUES ("secret")             ¦ INSERT INTO "t"(a) VALUES ("?")
            SELECT 1;                                        ¦ SELECT ?;
            "secret"                                         ¦ "?"
            """)
    void literalsAndCommentsAreGone(String sql, String masked) {
      SqlStatement statement = SqlStatement.parse(sql);

      assertThat(statement.maskedText()).isEqualTo(masked);
      assertThat(statement).hasToString(masked);
      assertThat(statement.maskedText()).isSameAs(statement.maskedText());
    }

    @Test
    void textIsOnOneLine() {
      assertThat(SqlStatement.parse("SELECT\r\n\t a,\n [b\nc] -- x\n FROM t\n").maskedText())
          .isEqualTo("SELECT a, \"?\" FROM t");
    }
  }
}
