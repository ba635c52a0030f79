package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.InvalidSqlException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScriptTest {

  private static List<String> texts(String script) {
    return SqlScript.parse(script).stream().map(SqlStatement::text).toList();
  }

  @Test
  void statementsAreCutAtSemicolons() {
    assertThat(
            texts(
                """
                -- first; table
                CREATE TABLE t (a, "b;c" DEFAULT ';' /* ; */);;
                INSERT INTO t SELECT 1, ';'; ; /* ; */
                UPDATE t SET a = 'it''s;' -- ;
                ;DELETE FROM [t;]
                """))
        .containsExactly(
            "CREATE TABLE t (a, \"b;c\" DEFAULT ';' /* ; */)",
            "INSERT INTO t SELECT 1, ';'",
            "UPDATE t SET a = 'it''s;'",
            "DELETE FROM [t;]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM u; END",
        "create temp trigger g after insert on t begin delete from u; end",
        "CREATE TEMPORARY TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM u;END",
        "CREATE /* x */ TRIGGER IF NOT EXISTS g BEFORE UPDATE OF a ON t FOR EACH ROW"
            + " WHEN CASE WHEN new.a THEN 1 ELSE 0 END"
            + " BEGIN SELECT CASE WHEN 1 THEN CASE 2 WHEN 2 THEN 3 END END; END",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET end = 1; SELECT \"end\"; END",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT a AS end; SELECT ';END;'; /* ;END; */ END",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 1; SELECT RAISE(ABORT,'x'); END",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM u; -- ;END;\n /**/ end",
        "CREATE TRIGGER begin AFTER INSERT ON t BEGIN DELETE FROM begin; DELETE FROM u; END"
      })
  void triggerBodiesStayWhole(String trigger) {
    assertThat(texts("CREATE TABLE t (a);" + trigger + " ; \n DROP TABLE t"))
        .containsExactly("CREATE TABLE t (a)", trigger, "DROP TABLE t");
    assertThat(texts(trigger + ";" + trigger)).containsExactly(trigger, trigger);
    assertThat(SqlStatement.parse(trigger + ";").text()).isEqualTo(trigger + ";");
  }

  @Test
  void namesLikeTriggerDoNotOpenABody() {
    assertThat(
            texts("CREATE TABLE trigger (begin); DROP TABLE t; DROP TRIGGER begin; DROP TABLE u"))
        .hasSize(4);
    assertThat(texts("CREATE INDEX trigger ON begin (end); DROP TABLE t")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", ";;;", "-- nothing", "/* nothing", ";-- a\n;/* b */"})
  void scriptOfNothingHasNoStatements(String script) {
    assertThat(SqlScript.parse(script)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '^',
      textBlock =
          """
          DELETE FROM t; SELECT 'secret'                  ¦ Statement 2 (SELECT)   ¦ query(sql)
          ;; DELETE FROM t;; ; DROP TABLE t; commit       ¦ Statement 3 (COMMIT)   ¦ withTransaction
          BEGIN; DELETE FROM t; COMMIT                    ¦ Statement 1 (BEGIN)    ¦ withTransaction
          PRAGMA foreign_keys = OFF                       ¦ Statement 1 (PRAGMA)   ¦ configuration
          DELETE FROM t; ATTACH 'secret' AS s             ¦ Statement 2 (ATTACH)   ¦ not offered
          DELETE FROM t; VACUUM                           ¦ Statement 2 (VACUUM)   ¦ maintenance()
          DELETE FROM t; ANALYZE                          ¦ Statement 2 (ANALYZE)  ¦ maintenance()
          DELETE FROM t; 'secret'                         ¦ Statement 2 (a literal) ¦ spelling
          DELETE FROM t; WITH x AS (SELECT 1) SELECT 1    ¦ Statement 2 (SELECT)   ¦ query(sql)
          DELETE FROM t; DELETE FROM t WHERE a = :secret1 ¦ Statement 2 (DELETE)   ¦ parameter
          INSERT INTO t VALUES (?)                        ¦ Statement 1 (INSERT)   ¦ parameter
          INSERT INTO t VALUES (@a)                       ¦ Statement 1 (INSERT)   ¦ parameter
          INSERT INTO t VALUES (?0)                       ¦ Statement 1 (INSERT)   ¦ parameter
          CREATE TABLE a (b); INSERT INTO a SELECT load_extension('secret') ¦ Statement 2 (INSERT) ¦ load_extension
          DROP TABLE t; CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM u; DROP TABLE u ¦ Statement 2 (CREATE TRIGGER) ¦ END
          """)
  void refusalNamesNumberAndFirstWord(String script, String place, String advice) {
    assertThatThrownBy(() -> SqlScript.parse(script))
        .isInstanceOf(InvalidSqlException.class)
        .hasMessageStartingWith(place)
        .hasMessageContaining(advice)
        .hasMessageNotContaining("secret");
  }

  @Test
  void malformedTokenIsRefusedByLineAndColumn() {
    assertThatThrownBy(() -> SqlScript.parse("DROP TABLE t;\nINSERT INTO t VALUES ('secret)"))
        .isInstanceOf(InvalidSqlException.class)
        .hasMessage("A string literal is not closed (line 2, column 23)");
  }
}
