package io.github.reactivesqlite.process;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes single rows as fast as it can, at full durability, and tells how many. When so many are
 * there it begins again at the first: the log grows as it would without an end, and the database
 * file does not.
 */
final class FullRateWriter {

  private static final int IN_FLIGHT = 512;
  private static final int ROWS = 100_000;
  private static final Duration STEP = Duration.ofSeconds(60);

  private FullRateWriter() {}

  public static void main(String[] arguments) {
    Duration time = Duration.ofMillis(Long.parseLong(arguments[1]));
    try (SqliteDatabase database = SqliteDatabase.open(Path.of(arguments[0]))) {
      database
          .script("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, score INTEGER, body TEXT)")
          .block(STEP);
      System.out.println("writing");
      AtomicLong written = new AtomicLong();
      long end = System.nanoTime() + time.toNanos();
      Flux.<Integer, Integer>generate(
              () -> 0,
              (number, sink) -> {
                if (System.nanoTime() - end < 0) {
                  sink.next(number);
                } else {
                  sink.complete();
                }
                return (number + 1) % ROWS;
              })
          .flatMap(id -> put(database, id), IN_FLIGHT, 1)
          .doOnNext(written::addAndGet)
          .then()
          .block(time.plus(STEP));
      System.out.println("result " + written.get() + " " + database.stats().writes().commits());
    }
  }

  private static Mono<Long> put(SqliteDatabase database, int id) {
    return database
        .update(
            "INSERT OR REPLACE INTO t (id, name, score, body) VALUES (:id, :name, :score, :body)")
        .bind("id", id)
        .bind("name", "name " + id)
        .bind("score", id)
        .bind(
            "body",
            "a body of about one hundred bytes, as rows of real applications have it, "
                + "and then some more of it")
        .rowsUpdated();
  }
}
