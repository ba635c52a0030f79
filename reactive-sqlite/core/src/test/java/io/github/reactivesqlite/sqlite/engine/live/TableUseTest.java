package io.github.reactivesqlite.sqlite.engine.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What statements write and read, as found out from their programs, with all known traps. */
class TableUseTest {

  @TempDir Path dir;
  private SqliteDatabase db;

  @BeforeEach
  void open() {
    open(config -> config);
  }

  private void open(UnaryOperator<SqliteConfigBuilder> config) {
    if (db != null) {
      db.close();
    }
    db = SqliteDatabase.builder(dir.resolve("x.db")).config(config).build();
    script("CREATE TABLE IF NOT EXISTS live_test_marker (n)");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void script(String sql) {
    Bounded.get(db.script(sql));
  }

  private long write(String sql) {
    return Bounded.get(db.update(sql).rowsUpdated());
  }

  /** What a write is announced as. */
  private ChangeSet announced(String sql) {
    Heard<ChangeSet> heard = Heard.of(db.changes());
    write(sql);
    ChangeSet change = heard.next();
    heard.cancel();
    return change;
  }

  private void assertAnnounces(String sql, String... tables) {
    assertThat(announced(sql)).isEqualTo(new ChangeSet(Set.of(tables), false));
  }

  private void assertSilent(String sql) {
    Heard<ChangeSet> heard = Heard.of(db.changes());
    write(sql);
    write("INSERT INTO live_test_marker VALUES (1)");
    assertThat(heard.next().tables()).containsExactly("live_test_marker");
    heard.cancel();
  }

  @Nested
  class Writes {

    @Test
    void rowidTable() {
      script("CREATE TABLE t (id INTEGER PRIMARY KEY, n)");
      assertAnnounces("INSERT INTO t VALUES (1, 1), (2, 2)", "t");
      assertAnnounces("UPDATE t SET n = 3", "t");
      assertAnnounces("DELETE FROM t WHERE id = 1", "t");
    }

    @Test
    void withoutRowid() {
      script("CREATE TABLE w (id TEXT PRIMARY KEY, n) WITHOUT ROWID");
      assertAnnounces("INSERT INTO w VALUES ('a', 1)", "w");
      assertAnnounces("UPDATE w SET n = 2", "w");
      assertAnnounces("DELETE FROM w", "w");
    }

    @Test
    void truncatingDelete() {
      script("CREATE TABLE t (n); INSERT INTO t VALUES (1), (2)");
      assertAnnounces("DELETE FROM t", "t");
      assertSilent("DELETE FROM t");
    }

    @Test
    void replaceWithCascade() {
      script("CREATE TABLE p (id INTEGER PRIMARY KEY, u UNIQUE)");
      script("CREATE TABLE c (pid REFERENCES p (id) ON DELETE CASCADE)");
      script("INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES (1)");
      assertAnnounces("REPLACE INTO p VALUES (2, 'x')", "p", "c");
      assertThat(rows("SELECT count(*) FROM c")).containsExactly(0L);
    }

    @Test
    void upsert() {
      script("CREATE TABLE t (id INTEGER PRIMARY KEY, n)");
      String upsert = "INSERT INTO t VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1";
      assertAnnounces(upsert, "t");
      assertAnnounces(upsert, "t");
      assertSilent("INSERT INTO t VALUES (1, 1) ON CONFLICT DO NOTHING");
    }

    @Test
    void triggersNested() {
      script("CREATE TABLE t (n); CREATE TABLE log1 (n); CREATE TABLE log2 (n)");
      script("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log1 VALUES (new.n); END");
      script("CREATE TRIGGER y AFTER INSERT ON log1 BEGIN INSERT INTO log2 VALUES (new.n); END");
      assertAnnounces("INSERT INTO t VALUES (1)", "t", "log1", "log2");
    }

    @Test
    void insteadOfTriggerOnView() {
      script("CREATE TABLE t (n); CREATE VIEW v AS SELECT n FROM t");
      script("CREATE TRIGGER x INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.n); END");
      assertAnnounces("INSERT INTO v VALUES (1)", "t");
    }

    @Test
    void foreignKeyActions() {
      script("CREATE TABLE p (id INTEGER PRIMARY KEY)");
      script("CREATE TABLE c (pid REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE)");
      script("CREATE TABLE s (pid REFERENCES p (id) ON DELETE SET NULL ON UPDATE SET NULL)");
      script("INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1); INSERT INTO s VALUES (1)");
      assertAnnounces("UPDATE p SET id = 3 WHERE id = 1", "p", "c", "s");
      assertAnnounces("DELETE FROM p WHERE id = 3", "p", "c", "s");
    }

    @Test
    void foreignKeysOffMeansNoCascade() {
      open(config -> config.foreignKeys(false));
      script("CREATE TABLE p (id INTEGER PRIMARY KEY)");
      script("CREATE TABLE c (pid REFERENCES p (id) ON DELETE CASCADE)");
      script("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)");
      assertAnnounces("DELETE FROM p", "p");
    }

    @Test
    void deleteTriggerUnderReplaceAsThePragmaSays() {
      String schema =
          "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE log (n);"
              + "CREATE TRIGGER x AFTER DELETE ON t BEGIN INSERT INTO log VALUES (old.id); END;"
              + "INSERT INTO t VALUES (1)";
      script(schema);
      assertAnnounces("REPLACE INTO t VALUES (1)", "t");
      open(config -> config.recursiveTriggers(true));
      assertAnnounces("REPLACE INTO t VALUES (1)", "t", "log");
      assertThat(rows("SELECT count(*) FROM log")).containsExactly(1L);
    }

    @Test
    void fullTextIndexByItsName() {
      script("CREATE VIRTUAL TABLE ft USING fts5 (body)");
      assertAnnounces("INSERT INTO ft VALUES ('one two')", "ft");
      assertAnnounces("INSERT INTO ft (ft) VALUES ('optimize')", "ft");
      assertAnnounces("DELETE FROM ft", "ft");
    }

    @Test
    void spatialIndexByItsName() {
      script("CREATE VIRTUAL TABLE rt USING rtree (id, x0, x1)");
      assertAnnounces("INSERT INTO rt VALUES (1, 2, 3)", "rt");
    }

    @Test
    void triggerThatFeedsFullTextIndex() {
      script("CREATE TABLE a (id INTEGER PRIMARY KEY, body)");
      script("CREATE VIRTUAL TABLE ft USING fts5 (body, content='a', content_rowid='id')");
      script(
          "CREATE TRIGGER x AFTER INSERT ON a BEGIN"
              + " INSERT INTO ft (rowid, body) VALUES (new.id, new.body); END");
      assertAnnounces("INSERT INTO a VALUES (1, 'one')", "a", "ft");
    }

    @Test
    void schemaChangeMeansEverything() {
      script("CREATE TABLE t (n)");
      assertThat(announced("CREATE TABLE u (n)").everything()).isTrue();
      assertThat(announced("CREATE INDEX i ON t (n)").everything()).isTrue();
      assertThat(announced("ALTER TABLE u RENAME TO v").everything()).isTrue();
      assertThat(announced("CREATE TABLE w AS SELECT * FROM t").everything()).isTrue();
      assertThat(announced("DROP TABLE v").everything()).isTrue();
    }

    @Test
    void noRowNoNews() {
      script("CREATE TABLE t (n)");
      assertSilent("UPDATE t SET n = 1");
      assertSilent("DELETE FROM t WHERE n = 7");
      assertSilent("INSERT INTO t SELECT 1 WHERE 0");
    }

    @Test
    void autoincrementCountsAsItsTable() {
      script("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n)");
      assertAnnounces("INSERT INTO t (n) VALUES (1)", "t");
    }

    @Test
    void manyFormsOfWrites() {
      script("CREATE TABLE t (id INTEGER PRIMARY KEY, n); CREATE TABLE u (n)");
      script("INSERT INTO u VALUES (1), (2)");
      assertAnnounces("INSERT INTO t (n) SELECT n FROM u", "t");
      assertAnnounces("UPDATE t SET n = u.n + 9 FROM u WHERE u.n = t.n", "t");
      assertAnnounces("WITH w AS (SELECT 1 AS n) INSERT INTO u SELECT n FROM w", "u");
      assertAnnounces("DELETE FROM t WHERE id IN (SELECT n FROM u)", "t");
    }

    /** The pages of a dropped table are given to the next one. */
    @Test
    void reusedRootPageIsNotTakenForTheOldTable() {
      script("CREATE TABLE old (n)");
      assertAnnounces("INSERT INTO old VALUES (1)", "old");
      script("DROP TABLE old; CREATE TABLE young (n)");
      assertAnnounces("INSERT INTO young VALUES (1)", "young");
    }

    @Test
    void rootPagesAfterVacuum() {
      script("CREATE TABLE a (n); CREATE TABLE b (n); CREATE TABLE c (n)");
      assertAnnounces("INSERT INTO c VALUES (1)", "c");
      script("DROP TABLE a");
      Bounded.get(db.maintenance().vacuum().then());
      assertAnnounces("INSERT INTO c VALUES (1)", "c");
      assertAnnounces("INSERT INTO b VALUES (1)", "b");
    }

    /** A version that was rolled back is given out again, to another schema. */
    @Test
    void rolledBackSchemaChangeLeavesNothingBehind() {
      script("CREATE TABLE t (n); CREATE TABLE other (n)");
      Heard<ChangeSet> heard = Heard.of(db.changes("t", "other"));
      Bounded.start(
              db.write(
                  session -> {
                    session
                        .update(
                            "CREATE TRIGGER x AFTER INSERT ON t BEGIN"
                                + " INSERT INTO other VALUES (1); END")
                        .execute();
                    session.update("INSERT INTO t VALUES (1)").execute();
                    throw new IllegalStateException("no");
                  }))
          .error();
      write("INSERT INTO t VALUES (1)");
      assertThat(heard.next()).isEqualTo(new ChangeSet(Set.of("t"), false));
    }

    @Test
    void schemaOfAnotherProcessIsNoticed() {
      script("CREATE TABLE t (n); CREATE TABLE log (n)");
      assertAnnounces("INSERT INTO t VALUES (1)", "t");
      try (ForeignProcess other = new ForeignProcess(dir.resolve("x.db"))) {
        other.run("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log VALUES (1); END");
        Heard<ChangeSet> heard = Heard.of(db.changes("log"));
        write("INSERT INTO t VALUES (2)");
        assertThat(heard.next().mayTouch("log")).isTrue();
      }
    }
  }

  private List<Long> rows(String sql) {
    return Bounded.get(db.query(sql).mapTo(Long.class).all().collectList());
  }

  @Nested
  class Reads {

    /** The answer of the query comes again after the write, and not after one elsewhere. */
    private void assertAnsweredAgain(String query, String write) {
      Heard<List<String>> heard =
          Heard.of(db.query(query).map(row -> "" + row.get(1, String.class)).live());
      heard.next();
      write("INSERT INTO live_test_marker VALUES (1)");
      Heard.settle(db);
      assertThat(heard.rest()).isEmpty();
      write(write);
      heard.next();
      heard.cancel();
    }

    @BeforeEach
    void tables() {
      script("CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT); CREATE INDEX i ON t (n)");
      script("CREATE TABLE u (id INTEGER PRIMARY KEY, n TEXT)");
      script("CREATE TABLE w (id TEXT PRIMARY KEY, n) WITHOUT ROWID");
    }

    @Test
    void plainAndByIndexOnly() {
      assertAnsweredAgain("SELECT n FROM t", "INSERT INTO t (n) VALUES ('a')");
      assertAnsweredAgain("SELECT CAST(count(*) AS TEXT) FROM t", "INSERT INTO t (n) VALUES ('b')");
      assertAnsweredAgain("SELECT max(n) FROM t WHERE n > 'a'", "UPDATE t SET n = 'c'");
    }

    @Test
    void withoutRowid() {
      assertAnsweredAgain("SELECT n FROM w", "INSERT INTO w VALUES ('a', 'one')");
    }

    @Test
    void viewsAndSubqueries() {
      script("CREATE VIEW v AS SELECT t.n FROM t LEFT JOIN u ON u.id = t.id WHERE u.n IS NULL");
      assertAnsweredAgain("SELECT n FROM v", "INSERT INTO t (n) VALUES ('a')");
      assertAnsweredAgain("SELECT n FROM v", "INSERT INTO u (n) VALUES ('a')");
      assertAnsweredAgain(
          "SELECT 'x' WHERE EXISTS (SELECT 1 FROM u)", "INSERT INTO u (n) VALUES ('b')");
      assertAnsweredAgain(
          "SELECT n FROM t UNION SELECT n FROM u", "INSERT INTO u (n) VALUES ('c')");
      assertAnsweredAgain(
          "WITH x AS (SELECT n FROM u) SELECT (SELECT count(*) FROM t) || n FROM x",
          "INSERT INTO t (n) VALUES ('d')");
    }

    @Test
    void fullTextIndex() {
      script("CREATE VIRTUAL TABLE ft USING fts5 (body)");
      assertAnsweredAgain("SELECT body FROM ft('one')", "INSERT INTO ft VALUES ('one two')");
      assertAnsweredAgain(
          "SELECT body FROM ft AS x WHERE x.body MATCH 'one'",
          "INSERT INTO ft VALUES ('one more')");
    }

    @Test
    void externalContentOfFullTextIndex() {
      script("CREATE VIRTUAL TABLE ft USING fts5 (n, content = \"t\", content_rowid=id)");
      script("INSERT INTO t (n) VALUES ('one'); INSERT INTO ft (ft) VALUES ('rebuild')");
      assertAnsweredAgain("SELECT n FROM ft('one')", "UPDATE t SET n = 'one and two'");
      assertAnsweredAgain("SELECT n FROM ft('one')", "INSERT INTO ft (ft) VALUES ('rebuild')");
    }

    @Test
    void vocabularyOfFullTextIndex() {
      script("CREATE VIRTUAL TABLE ft USING fts5 (body)");
      script("CREATE VIRTUAL TABLE words USING fts5vocab ('ft', 'row')");
      assertAnsweredAgain("SELECT term FROM words", "INSERT INTO ft VALUES ('one two')");
    }

    @Test
    void shadowTableCountsAsItsIndex() {
      script("CREATE VIRTUAL TABLE ft USING fts5 (body)");
      assertAnsweredAgain(
          "SELECT CAST(count(*) AS TEXT) FROM ft_docsize", "INSERT INTO ft VALUES ('one two')");
    }

    @Test
    void spatialIndex() {
      script("CREATE VIRTUAL TABLE rt USING rtree (id, x0, x1)");
      assertAnsweredAgain(
          "SELECT id || '' FROM rt WHERE x0 > 1", "INSERT INTO rt VALUES (1, 2, 3)");
    }

    @Test
    void functionOfTheLibraryReadsNoTable() {
      assertAnsweredAgain("SELECT t.n FROM t, json_each('[1]')", "INSERT INTO t (n) VALUES ('a')");
    }

    @Test
    void truncatingDeleteAndCascade() {
      script("CREATE TABLE child (pid REFERENCES t (id) ON DELETE CASCADE)");
      script("INSERT INTO t VALUES (1, 'a'); INSERT INTO child VALUES (1)");
      assertAnsweredAgain("SELECT pid || '' FROM child", "DELETE FROM t");
    }

    @Test
    void tableComesToLaterDefinedView() {
      script("CREATE VIEW v AS SELECT n FROM t");
      Heard<List<String>> heard = Heard.of(db.query("SELECT n FROM v").mapTo(String.class).live());
      assertThat(heard.next()).isEmpty();
      script("DROP VIEW v; CREATE VIEW v AS SELECT n FROM u");
      assertThat(heard.next()).isEmpty();
      write("INSERT INTO u (n) VALUES ('now from u')");
      // The first read of other tables is followed by another one
      assertThat(heard.nextAfter(List.of())).containsExactly("now from u");
    }

    @Test
    void newColumnIsReadWithoutPreparingByHand() {
      Heard<List<Integer>> heard =
          Heard.of(db.query("SELECT * FROM u").map(row -> row.columns().size()).live());
      heard.next();
      write("INSERT INTO u (n) VALUES ('a')");
      assertThat(heard.next()).containsExactly(2);
      script("ALTER TABLE u ADD COLUMN more DEFAULT 7");
      assertThat(heard.next()).containsExactly(3);
    }

    @Test
    void droppedTableEndsTheQuery() {
      Heard<List<String>> heard = Heard.of(db.query("SELECT n FROM u").mapTo(String.class).live());
      heard.next();
      script("DROP TABLE u");
      assertThat(heard.failure())
          .isInstanceOf(io.github.reactivesqlite.error.InvalidSqlException.class);
    }
  }
}
