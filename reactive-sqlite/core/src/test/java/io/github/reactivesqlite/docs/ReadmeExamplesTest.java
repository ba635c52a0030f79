package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of README.md. */
class ReadmeExamplesTest {

  @TempDir Path directory;

  @Test
  void quickStart() {
    Path file = directory.resolve("music.db");
    // region: readme-quick-start
    record Track(long id, String title, int seconds) {}

    SqliteDatabase db = SqliteDatabase.open(file);
    Mono<Void> schema =
        db.script("CREATE TABLE track (id INTEGER PRIMARY KEY, title TEXT, seconds INTEGER)");
    Flux<Long> writes =
        Flux.range(1, 1_000)
            .flatMap(
                n ->
                    db.update("INSERT INTO track (title, seconds) VALUES (:title, :seconds)")
                        .bind("title", "Track " + n)
                        .bind("seconds", n)
                        .rowsUpdated(),
                64); // 64 writes in flight
    Flux<Track> longest =
        db.query("SELECT id, title, seconds FROM track ORDER BY seconds DESC LIMIT :limit")
            .bind("limit", 10)
            .mapTo(Track.class)
            .all();

    List<Track> tracks =
        schema.thenMany(writes).thenMany(longest).collectList().block(Duration.ofSeconds(30));
    db.close();
    // endregion
    assertThat(tracks).hasSize(10);
    assertThat(tracks.get(0)).isEqualTo(new Track(tracks.get(0).id(), "Track 1000", 1_000));
  }
}
