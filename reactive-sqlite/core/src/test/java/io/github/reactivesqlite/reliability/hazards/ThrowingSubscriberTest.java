package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Subscribers that break the rules: they throw from each of their methods. They may not be answered
 * any more, but nothing of the library is lost to them.
 */
@Tag("reliability")
class ThrowingSubscriberTest {

  @TempDir static Path directory;

  private static SqliteDatabase database;
  private static LogLines quiet;

  /** Where it throws. */
  private enum In {
    SUBSCRIBE,
    NEXT,
    SECOND_NEXT,
    COMPLETE,
    ERROR,
    CONTEXT
  }

  private static final List<Function<ReactiveDatabase, Publisher<?>>> OPERATIONS =
      List.of(
          db -> db.query("SELECT 1").mapTo(Long.class).one(),
          db -> db.query("SELECT id FROM item LIMIT 5").mapTo(Long.class).all(),
          db -> db.query("SELECT id FROM item").mapTo(Long.class).all(),
          db -> db.query("SELECT * FROM nowhere").mapTo(Long.class).all(),
          db -> db.update("UPDATE item SET id = id WHERE id = 1").rowsUpdated(),
          db -> db.update("INSERT INTO item VALUES (1)").rowsUpdated(),
          db -> db.update("DELETE FROM item WHERE id < 0").returning(Long.class).all(),
          db ->
              db.update("UPDATE item SET id = id WHERE id < 5 RETURNING id")
                  .returning(Long.class)
                  .all(),
          db -> db.write(session -> 1),
          db -> db.write(session -> null),
          db -> db.read(session -> 1),
          db -> db.withSnapshot(s -> s.query("SELECT 1").mapTo(Long.class).one()),
          db -> db.withSnapshotMany(s -> s.query("SELECT id FROM item").mapTo(Long.class).all()),
          db -> db.withTransaction(tx -> tx.query("SELECT 1").mapTo(Long.class).one()),
          db -> db.withTransaction(tx -> Mono.empty()),
          db ->
              db.batch("DELETE FROM item WHERE id = ?")
                  .chunkSize(2)
                  .execute(Flux.range(-10, 10), (row, id) -> row.bind(1, id)));

  @BeforeAll
  static void open() {
    Hooks.onErrorDropped(dropped -> {});
    quiet = new LogLines("io.github.reactivesqlite.sqlite.engine.runtime.Answers");
    database =
        SqliteDatabase.builder(directory.resolve("subscribers.db"))
            .config(config -> config.transactionTimeout(Duration.ofMinutes(5)))
            .build();
    Bounded.get(
        database.script(
            "CREATE TABLE item (id INTEGER PRIMARY KEY);"
                + "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                + " INSERT INTO item SELECT i FROM n"));
  }

  @AfterAll
  static void close() {
    database.close();
    quiet.close();
    Hooks.resetOnErrorDropped();
  }

  @ParameterizedTest
  @EnumSource(In.class)
  void subscriberThatThrowsHoldsNothing(In place) {
    for (Function<ReactiveDatabase, Publisher<?>> operation : OPERATIONS) {
      for (Thrown thrown : Thrown.values()) {
        subscribe(operation, place, thrown);
      }
      assertThat(Bounded.<Integer>get(database.write(session -> 1))).as("the next write").isOne();
      assertThat(Bounded.<Integer>get(database.read(session -> 1))).as("the next read").isOne();
    }
    Bounded.until("nothing is held", () -> database.stats().reads().active() == 0);
    assertThat(database.stats().writes().queuedInteractive()).isZero();
    assertThat(Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE)).busy())
        .as("somebody still reads an old snapshot")
        .isFalse();
  }

  private static void subscribe(
      Function<ReactiveDatabase, Publisher<?>> operation, In place, Thrown thrown) {
    ThrowingSubscriber subscriber = new ThrowingSubscriber(place, thrown);
    try {
      operation.apply(database).subscribe(subscriber);
    } catch (Throwable atOnce) {
      return;
    } finally {
      Thread.interrupted();
    }
    Bounded.await(subscriber.reached);
  }

  private static final class ThrowingSubscriber implements CoreSubscriber<Object> {
    final CountDownLatch reached = new CountDownLatch(1);
    private final In place;
    private final Thrown thrown;
    private int values;

    ThrowingSubscriber(In place, Thrown thrown) {
      this.place = place;
      this.thrown = thrown;
    }

    private void at(In here) {
      if (here == place) {
        reached.countDown();
        thrown.raise();
      }
    }

    @Override
    public Context currentContext() {
      at(In.CONTEXT);
      return Context.of("key", "value");
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      at(In.SUBSCRIBE);
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object value) {
      values++;
      at(values == 1 ? In.NEXT : In.SECOND_NEXT);
    }

    @Override
    public void onError(Throwable error) {
      reached.countDown();
      at(In.ERROR);
    }

    @Override
    public void onComplete() {
      reached.countDown();
      at(In.COMPLETE);
    }
  }
}
