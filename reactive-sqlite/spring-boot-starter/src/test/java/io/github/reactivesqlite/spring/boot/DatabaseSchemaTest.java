package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The schema is there before anybody gets the database. */
class DatabaseSchemaTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SqliteAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"));
  }

  /** A class path with files of its own. */
  private URLClassLoader classPath() throws IOException {
    return new URLClassLoader(
        new URL[] {dir.resolve("classes").toUri().toURL()}, getClass().getClassLoader());
  }

  private void onClassPath(String file, String text) throws IOException {
    Path target = dir.resolve("classes").resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }

  private static List<String> tables(ReactiveDatabase db) {
    return Objects.requireNonNull(
        db.query(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%migration%'"
                    + " ORDER BY name")
            .mapTo(String.class)
            .all()
            .collectList()
            .block(WAIT));
  }

  @Test
  void withoutAnyThereIsNone() {
    runner().run(context -> assertThat(tables(context.getBean(ReactiveDatabase.class))).isEmpty());
  }

  @Test
  void scriptOnTheClassPathRunsAtEveryStart() throws IOException {
    onClassPath("schema.sql", "CREATE TABLE IF NOT EXISTS book (id INTEGER PRIMARY KEY);");
    try (URLClassLoader loader = classPath()) {
      ApplicationContextRunner runner = runner().withClassLoader(loader);
      for (int start = 0; start < 2; start++) {
        runner.run(
            context ->
                assertThat(tables(context.getBean(ReactiveDatabase.class)))
                    .containsExactly("book"));
      }
    }
  }

  @Test
  void migrationsOnTheClassPathAreAppliedOnceInTheirOrder() throws IOException {
    onClassPath("db/sqlite/V2__add_title.sql", "ALTER TABLE book ADD COLUMN title TEXT");
    onClassPath("db/sqlite/V1__create_book.sql", "CREATE TABLE book (id INTEGER PRIMARY KEY)");
    try (URLClassLoader loader = classPath()) {
      ApplicationContextRunner runner = runner().withClassLoader(loader);
      runner.run(context -> assertThat(context).hasNotFailed());
      onClassPath("db/sqlite/V10__create_note.sql", "CREATE TABLE note (id INTEGER PRIMARY KEY)");
      runner.run(
          context -> {
            ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
            assertThat(tables(db)).containsExactly("book", "note");
            assertThat(
                    db.update("INSERT INTO book (title) VALUES ('Emma')").rowsUpdated().block(WAIT))
                .isEqualTo(1);
          });
    }
  }

  @Test
  void rebuildingMigrationHasForeignKeysOff() throws IOException {
    onClassPath(
        "db/sqlite/V1__create.sql",
        "CREATE TABLE author (id INTEGER PRIMARY KEY);"
            + "CREATE TABLE book (id INTEGER PRIMARY KEY, author INTEGER REFERENCES author (id));"
            + "INSERT INTO author VALUES (1); INSERT INTO book VALUES (1, 1)");
    onClassPath(
        "db/sqlite/V2__rebuild_author.rebuild.sql",
        "CREATE TABLE author_new (id INTEGER PRIMARY KEY, name TEXT);"
            + "INSERT INTO author_new (id) SELECT id FROM author;"
            + "DROP TABLE author; ALTER TABLE author_new RENAME TO author");
    try (URLClassLoader loader = classPath()) {
      runner()
          .withClassLoader(loader)
          .run(
              context ->
                  assertThat(
                          context
                              .getBean(ReactiveDatabase.class)
                              .query("SELECT count(*) FROM book")
                              .mapTo(Long.class)
                              .one()
                              .block(WAIT))
                      .isEqualTo(1));
    }
  }

  @Test
  void namedDatabasesHaveSchemasOfTheirOwn() throws IOException {
    onClassPath("schema.sql", "CREATE TABLE IF NOT EXISTS book (id INTEGER PRIMARY KEY)");
    onClassPath("db/sqlite-archive/V1__create.sql", "CREATE TABLE old (id INTEGER PRIMARY KEY)");
    try (URLClassLoader loader = classPath()) {
      runner()
          .withClassLoader(loader)
          .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
          .run(
              context -> {
                assertThat(tables(context.getBean(ReactiveDatabase.class))).containsExactly("book");
                assertThat(tables(context.getBean("archiveDatabase", ReactiveDatabase.class)))
                    .containsExactly("old");
              });
    }
  }

  @Test
  void canBeTurnedOff() throws IOException {
    onClassPath("schema.sql", "CREATE TABLE book (id INTEGER PRIMARY KEY)");
    try (URLClassLoader loader = classPath()) {
      runner()
          .withClassLoader(loader)
          .withPropertyValues("reactive-sqlite.schema.enabled=false")
          .run(context -> assertThat(tables(context.getBean(ReactiveDatabase.class))).isEmpty());
    }
  }
}
