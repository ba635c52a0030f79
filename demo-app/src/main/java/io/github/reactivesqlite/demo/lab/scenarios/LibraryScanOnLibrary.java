package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Tally.Timing;
import io.github.reactivesqlite.demo.lab.Trial;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The music library on reactive-sqlite: a commit per album, in the bulk lane. */
final class LibraryScanOnLibrary implements Step.Side {

  private static final String LOCK_METERS = "sqlite.lock.";

  /** A track as a chunk gets it. */
  private record Track(long number, boolean vanished) {}

  @Override
  public void run(Trial trial) {
    try (MeasuredDatabase measured = MeasuredDatabase.open(trial.file("music.db"), trial.tally())) {
      SqliteDatabase db = measured.db();
      db.script(String.join(";", LibraryScan.SCHEMA)).block(MeasuredDatabase.BOUND);
      save(
              db,
              Flux.range(0, LibraryScan.OLD_TRACKS)
                  .map(track -> new Track(track, track < LibraryScan.VANISHED)))
          .blockLast(MeasuredDatabase.BOUND);
      measured.begin();
      trial.begin();
      Flux.merge(scan(trial, db), work(trial, measured), browse(trial, db))
          .blockLast(trial.duration().plus(MeasuredDatabase.BOUND));
      trial.end();
      measured.figures();
      long published =
          measured.meters().getMeters().stream()
              .filter(meter -> meter.getId().getName().startsWith(LOCK_METERS))
              .map(meter -> meter.getId().getName())
              .distinct()
              .count();
      trial.tally().add(Metric.METERS, published);
    }
  }

  private static Flux<BatchResult> save(SqliteDatabase db, Flux<Track> tracks) {
    return db.writeChunks(
        tracks,
        ChunkOptions.<Track>ofSize(1).boundary(track -> LibraryScan.album(track.number())),
        LibraryScanOnLibrary::saveAlbum);
  }

  private static void saveAlbum(WriteSession session, List<Track> album) {
    for (Track track : album) {
      String artist = LibraryScan.artist(track.number());
      long number = LibraryScan.album(track.number());
      session.update("INSERT OR IGNORE INTO artist (name) VALUES (?1)").bind(1, artist).execute();
      if (track.number() % LibraryScan.TRACKS_PER_ALBUM == 0) {
        session
            .update(
                "INSERT INTO album (id, artist_id, name) SELECT ?1, id, ?2 FROM artist WHERE name ="
                    + " ?3")
            .bind(1, number)
            .bind(2, "Album " + number)
            .bind(3, artist)
            .execute();
      }
      session
          .update("INSERT INTO track (album_id, title, vanished) VALUES (?1, ?2, ?3)")
          .bind(1, number)
          .bind(2, "Track " + track.number())
          .bind(3, track.vanished())
          .execute();
    }
  }

  private static Mono<Long> scan(Trial trial, SqliteDatabase db) {
    Flux<Track> tracks =
        turns(() -> trial.part() < LibraryScan.SCAN_ENDS && !trial.cancelled())
            .concatMap(
                album ->
                    Mono.delay(LibraryScan.READ_TAGS.multipliedBy(LibraryScan.TRACKS_PER_ALBUM))
                        .thenReturn(album),
                1)
            .concatMapIterable(LibraryScanOnLibrary::tracksOf);
    return Mono.delay(LibraryScanOnJdbc.part(trial, LibraryScan.SCAN_BEGINS))
        .thenMany(save(db, tracks))
        .doOnNext(chunk -> trial.tally().add(Metric.SCAN_ROWS, chunk.rowsUpdated()))
        .then(clean(trial, db));
  }

  private static List<Track> tracksOf(int album) {
    // The first album that was not begun before
    long first =
        (LibraryScan.OLD_TRACKS / LibraryScan.TRACKS_PER_ALBUM + 1L + album)
            * LibraryScan.TRACKS_PER_ALBUM;
    return LongStream.range(first, first + LibraryScan.TRACKS_PER_ALBUM)
        .mapToObj(number -> new Track(number, false))
        .toList();
  }

  private static Mono<Long> clean(Trial trial, SqliteDatabase db) {
    return db.batch("DELETE FROM track WHERE id = ?1")
        .chunkSize(100)
        .execute(
            db.query("SELECT id FROM track WHERE vanished = 1").mapTo(Long.class).all(),
            (row, id) -> row.bind(1, id))
        .doOnNext(chunk -> trial.tally().add(Metric.ROWS_CLEANED, chunk.rowsUpdated()))
        .then(Mono.empty());
  }

  private static Flux<Long> work(Trial trial, MeasuredDatabase measured) {
    return Flux.range(0, trial.workers())
        .flatMap(
            worker ->
                turns(trial::running)
                    .concatMap(
                        turn ->
                            Mono.delay(LibraryScan.WORK)
                                .then(
                                    measured.timed(
                                        play(
                                            measured.db(),
                                            LibraryScan.VANISHED + 1 + (worker * 97 + turn) % 1_000,
                                            turn % 2 == 0))),
                        1),
            trial.workers());
  }

  private static Mono<Long> play(SqliteDatabase db, int track, boolean readsFirst) {
    return readsFirst
        ? db.write(
            session -> {
              long plays =
                  session
                      .query("SELECT plays FROM track WHERE id = ?1")
                      .bind(1, track)
                      .mapTo(Long.class)
                      .one()
                      .orElseThrow();
              return session
                  .update("UPDATE track SET plays = ?1 WHERE id = ?2")
                  .bind(1, plays + 1)
                  .bind(2, track)
                  .execute();
            })
        : db.update("UPDATE track SET plays = plays + 1 WHERE id = ?1")
            .bind(1, track)
            .rowsUpdated();
  }

  private static Flux<Long> browse(Trial trial, SqliteDatabase db) {
    return Flux.range(0, LibraryScan.PAGE_READERS)
        .flatMap(
            reader ->
                turns(trial::running)
                    .concatMap(
                        turn ->
                            Mono.delay(LibraryScan.BROWSE)
                                .then(Mono.defer(() -> page(trial, db, turn * 7 % 100))),
                        1));
  }

  /** Numbers, one at a time, until it is time to end. */
  private static Flux<Integer> turns(BooleanSupplier goOn) {
    return Flux.generate(
        () -> 0,
        (turn, sink) -> {
          if (goOn.getAsBoolean()) {
            sink.next(turn);
          } else {
            sink.complete();
          }
          return turn + 1;
        });
  }

  private static Mono<Long> page(Trial trial, SqliteDatabase db, int album) {
    Timing timing = trial.part() < LibraryScan.SCAN_BEGINS ? Timing.QUIET_READ : Timing.READ;
    long since = System.nanoTime();
    return db.query(LibraryScan.PAGE)
        .bind(1, album)
        .bind(2, album + 50)
        .map(row -> row.getLong(3))
        .all()
        .count()
        .doOnSuccess(rows -> trial.tally().time(timing, since));
  }
}
