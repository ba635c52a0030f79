package io.github.reactivesqlite.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.MigrationException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A database that is attacked, and everything about it that no attack may change: the settings of
 * the writer and of each reader, the schema, the rows, and the files in its directory.
 */
final class Besieged implements AutoCloseable {

  private static final String READER_STATE =
      "SELECT json_array((SELECT query_only FROM pragma_query_only),"
          + " (SELECT trusted_schema FROM pragma_trusted_schema),"
          + " (SELECT foreign_keys FROM pragma_foreign_keys),"
          + " (SELECT recursive_triggers FROM pragma_recursive_triggers),"
          + " (SELECT cell_size_check FROM pragma_cell_size_check),"
          + " (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints),"
          + " (SELECT writable_schema FROM pragma_writable_schema),"
          + " (SELECT legacy_alter_table FROM pragma_legacy_alter_table),"
          + " (SELECT defer_foreign_keys FROM pragma_defer_foreign_keys),"
          + " (SELECT read_uncommitted FROM pragma_read_uncommitted),"
          + " (SELECT automatic_index FROM pragma_automatic_index),"
          + " (SELECT reverse_unordered_selects FROM pragma_reverse_unordered_selects),"
          + " (SELECT timeout FROM pragma_busy_timeout),"
          + " (SELECT group_concat(name) FROM pragma_database_list),"
          + " (SELECT count(*) FROM temp.sqlite_schema))";

  private static final String CONTENT =
      "SELECT (SELECT group_concat(a || '=' || b) FROM (SELECT a, b FROM t ORDER BY a))"
          + " || (SELECT count(*) FROM sink)"
          + " || (SELECT group_concat(name || ifnull(sql, '-')) FROM"
          + " (SELECT name, sql FROM sqlite_schema ORDER BY name))"
          + " || (SELECT user_version FROM pragma_user_version)"
          + " || (SELECT application_id FROM pragma_application_id)";

  private final Path directory;
  private final SqliteDatabase db;
  private final State untouched;

  private record State(
      Map<String, String> writer, List<String> connections, String content, TreeSet<String> files) {

    @Override
    public String toString() {
      return writer + "\n" + connections + "\n" + content + "\n" + files;
    }
  }

  Besieged(Path directory, UnaryOperator<SqliteConfigBuilder> config) {
    this.directory = directory;
    this.db =
        SqliteDatabase.builder(directory.resolve("x.db"))
            .config(builder -> config.apply(builder.readers(2)))
            .build();
    // The first migration makes the table of versions
    Bounded.get(db.migrate(List.of()));
    Bounded.get(
        db.script(
            "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL CHECK (b <> '')); CREATE TABLE"
                + " sink(x); CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO t VALUES (1, 'one'),"
                + " (2, 'two'); INSERT INTO f VALUES ('words')"));
    this.untouched = state();
  }

  SqliteDatabase db() {
    return db;
  }

  Path directory() {
    return directory;
  }

  /** Sends a statement; the error it was refused with, or {@code null}. */
  Throwable errorOf(Door door, String sql) {
    return errorOf(db, door, sql);
  }

  /** The same through a view of it. */
  Throwable errorOf(ReactiveDatabase view, Door door, String sql) {
    Throwable error = Bounded.start(door.through(view, sql)).get().getThrowable();
    boolean wrapped = error instanceof BatchFailedException || error instanceof MigrationException;
    return wrapped && error.getCause() instanceof DatabaseException cause ? cause : error;
  }

  /** Nothing is different from the beginning, and work goes on. */
  void assertUntouched(String what) {
    assertThat(state()).as(what).asString().isEqualTo(untouched.toString());
    Long written =
        Bounded.get(
            db.write(
                session ->
                    session.update("INSERT INTO sink VALUES (1)").execute()
                        + session.update("DELETE FROM sink").execute()));
    assertThat(written).as(what).isEqualTo(2);
  }

  private State state() {
    String inTheSnapshot =
        Bounded.get(
            db.withSnapshot(
                held ->
                    held.query(READER_STATE)
                        .mapTo(String.class)
                        .one()
                        .flatMap(
                            one ->
                                // A snapshot holds the one reader, so this is the other
                                db.query(READER_STATE)
                                    .mapTo(String.class)
                                    .one()
                                    .map(other -> one + other))));
    String onTheWriter =
        Bounded.get(
            db.write(
                session -> session.query(READER_STATE).mapTo(String.class).one().orElseThrow()));
    return new State(
        Bounded.get(db.maintenance().settings()).values(),
        List.of(String.valueOf(inTheSnapshot), String.valueOf(onTheWriter)),
        String.valueOf(Bounded.get(db.query(CONTENT).mapTo(String.class).one())),
        files());
  }

  private TreeSet<String> files() {
    try (Stream<Path> all = Files.list(directory)) {
      TreeSet<String> names = new TreeSet<>();
      all.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    db.close();
  }
}
