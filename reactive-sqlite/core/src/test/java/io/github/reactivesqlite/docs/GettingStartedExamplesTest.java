package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/getting-started.md, in the page's own order. */
class GettingStartedExamplesTest {

  private static final Duration WAIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void fromOpenToClose() {
    Path file = directory.resolve("notes.db");
    // region: getting-started-open
    SqliteDatabase db = SqliteDatabase.open(file);
    // endregion
    assertThatThrownBy(() -> SqliteDatabase.open(file))
        .isInstanceOfSatisfying(
            StorageException.class,
            refused -> assertThat(refused.kind()).isEqualTo(StorageException.Kind.ALREADY_OPEN));

    // region: getting-started-migrate
    List<Migration> history =
        List.of(
            Migration.of(
                1,
                "notes",
                "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL)"),
            Migration.of(2, "notes by time", "CREATE INDEX note_by_time ON note (at)"));
    Mono<MigrationReport> migrated = db.migrate(history);
    // endregion
    assertThat(migrated.block(WAIT).version()).isEqualTo(2);

    // region: getting-started-write
    Mono<Long> id =
        db.update("INSERT INTO note (text, at) VALUES (:text, :at) RETURNING id")
            .bind("text", "Buy tea")
            .bind("at", Instant.now())
            .returning(Long.class)
            .one();
    // endregion
    assertThat(id.block(WAIT)).isEqualTo(1);

    // region: getting-started-read
    record Note(long id, String text, Instant at) {}

    Flux<Note> latest =
        db.query("SELECT id, text, at FROM note ORDER BY at DESC LIMIT :limit")
            .bind("limit", 20)
            .mapTo(Note.class)
            .all();
    // endregion
    assertThat(latest.map(Note::text).collectList().block(WAIT)).containsExactly("Buy tea");

    // region: getting-started-close
    Mono<Void> closed = db.closeGracefully();
    // endregion
    closed.block(WAIT);
    assertThat(directory.resolve("notes.db-wal")).doesNotExist();
  }

  @Test
  void openingWithoutBlocking() {
    Path file = directory.resolve("notes.db");
    // region: getting-started-open-async
    Mono<SqliteDatabase> opening = SqliteDatabase.openAsync(file);
    // endregion
    opening.flatMap(SqliteDatabase::closeGracefully).block(WAIT);
    assertThat(file).exists();
  }

  // region: getting-started-test
  @Test
  void storesANote() {
    try (SqliteDatabase db = SqliteDatabase.temporary()) {
      Mono<Long> stored =
          db.script("CREATE TABLE note (text TEXT)")
              .then(db.update("INSERT INTO note VALUES ('Buy tea')").rowsUpdated());
      assertThat(stored.block(Duration.ofSeconds(30))).isEqualTo(1);
    }
  }
  // endregion
}
