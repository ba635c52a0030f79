package io.github.reactivesqlite.process;

import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes in every way at once until it is killed. Into a journal beside the database it writes a
 * line when it starts a write and one more after the write was acknowledged; what it has written
 * there outlives it. A journal line is one {@code write} of the file, so none is torn.
 */
final class DoomedWriter {

  private static final Duration FOREVER = Duration.ofMinutes(2);

  private final SqliteDatabase database;
  private final FileChannel journal;
  private final AtomicBoolean isReady = new AtomicBoolean();
  private final long first;

  private DoomedWriter(SqliteDatabase database, FileChannel journal, long first) {
    this.database = database;
    this.journal = journal;
    this.first = first;
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    long first = Long.parseLong(arguments[2]);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("waiting");
    commands.readLine();
    try (FileChannel journal =
            FileChannel.open(
                Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        SqliteDatabase database =
            SqliteDatabase.builder(file).config(c -> c.walCheckpointFrames(64)).build()) {
      new DoomedWriter(database, journal, first).write();
    }
  }

  private void write() {
    Flux.merge(
            numbers().flatMap(this::single, 32, 1),
            numbers().flatMap(this::pair, 16, 1),
            chunks(),
            batch())
        .doOnError(error -> System.out.println("error " + error))
        .then()
        .block(FOREVER);
  }

  private Flux<Long> numbers() {
    return Flux.generate(
        () -> first,
        (next, sink) -> {
          sink.next(next);
          return next + 1;
        });
  }

  private Mono<Long> single(long number) {
    return acknowledged(
        KilledWork.SINGLE,
        number,
        database
            .update("INSERT INTO single (id, body) VALUES (:id, :body)")
            .bind("id", number)
            .bind("body", "single row " + number)
            .rowsUpdated());
  }

  private Mono<Long> pair(long number) {
    return acknowledged(
        KilledWork.PAIR,
        number,
        database.write(
            session -> {
              session.update("INSERT INTO pair_left (id) VALUES (?)").bind(1, number).execute();
              session.update("INSERT INTO pair_right (id) VALUES (?)").bind(1, number).execute();
              return number;
            }));
  }

  private Flux<BatchResult> chunks() {
    return database
        .writeChunks(
            numbers(),
            ChunkOptions.<Long>ofSize(KilledWork.CHUNK),
            (session, items) -> {
              session
                  .update("INSERT INTO chunk (first, items) VALUES (?, ?)")
                  .bind(1, items.get(0))
                  .bind(2, items.size())
                  .execute();
              for (Long item : items) {
                session
                    .update("INSERT INTO chunk_item (id, first) VALUES (?, ?)")
                    .bind(1, item)
                    .bind(2, items.get(0))
                    .execute();
              }
            })
        .doOnNext(result -> note(KilledWork.CHUNKS.acknowledged(first + result.totals().items())));
  }

  private Flux<BatchResult> batch() {
    return database
        .batch("INSERT INTO batch_item (id) VALUES (?)")
        .chunkSize(KilledWork.CHUNK)
        .execute(numbers(), (parameters, number) -> parameters.bind(1, number))
        .doOnNext(result -> note(KilledWork.BATCH.acknowledged(first + result.totals().items())));
  }

  private Mono<Long> acknowledged(KilledWork work, long number, Mono<Long> write) {
    return write
        .doOnSubscribe(begun -> note(work.started(number)))
        .doOnNext(
            done -> {
              note(work.acknowledged(number));
              if (isReady.compareAndSet(false, true)) {
                System.out.println("writing");
              }
            });
  }

  private void note(String line) {
    try {
      journal.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
