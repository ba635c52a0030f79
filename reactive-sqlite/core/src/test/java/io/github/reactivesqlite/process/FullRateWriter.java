package io.github.reactivesqlite.process;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes single rows as fast as it can, at full durability, and tells how many. */
final class FullRateWriter {

  private static final int IN_FLIGHT = 512;

  private FullRateWriter() {}

  public static void main(String[] arguments) {
    Duration time = Duration.ofMillis(Long.parseLong(arguments[1]));
    try (SqliteDatabase database = SqliteDatabase.open(Path.of(arguments[0]))) {
      database
          .script("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, score INTEGER, body TEXT)")
          .block(time);
      System.out.println("writing");
      AtomicLong written = new AtomicLong();
      long end = System.nanoTime() + time.toNanos();
      Flux.<Long>generate(
              sink -> {
                if (System.nanoTime() - end < 0) {
                  sink.next(written.get());
                } else {
                  sink.complete();
                }
              })
          .flatMap(seed -> insert(database, seed), IN_FLIGHT, 1)
          .doOnNext(written::addAndGet)
          .then()
          .block(time.plusSeconds(60));
      System.out.println("result " + written.get() + " " + database.stats().writes().commits());
    }
  }

  private static Mono<Long> insert(SqliteDatabase database, long seed) {
    return database
        .update("INSERT INTO t (name, score, body) VALUES (:name, :score, :body)")
        .bind("name", "name " + seed)
        .bind("score", seed)
        .bind(
            "body",
            "a body of about one hundred bytes, as rows of real applications have it, "
                + "and then some more of it")
        .rowsUpdated();
  }
}
