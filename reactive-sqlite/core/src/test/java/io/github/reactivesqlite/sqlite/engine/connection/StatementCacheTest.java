package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementCacheTest {

  private static final int CAPACITY = 8;

  private EngineConnection connection;

  @BeforeEach
  void open(@TempDir Path dir) throws Exception {
    Path file = Files.createFile(dir.resolve("cache.db"));
    ConnectionFactory factory = new ConnectionFactory(file.toRealPath(), SqliteConfig.ofDefaults());
    connection = EngineConnection.open(factory, Role.WRITER, CAPACITY, "test");
    connection.run("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT UNIQUE)");
  }

  @AfterEach
  void close() {
    connection.close();
  }

  private static String select(int n) {
    return "SELECT " + n;
  }

  @Test
  void sameTextGivesTheSameStatement() {
    EngineStatement first = connection.statement(select(1));
    connection.release(first);
    EngineStatement second = connection.statement(select(1));
    assertThat(second).isSameAs(first);
    connection.release(second);
  }

  @Test
  void statementInUseIsNotHandedOutTwice() {
    EngineStatement first = connection.statement(select(1));
    EngineStatement second = connection.statement(select(1));
    assertThat(second).isNotSameAs(first);
    assertThat(first.execute(null)).isTrue();
    assertThat(second.execute(null)).isTrue();
    connection.release(second);
    assertThat(first.row().getLong(1)).isEqualTo(1);
    connection.release(first);
  }

  @Test
  void leastRecentlyUsedIsEvicted() {
    EngineStatement oldest = connection.statement(select(0));
    connection.release(oldest);
    for (int i = 1; i <= CAPACITY; i++) {
      connection.release(connection.statement(select(i)));
    }
    EngineStatement again = connection.statement(select(0));
    assertThat(again).isNotSameAs(oldest);
    connection.release(again);
  }

  @Test
  void statementInUseSurvivesEviction() {
    EngineStatement held = connection.statement(select(0));
    assertThat(held.execute(null)).isTrue();
    for (int i = 1; i <= 3 * CAPACITY; i++) {
      connection.release(connection.statement(select(i)));
    }
    assertThat(held.row().getLong(1)).isZero();
    connection.release(held);
  }

  @Test
  void statementThatTheDriverClosedIsForgotten() {
    String sql = "SELECT abs(?1)";
    EngineStatement failing = connection.statement(sql);
    assertThatThrownBy(() -> failing.execute(new Object[] {Long.MIN_VALUE}))
        .isInstanceOf(SqlFailure.class);
    connection.release(failing);
    EngineStatement fresh = connection.statement(sql);
    assertThat(fresh).isNotSameAs(failing);
    assertThat(fresh.execute(new Object[] {-5L})).isTrue();
    assertThat(fresh.row().getLong(1)).isEqualTo(5);
    connection.release(fresh);
  }

  @Test
  void statementThatMetAConstraintGoesOn() {
    String sql = "INSERT INTO t(v) VALUES (?1)";
    EngineStatement insert = connection.statement(sql);
    insert.execute(new Object[] {"a"});
    assertThatThrownBy(() -> insert.execute(new Object[] {"a"})).isInstanceOf(SqlFailure.class);
    connection.release(insert);
    EngineStatement again = connection.statement(sql);
    assertThat(again).isSameAs(insert);
    again.execute(new Object[] {"b"});
    assertThat(connection.changes()).isEqualTo(1);
    connection.release(again);
    assertThat(connection.longValue("SELECT count(*) FROM t")).isEqualTo(2);
  }

  @Test
  void clearedCacheKeepsStatementsInUseAlive() {
    EngineStatement held = connection.statement(select(7));
    assertThat(held.execute(null)).isTrue();
    connection.clearStatements();
    assertThat(held.row().getLong(1)).isEqualTo(7);
    connection.release(held);
    EngineStatement fresh = connection.statement(select(7));
    assertThat(fresh).isNotSameAs(held);
    connection.release(fresh);
  }

  @Test
  void widenedSelectStarShowsItsNewColumn() {
    String sql = "SELECT * FROM t";
    connection.run("INSERT INTO t(v) VALUES ('a')");
    EngineStatement star = connection.statement(sql);
    assertThat(star.execute(null)).isTrue();
    assertThat(star.columns().asList()).containsExactly("id", "v");
    connection.release(star);
    connection.run("ALTER TABLE t ADD COLUMN w TEXT DEFAULT 'x'");
    EngineStatement wider = connection.statement(sql);
    assertThat(wider.execute(null)).isTrue();
    assertThat(wider.columns().asList()).containsExactly("id", "v", "w");
    assertThat(wider.row().getString("w")).isEqualTo("x");
    connection.release(wider);
  }

  @Test
  void transactionStateIsAskedOfSqliteItself() {
    assertThat(connection.isInTransaction()).isFalse();
    connection.beginImmediate();
    assertThat(connection.isInTransaction()).isTrue();
    assertThatThrownBy(() -> connection.run("INSERT OR ROLLBACK INTO t(id) VALUES (1), (1)"))
        .isInstanceOf(SqlFailure.class);
    assertThat(connection.isInTransaction()).isFalse();
    assertThat(connection.rollback()).isTrue();
  }
}
