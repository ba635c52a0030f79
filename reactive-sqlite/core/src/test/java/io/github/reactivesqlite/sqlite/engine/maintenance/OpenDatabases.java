package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import reactor.core.publisher.Flux;

/** Databases of one test, and a look at their files from outside, closed in the end. */
final class OpenDatabases implements AutoCloseable {

  static final Duration BOUND = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  SqliteDatabase open(Path file) {
    return open(file, SqliteConfig.ofDefaults());
  }

  SqliteDatabase open(Path file, SqliteConfig config) {
    SqliteDatabase database = SqliteDatabase.builder(file).config(config).build();
    open.push(database);
    return database;
  }

  /** A connection as another process would have it. */
  Connection outside(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    open.push(connection);
    return connection;
  }

  static long ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  static String askText(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static void script(ReactiveDatabase database, String sql) {
    database.with(OperationOptions.none().executionTimeout(BOUND)).script(sql).block(BOUND);
  }

  static long count(ReactiveDatabase database, String table) {
    Long count =
        database.query("SELECT count(*) FROM " + table).mapTo(Long.class).one().block(BOUND);
    return count == null ? -1 : count;
  }

  /** Writes rows of some hundred bytes, many at a time, and gives how many are there each time. */
  static Flux<Long> insert(ReactiveDatabase database, int rows) {
    return insert(database, Flux.range(1, rows));
  }

  /** Writes a row for each number, until there are no more numbers. */
  static Flux<Long> insert(ReactiveDatabase database, Flux<Integer> numbers) {
    return numbers
        .flatMap(
            number ->
                database
                    .update("INSERT INTO t (number, body) VALUES (:number, zeroblob(400))")
                    .bind("number", number)
                    .rowsUpdated(),
            256)
        .scan(0L, Long::sum);
  }

  /** Closes all of them, whatever one of them says. */
  @Override
  public void close() throws Exception {
    Exception first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception failed) {
        if (first == null) {
          first = failed;
        } else {
          first.addSuppressed(failed);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
