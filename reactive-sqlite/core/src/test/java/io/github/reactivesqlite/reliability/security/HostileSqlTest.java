package io.github.reactivesqlite.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile SQL, through every door of the library. */
@Tag("reliability")
class HostileSqlTest {

  private static final Duration DEADLINE = Duration.ofMillis(60);
  private static final Duration LATEST = Scale.isLong() ? Duration.ofSeconds(5) : Bounded.PATIENCE;

  @TempDir static Path dir;
  private static Besieged besieged;
  private static ReactiveDatabase impatient;
  private static int turn;

  @BeforeAll
  static void open() {
    besieged = new Besieged(dir, config -> config.maxValueBytes(2_000_000));
    impatient =
        besieged.db().with(OperationOptions.labelled("impatient").executionTimeout(DEADLINE));
  }

  @AfterAll
  static void close() {
    besieged.close();
  }

  private static Set<Door> doors() {
    return Scale.isLong() ? EnumSet.allOf(Door.class) : Door.mainAnd(4, turn++);
  }

  static Stream<String> forbidden() {
    List<String> all = new ArrayList<>();
    String target = dir.resolve("stolen.db").toString();
    for (String attach :
        List.of(
            "ATTACH '%s' AS z",
            "attach database '%s' as main2",
            "/**/ATTACH ':memory:' AS z",
            "ATTACH 'file:%s?mode=rwc' AS z",
            "EXPLAIN ATTACH '%s' AS z",
            "DETACH main",
            "DETACH temp",
            "VACUUM",
            "vacuum into '%s'",
            "VACUUM main INTO '%s'",
            "SELECT writefile('%s', 'x')",
            "INSERT INTO sink SELECT writefile('%s', 'x')",
            "INSERT INTO sink VALUES (readfile('%s'))",
            "CREATE VIRTUAL TABLE v USING csv(filename='%s')",
            "CREATE VIRTUAL TABLE v USING zipfile('%s')",
            "SELECT * FROM fsdir('%s')",
            "SELECT edit('x', 'touch %s')")) {
      all.add(attach.formatted(target));
    }
    for (String pragma :
        List.of(
            "writable_schema=ON",
            "trusted_schema(1)",
            "query_only=0",
            "main.journal_mode=DELETE",
            "synchronous=OFF",
            "temp_store_directory='/tmp'",
            "foreign_keys=0",
            "wal_checkpoint(TRUNCATE)",
            "wal_autocheckpoint=1",
            "locking_mode=EXCLUSIVE",
            "mmap_size=1000000000",
            "hard_heap_limit=1",
            "ignore_check_constraints=ON",
            "user_version=7",
            "key='x'",
            "reset_database=1")) {
      all.add("PRAGMA " + pragma);
    }
    all.addAll(
        List.of(
            "pragma query_only=0",
            "PrAgMa query_only=0",
            "/* SELECT */ PRAGMA query_only=0",
            "-- SELECT\nPRAGMA query_only=0",
            ";;PRAGMA query_only=0",
            "\uFEFFPRAGMA query_only=0",
            "PRAGMA/**/query_only/**/=/**/0",
            "\t\f\r\n PRAGMA query_only=0;",
            "EXPLAIN PRAGMA query_only=0",
            "EXPLAIN QUERY PLAN PRAGMA query_only=0",
            "explain /* */ query -- \n plan pragma journal_mode=delete",
            "WITH x AS (SELECT 1) PRAGMA query_only=0",
            "SELECT * FROM pragma_optimize(65538)",
            "INSERT INTO sink SELECT optimize FROM pragma_optimize(65538)",
            "INSERT INTO sink SELECT optimize FROM 'pragma_optimize'(65538)",
            "SELECT * FROM pragma_wal_checkpoint('TRUNCATE')",
            "SELECT * FROM pragma_journal_mode('delete')",
            "SELECT * FROM pragma_writable_schema(1)",
            "SELECT * FROM pragma_user_version(7)",
            "SELECT * FROM pragma_temp_store_directory('/tmp')",
            "SELECT * FROM pragma_incremental_vacuum(1)",
            "INSERT INTO pragma_user_version VALUES (7)",
            "UPDATE pragma_query_only SET query_only = 0",
            "DELETE FROM pragma_database_list"));
    for (String control :
        List.of(
            "BEGIN",
            "begin exclusive",
            "/*x*/COMMIT",
            "END TRANSACTION",
            "\uFEFFROLLBACK",
            ";ROLLBACK",
            "SAVEPOINT s",
            "RELEASE s",
            "ROLLBACK TO s")) {
      all.add(control);
      all.add("EXPLAIN " + control);
      all.add("INSERT INTO sink VALUES (1); " + control);
      all.add("SELECT 1; " + control);
    }
    all.addAll(
        List.of(
            "SELECT 1; DELETE FROM t",
            "SELECT 1;;/**/;DELETE FROM t",
            "SELECT ';'; DROP TABLE t --",
            "DELETE FROM t; SELECT 1",
            "DELETE FROM t; PRAGMA user_version=7",
            "DELETE FROM t;\uFEFFATTACH ':memory:' AS z",
            "CREATE TRIGGER g AFTER INSERT ON sink BEGIN DELETE FROM t; END; COMMIT",
            "SELECT 1\0; DELETE FROM t",
            "DELETE FROM t\0",
            "\0DELETE FROM t",
            "DELETE FROM t WHERE b = 'x\0y'",
            "DELETE FROM t WHERE b = '\uD800'",
            "DELETE FROM t WHERE b = 'without end",
            "DELETE FROM \"t",
            "DELETE FROM [t"));
    for (String function :
        List.of(
            "load_extension('x')",
            "LOAD_EXTENSION /**/ ('x', 'y')",
            "\"load_extension\"('x')",
            "fts3_tokenizer('simple', x'0000000000000000')",
            "replicate('x', 9007199254740993)",
            "padl('x', 4294967297)",
            "[PADR]('x', 4294967297)",
            "padc(printf('%.*c', 100000, 'x'), 9007199254740993)",
            "readfile('/etc/passwd')",
            "sqlite_rename_table('main', 't', 'x', 't', 'y', 0)",
            "zeroblob(2147483648)",
            "zeroblob(9223372036854775807)",
            "randomblob(2147483647)",
            "printf('%2147483647d', 1)",
            "printf('%.*c', 2000000000, 'x')",
            "hex(zeroblob(1900000))",
            "replace(printf('%.*c', 1000000, 'x'), 'x', 'yyyy')",
            "group_concat(printf('%.*c', 1500000, 'x')) FROM (VALUES (1), (2))",
            "'x' LIKE printf('%.*c', 1001, '%')",
            "'x' GLOB printf('%.*c', 100000, '*')")) {
      all.add("SELECT " + function);
      all.add("INSERT INTO sink SELECT " + function);
      all.add("EXPLAIN INSERT INTO sink SELECT no_such_function(), " + function);
    }
    all.addAll(
        List.of(
            "UPDATE sqlite_schema SET sql = 'x'",
            "UPDATE main.\"SQLITE_MASTER\" SET rootpage = 3",
            "DELETE FROM sqlite_master",
            "INSERT INTO sqlite_master VALUES ('table', 'z', 'z', 2, 'CREATE TABLE z(a)')",
            "DROP TABLE sqlite_master",
            "ALTER TABLE sqlite_master ADD COLUMN x",
            "CREATE TABLE sqlite_x(a)",
            "CREATE INDEX sqlite_i ON t(b)",
            "CREATE TRIGGER g AFTER INSERT ON sqlite_master BEGIN SELECT 1; END",
            "CREATE VIEW z.v AS SELECT 1",
            "CREATE TABLE other.z(a)",
            "UPDATE sqlite_dbpage SET data = zeroblob(4096)",
            "SELECT * FROM sqlite_dbdata",
            "INSERT INTO dbstat VALUES (1)",
            "ANALYZE",
            "ANALYZE sqlite_master",
            "restore from 'x'",
            "\u00A0DELETE FROM t",
            "DELETE\u2003FROM t",
            "\u0130NSERT INTO sink VALUES (1)"));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void isRefusedAtEveryDoor(String sql) {
    assertRefused(doors(), sql);
  }

  private void assertRefused(Set<Door> doors, String sql) {
    for (Door door : doors) {
      assertThat(besieged.errorOf(door, sql))
          .as("%s through %s", sql, door)
          .isInstanceOfAny(InvalidSqlException.class, ReadOnlyViolationException.class);
    }
    besieged.assertUntouched(sql);
  }

  static Stream<String> exhausting() {
    return Stream.of(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
        "WITH RECURSIVE c(x) AS (SELECT zeroblob(1000000) UNION ALL SELECT x FROM c)"
            + " SELECT count(*) FROM (SELECT x FROM c ORDER BY x)",
        "SELECT count(*) FROM json_each(printf('[%.*c0]', 1000, '1')) a,"
            + " (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c)");
  }

  @ParameterizedTest
  @MethodSource("exhausting")
  void isStoppedByTheDeadline(String select) {
    String insert = "INSERT INTO sink " + select;
    for (Door door : doors()) {
      if (door == Door.MIGRATION || door == Door.REBUILDING_MIGRATION) {
        // Migrations are the application's own and take the time they need
        continue;
      }
      long start = System.nanoTime();
      String sql = Door.QUERIES.contains(door) ? select : insert;
      Throwable error =
          besieged.errorOf(impatient, door, door == Door.RETURNING ? insert + " RETURNING x" : sql);
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      assertThat(error).as("%s through %s", select, door).isInstanceOf(QueryTimeoutException.class);
      assertThat(took).as("%s through %s", select, door).isLessThan(LATEST);
    }
    besieged.assertUntouched(select);
  }

  static Stream<String> oversized() {
    return Stream.of(
        "SELECT " + "(".repeat(5_000) + "1" + ")".repeat(5_000),
        "SELECT " + "NOT ".repeat(5_000) + "1",
        "SELECT " + "-".repeat(1) + "- ".repeat(5_000) + "\n 1",
        "SELECT 1" + "+1".repeat(50_000),
        "SELECT 1" + " AND 1".repeat(50_000),
        "SELECT " + "abs(".repeat(2_000) + "1" + ")".repeat(2_000),
        "SELECT " + "CASE WHEN 1 THEN ".repeat(2_000) + "1" + " END".repeat(2_000),
        "SELECT " + "(SELECT ".repeat(2_000) + "1" + ")".repeat(2_000),
        "SELECT * FROM " + "(SELECT * FROM ".repeat(2_000) + "t" + ")".repeat(2_000),
        "SELECT 1 WHERE 1 IN (0" + ",0".repeat(100_000) + ")",
        "SELECT 1" + " IN (SELECT 1".repeat(2_000) + ")".repeat(2_000),
        "SELECT 1" + ",1".repeat(100_000),
        "SELECT max(1" + ",1".repeat(1_000) + ")",
        "SELECT 1" + " UNION ALL SELECT 1".repeat(10_000),
        "SELECT count(*) FROM t" + ", t".repeat(100),
        "SELECT '" + "x".repeat(1_100_000) + "'",
        "SELECT json('" + "[".repeat(400_000) + "]".repeat(400_000) + "')",
        "SELECT 1 FROM f WHERE f MATCH '" + "(".repeat(10_000) + "a" + ")".repeat(10_000) + "'",
        "SELECT 1 FROM f WHERE f MATCH 'a" + " AND a".repeat(10_000) + "'",
        "SELECT 1 FROM f WHERE f MATCH 'a" + " NOT a".repeat(10_000) + "'",
        doubling(30));
  }

  /** Each common table reads the one before twice. */
  private static String doubling(int levels) {
    StringBuilder sql = new StringBuilder("WITH c0 AS (SELECT 1 AS x)");
    for (int i = 1; i < levels; i++) {
      String before = "SELECT x FROM c" + (i - 1);
      sql.append(", c%d AS (%s UNION ALL %s)".formatted(i, before, before));
    }
    return sql + " SELECT count(*) FROM c" + (levels - 1);
  }

  @ParameterizedTest
  @MethodSource("oversized")
  void isComputedOrRefusedButTakesNothingDown(String select) {
    String shown = select.substring(0, Math.min(60, select.length()));
    for (Door door : Set.of(Door.QUERY, Door.SNAPSHOT, Door.QUERY_IN_A_WRITE_UNIT, Door.STREAM)) {
      Throwable error = besieged.errorOf(impatient, door, select);

      if (error != null) {
        assertThat(error)
            .as("%s through %s", shown, door)
            .isInstanceOfAny(InvalidSqlException.class, QueryTimeoutException.class);
      }
    }
    besieged.assertUntouched(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE wide(%s)",
        "CREATE INDEX wide ON t(%s)",
        "INSERT INTO sink VALUES (%s)"
      })
  void schemasHaveLimitsToo(String template) {
    StringBuilder many = new StringBuilder("a");
    for (int i = 0; i < 40_000; i++) {
      many.append(", a").append(i);
    }
    String sql = template.formatted(many);
    for (Door door : Door.UPDATES) {
      assertThat(besieged.errorOf(door, sql))
          .as("%s through %s", template, door)
          .isInstanceOf(InvalidSqlException.class);
    }
    besieged.assertUntouched(template);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (9, 'x')",
        "INSERT INTO t VALUES (9, 'x') RETURNING a",
        "WITH x AS (SELECT 9) INSERT INTO t SELECT 9, 'x'",
        "WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x",
        "REPLACE INTO t VALUES (1, 'x')",
        "UPDATE t SET b = 'x'",
        "DELETE FROM t",
        "DROP TABLE t",
        "ALTER TABLE t RENAME TO z",
        "CREATE TABLE z(a)",
        "CREATE TEMP TABLE z(a)",
        "CREATE TABLE temp.z AS SELECT 1",
        "CREATE TEMP VIEW z AS SELECT 1",
        "REINDEX",
        "INSERT INTO f(f) VALUES ('optimize')",
        "EXPLAIN CREATE TABLE z(a)"
      })
  void readersWriteNowhere(String sql) {
    assertRefused(Door.QUERIES, sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR 1=1 --",
        "'; DROP TABLE t; --",
        "x'; ATTACH DATABASE '/tmp/z' AS z; --",
        "\\'; DELETE FROM t",
        "\u02BC OR 1=1",
        "\uFEFF'",
        "one\u0000' OR '1'='1"
      })
  void boundValuesAreNeverSql(String value) {
    Throwable error =
        Bounded.start(
                besieged
                    .db()
                    .query("SELECT a FROM t WHERE b = :value")
                    .bind("value", value)
                    .mapTo(Long.class)
                    .all()
                    .collectList()
                    .doOnNext(found -> assertThat(found).isEmpty()))
            .get()
            .getThrowable();

    assertThat(error).isNull();
    besieged.assertUntouched(value);
  }

