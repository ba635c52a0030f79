package io.github.reactivesqlite.process;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes without pause, from the word "go" until the time is over, and tells its figures. */
final class SaturatingWriter {

  private final SqliteDatabase database;
  private final String name;
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private final AtomicLong sequence = new AtomicLong();

  private SaturatingWriter(SqliteDatabase database, String name) {
    this.database = database;
    this.name = name;
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    String name = arguments[1];
    Duration time = Duration.ofMillis(Long.parseLong(arguments[2]));
    int inFlight = Integer.parseInt(arguments[3]);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      SaturatingWriter writer = new SaturatingWriter(database, name);
      writer.write(Duration.ofMillis(200), inFlight);
      writer.reset();
      System.out.println("ready");
      commands.readLine();
      DatabaseStats before = database.stats();
      writer.write(time, inFlight);
      writer.report(database.stats().since(before));
    }
  }

  private void write(Duration time, int inFlight) {
    long end = System.nanoTime() + time.toNanos();
    Flux.<Long>generate(
            sink -> {
              if (System.nanoTime() - end < 0) {
                sink.next(sequence.incrementAndGet());
              } else {
                sink.complete();
              }
            })
        .flatMap(this::insert, inFlight, 1)
        .then()
        .block(time.plusSeconds(60));
  }

  private Mono<Long> insert(long number) {
    return Mono.defer(
        () -> {
          long begun = System.nanoTime();
          return database
              .update("INSERT INTO entry (writer, number, body) VALUES (:writer, :number, :body)")
              .bind("writer", name)
              .bind("number", number)
              .bind("body", "written by " + name + " as its number " + number)
              .rowsUpdated()
              .doOnNext(rows -> written.addAndGet(rows))
              .doOnError(
                  error -> {
                    errors.incrementAndGet();
                    System.out.println("error " + error);
                  })
              .onErrorResume(error -> Mono.empty())
              .doFinally(
                  end -> longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max));
        });
  }

  private void reset() {
    written.set(0);
    longestNanos.set(0);
  }

  private void report(DatabaseStats stats) {
    System.out.println(
        "result "
            + new ContentionFigures(
                    name,
                    written.get(),
                    errors.get(),
                    longestNanos.get() / 1_000,
                    stats.lock().maxWait().toNanos() / 1_000,
                    stats.lock().retries(),
                    stats.writes().commits())
                .toLine());
  }
}
