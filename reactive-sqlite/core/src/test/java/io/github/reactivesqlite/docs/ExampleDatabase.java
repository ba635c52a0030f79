package io.github.reactivesqlite.docs;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real file for the examples of the documentation. */
abstract class ExampleDatabase {

  static final Duration WAIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  Path file;
  SqliteDatabase db;

  @BeforeEach
  void openDatabase() {
    file = directory.resolve("library.db");
    db = SqliteDatabase.open(file);
  }

  @AfterEach
  void closeDatabase() {
    db.close();
  }

  void run(String script) {
    db.script(script).block(WAIT);
  }

  long number(String sql) {
    Long found = db.query(sql).mapTo(Long.class).one().block(WAIT);
    return found == null ? 0 : found;
  }
}