  @Test
  void triggersThatCallThemselvesWithoutEndWriteNothing(@TempDir Path other) {
    try (Besieged recursive =
        new Besieged(other, config -> config.recursiveTriggers(true).maxValueBytes(2_000_000))) {
      Bounded.get(
          recursive
              .db()
              .script(
                  "CREATE TRIGGER again AFTER INSERT ON sink BEGIN INSERT INTO sink VALUES (NEW.x +"
                      + " 1); END"));
      for (Door door : List.of(Door.UPDATE, Door.WRITE_UNIT, Door.TRANSACTION, Door.BATCH)) {
        assertThat(recursive.errorOf(door, "INSERT INTO sink VALUES (1)"))
            .as(door.name())
            .isInstanceOf(DatabaseException.class);
      }
      Bounded.get(recursive.db().script("DROP TRIGGER again"));
      recursive.assertUntouched("recursive triggers");
    }
  }

  @Test
  void refusedWordsInsideAWriteUnitDoNotEndItsTransaction() {
    Throwable error =
        Bounded.start(
                besieged
                    .db()
                    .write(
                        session -> {
                          session.update("INSERT INTO sink VALUES (1)").execute();
                          for (String sql : List.of("COMMIT", "/**/END", "ATTACH 'x' AS y")) {
                            try {
                              session.update(sql).execute();
                            } catch (InvalidSqlException refused) {
                              assertThat(refused).hasMessageNotContaining("'x'");
                            }
                          }
                          throw new IllegalStateException("undo");
                        }))
            .error();

    assertThat(error).isInstanceOf(IllegalStateException.class);
    besieged.assertUntouched("a unit that goes on after refusals");
  }
}
