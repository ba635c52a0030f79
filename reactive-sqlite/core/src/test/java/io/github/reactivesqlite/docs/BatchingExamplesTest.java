package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.WriteSession.SessionUpdate;
import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The code of docs/batching.md. */
class BatchingExamplesTest extends ExampleDatabase {

  private static final Logger log = LoggerFactory.getLogger(BatchingExamplesTest.class);

  private record Track(String album, String title) {}

  private record Play(long track, int times) {}

  private final Flux<Track> tracks =
      Flux.range(0, 950).map(n -> new Track("Album " + n / 10, "Track " + n));

  @BeforeEach
  void schema() {
    run(
        "CREATE TABLE album (name TEXT PRIMARY KEY, tracks INTEGER NOT NULL DEFAULT 0);"
            + " CREATE TABLE track (id INTEGER PRIMARY KEY, album TEXT NOT NULL, title TEXT NOT"
            + " NULL, plays INTEGER NOT NULL DEFAULT 0)");
  }

  @Test
  void insert() {
    // region: batching-insert
    Flux<BatchResult> results =
        db.batch("INSERT INTO track (album, title) VALUES (:album, :title)")
            .chunkSize(100)
            .execute(
                tracks,
                (row, track) -> row.bind("album", track.album()).bind("title", track.title()));
    // endregion
    List<BatchResult> chunks = results.collectList().block(WAIT);
    assertThat(chunks).hasSizeGreaterThanOrEqualTo(10);
    assertThat(chunks.get(chunks.size() - 1).totals().items()).isEqualTo(950);
    assertThat(number("SELECT count(*) FROM track")).isEqualTo(950);
  }

  @Test
  void update() {
    run("INSERT INTO track (album, title) VALUES ('A', 'x'), ('A', 'y')");
    Flux<Play> plays = Flux.just(new Play(1, 3), new Play(2, 4), new Play(1, 2));
    // region: batching-update
    Mono<Long> updated =
        db.batch("UPDATE track SET plays = plays + :times WHERE id = :id")
            .chunkSize(50)
            .execute(plays, (row, play) -> row.bind("id", play.track()).bind("times", play.times()))
            .last()
            .map(result -> result.totals().rowsUpdated());
    // endregion
    assertThat(updated.block(WAIT)).isEqualTo(3);
    assertThat(number("SELECT plays FROM track WHERE id = 1")).isEqualTo(5);
  }

  @Test
  void incremental() {
    // region: batching-incremental
    Flux<BatchResult> results =
        db.writeChunks(
                tracks,
                ChunkOptions.ofSize(200),
                (session, chunk) -> {
                  SessionUpdate insert =
                      session.update("INSERT INTO track (album, title) VALUES (:album, :title)");
                  for (Track track : chunk) {
                    insert.bind("album", track.album()).bind("title", track.title()).execute();
                  }
                })
            .doOnNext(result -> log.info("{} tracks are committed", result.totals().items()));
    // endregion
    assertThat(results.blockLast(WAIT).totals().items()).isEqualTo(950);
  }

  @Test
  void commitPerAlbum() {
    // region: batching-album
    Flux<BatchResult> results =
        db.writeChunks(
            tracks,
            ChunkOptions.<Track>ofSize(1).boundary(Track::album), // one commit per album
            (session, album) -> {
              session
                  .update("INSERT INTO album (name, tracks) VALUES (:name, :tracks)")
                  .bind("name", album.get(0).album())
                  .bind("tracks", album.size())
                  .execute();
              SessionUpdate insert =
                  session.update("INSERT INTO track (album, title) VALUES (:album, :title)");
              for (Track track : album) {
                insert.bind("album", track.album()).bind("title", track.title()).execute();
              }
            });
    // endregion
    List<BatchResult> chunks = results.collectList().block(WAIT);
    assertThat(chunks).hasSize(95).allSatisfy(chunk -> assertThat(chunk.items()).isEqualTo(10));
    assertThat(number("SELECT count(*) FROM album WHERE tracks = 10")).isEqualTo(95);
  }

  @Test
  void wholeAlbumsInLargeChunks() {
    List<List<Track>> chunks = new ArrayList<>();
    // region: batching-boundary
    ChunkOptions<Track> wholeAlbums = ChunkOptions.<Track>ofSize(100).boundary(Track::album);
    // endregion
    db.writeChunks(tracks, wholeAlbums, (session, chunk) -> chunks.add(List.copyOf(chunk)))
        .blockLast(WAIT);
    for (int i = 1; i < chunks.size(); i++) {
      List<Track> before = chunks.get(i - 1);
      assertThat(chunks.get(i).get(0).album()).isNotEqualTo(before.get(before.size() - 1).album());
    }
  }

  @Test
  void allOrNothing() {
    // region: batching-atomic
    ChunkOptions<Track> allOrNothing = ChunkOptions.<Track>ofSize(500).atomic();
    // endregion
    Flux<Track> withBadEnd = tracks.concatWithValues(new Track("Album", null));
    Mono<Void> refused =
        db.writeChunks(
                withBadEnd,
                allOrNothing,
                (session, chunk) -> {
                  for (Track track : chunk) {
                    session
                        .update("INSERT INTO track (album, title) VALUES (:album, :title)")
                        .bind("album", track.album())
                        .bind("title", track.title())
                        .execute();
                  }
                })
            .then();
    assertThatThrownBy(() -> refused.block(WAIT))
        .isInstanceOfSatisfying(
            BatchFailedException.class, failed -> assertThat(failed.committedItems()).isZero());
    assertThat(number("SELECT count(*) FROM track")).isZero();
  }

  @Test
  void pause() {
    // region: batching-pause
    ChunkOptions<Track> polite =
        ChunkOptions.<Track>ofSize(100).pauseBetweenChunks(Duration.ofMillis(10));
    // endregion
    db.writeChunks(
            tracks.take(300),
            polite,
            (session, chunk) ->
                session
                    .update("INSERT INTO album (name) VALUES (:name)")
                    .bind("name", chunk.get(0).title())
                    .execute())
        .blockLast(WAIT);
    assertThat(number("SELECT count(*) FROM album")).isGreaterThanOrEqualTo(3);
  }

  @Test
  void goOnAfterABadItem() {
    List<Track> items = new ArrayList<>();
    IntStream.range(0, 250).forEach(n -> items.add(new Track("Album", "Track " + n)));
    items.set(120, new Track("Album", null));
    items.set(180, new Track("Album", null));
    load(items).block(WAIT);
    assertThat(number("SELECT count(*) FROM track")).isEqualTo(248);
  }

  // region: batching-resume
  private Mono<Void> load(List<Track> items) {
    return db.batch("INSERT INTO track (album, title) VALUES (:album, :title)")
        .chunkSize(100)
        .execute(
            Flux.fromIterable(items),
            (row, track) -> row.bind("album", track.album()).bind("title", track.title()))
        .then()
        .onErrorResume(
            BatchFailedException.class,
            failed -> {
              boolean itemIsBad = failed.getCause() instanceof ConstraintViolationException;
              if (!itemIsBad || failed.itemIndex() < 0) {
                return Mono.error(failed);
              }
              int committed = (int) failed.committedItems();
              List<Track> rest = new ArrayList<>(items.subList(committed, items.size()));
              log.warn("Left out: {}", rest.remove((int) failed.itemIndex() - committed));
              return load(rest);
            });
  }
  // endregion
}
