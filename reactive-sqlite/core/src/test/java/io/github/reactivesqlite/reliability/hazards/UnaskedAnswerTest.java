package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * A write is committed, but its subscriber has not asked for the answer, and leaves: that is a
 * write committed after cancel like any other.
 */
@Tag("reliability")
class UnaskedAnswerTest {

  @TempDir static Path directory;

  private static SqliteDatabase database;

  @BeforeAll
  static void open() {
    database = SqliteDatabase.builder(directory.resolve("unasked.db")).build();
    Bounded.get(database.script("CREATE TABLE item (id INTEGER PRIMARY KEY)"));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  static Named<?>[] writes() {
    return new Named<?>[] {
      write("update", db -> db.update("INSERT INTO item DEFAULT VALUES").rowsUpdated()),
      write(
          "returning one",
          db ->
              db.update("INSERT INTO item DEFAULT VALUES RETURNING id")
                  .returning(Long.class)
                  .one()),
      write(
          "unit",
          db -> db.write(session -> session.update("INSERT INTO item DEFAULT VALUES").execute())),
      write(
          "unit without a result",
          db ->
              db.write(
                  session -> {
                    session.update("INSERT INTO item DEFAULT VALUES").execute();
                    return null;
                  })),
      write(
          "batch",
          db ->
              db.batch("INSERT INTO item VALUES (?)")
                  .execute(Flux.just(-1L), (row, id) -> row.bind(1, id))),
    };
  }

  private static Named<Function<SqliteDatabase, Publisher<?>>> write(
      String name, Function<SqliteDatabase, Publisher<?>> write) {
    return Named.of(name, write);
  }

  @ParameterizedTest
  @MethodSource("writes")
  void answerThatNobodyTookIsCountedOnce(Function<SqliteDatabase, Publisher<?>> write) {
    DatabaseStats before = database.stats();
    long rows = rows();
    AtomicInteger told = new AtomicInteger();
    BaseSubscriber<Object> silent =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(Subscription subscription) {
            // It does not ask
          }

          @Override
          protected void hookOnNext(Object value) {
            told.incrementAndGet();
          }

          @Override
          protected void hookOnComplete() {
            told.incrementAndGet();
          }
        };
    Flux.from(write.apply(database)).subscribe(silent);
    Bounded.until("the write is committed", () -> rows() > rows);
    // So that its answer has come as far as it can
    Bounded.get(database.write(session -> 1));
    silent.cancel();

    Bounded.until(
        "it was told or counted",
        () -> told.get() > 0 || database.stats().since(before).writes().cancelledAfterCommit() > 0);
    // Whoever was told needs no count, and nobody is counted twice
    Bounded.get(database.write(session -> 1));
    assertThat(
            Math.min(1, told.get())
                + database.stats().since(before).writes().cancelledAfterCommit())
        .isEqualTo(1);
  }

  private static long rows() {
    return Bounded.get(database.query("SELECT count(*) FROM item").mapTo(Long.class).one());
  }
}
