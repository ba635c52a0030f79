package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.HeldReads;
import io.github.reactivesqlite.sqlite.support.LogLines;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Closing answers everybody, loses nothing that was acknowledged, and leaves a tidy file. */
class ClosingTest {

  private static final String MANY =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100000) ";

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void choose() {
    file = directory.resolve("closing.db");
  }

  private SqliteDatabase open() {
    return open(Duration.ofSeconds(30));
  }

  private SqliteDatabase open(Duration closeTimeout) {
    SqliteDatabase database =
        SqliteDatabase.builder(file).config(config -> config.closeTimeout(closeTimeout)).build();
    Bounded.get(
        database.update("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY)").rowsUpdated());
    return database;
  }

  @Nested
  class UnderLoad {

    @Test
    @Tag("process")
    void everybodyIsAnsweredAndWhatWasAcknowledgedIsThere() throws InterruptedException {
      SqliteDatabase database = open(Duration.ofSeconds(2));
      AtomicLong ids = new AtomicLong();
      AtomicBoolean goOn = new AtomicBoolean(true);
      Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
      ConcurrentLinkedQueue<Outcome<?>> outcomes = new ConcurrentLinkedQueue<>();
      List<Thread> load = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Thread thread =
            new Thread(
                () -> {
                  while (goOn.get()) {
                    for (int k = 0; k < 50; k++) {
                      long id = ids.incrementAndGet();
                      outcomes.add(
                          Bounded.start(
                              database
                                  .update("INSERT INTO item VALUES (?)")
                                  .bind(1, id)
                                  .rowsUpdated()
                                  .doOnNext(rows -> acknowledged.add(id))));
                    }
                    Outcome<Long> stream =
                        Bounded.start(
                            database
                                .query(MANY + "SELECT x FROM c")
                                .mapTo(Long.class)
                                .all()
                                .count());
                    outcomes.add(stream);
                    stream.get();
                  }
                });
        load.add(thread);
        thread.start();
      }
      Bounded.until("some writes are acknowledged", () -> acknowledged.size() > 500);

      database.close();
      goOn.set(false);
      for (Thread thread : load) {
        thread.join(Bounded.PATIENCE.toMillis());
        assertThat(thread.isAlive()).isFalse();
      }

      int refused = 0;
      for (Outcome<?> outcome : outcomes) {
        Throwable error = outcome.get().getThrowable();
        if (error != null) {
          assertThat(error).isInstanceOf(DatabaseClosedException.class);
          refused++;
        }
      }
      assertThat(refused).isPositive();
      assertThat(walFile()).doesNotExist();
      try (SqliteDatabase again = open()) {
        TreeSet<Long> present =
            new TreeSet<>(
                Bounded.get(
                    again.query("SELECT id FROM item").mapTo(Long.class).all().collectList()));
        assertThat(present).isEqualTo(new TreeSet<>(acknowledged));
      }
    }

    @Test
    void whatWasQueuedIsWrittenFirst() {
      SqliteDatabase database = open();
      List<Outcome<Long>> queued = new ArrayList<>();
      Outcome<Void> closing;
      Outcome<Long> late;
      try (OccupiedWriter writer = new OccupiedWriter(database)) {
        for (int i = 0; i < 100; i++) {
          queued.add(Bounded.start(insert(database)));
        }
        closing = Bounded.start(database.closeGracefully());
        late = Bounded.start(insert(database));
        assertThat(late.error()).isInstanceOf(DatabaseClosedException.class);
        writer.release();
      }
      closing.value();

      queued.forEach(write -> assertThat(write.value()).isOne());
      assertRows(100);
    }

    @Test
    void pastItsTimeClosingRefusesWhatIsStillQueued() {
      SqliteDatabase database = open(Duration.ofMillis(100));
      OccupiedWriter stuck = new OccupiedWriter(database);
      Outcome<Long> queued = Bounded.start(insert(database));
      try (LogLines log = new LogLines("io.github.reactivesqlite.sqlite.engine.ClosingScript")) {
        Outcome<Void> closing = Bounded.start(database.closeGracefully());

        assertThat(queued.error()).isInstanceOf(DatabaseClosedException.class);
        assertThat(log.awaitLine("work is still under way after 100 ms")).startsWith("WARN ");
        stuck.release();
        closing.get();
      }
      untilClosed(database);
      assertRows(0);
    }

    @Test
    void aUnitThatDoesNotEndIsNamedInTheAnswerAndClosingGoesOnWhenItEnds() {
      SqliteDatabase database = open(Duration.ofMillis(100));
      OccupiedWriter unit = new OccupiedWriter(database);
      Outcome<Void> closing = Bounded.start(database.closeGracefully());

      assertThat(closing.error())
          .isInstanceOf(DatabaseClosedException.class)
          .hasMessageContaining("it is held by a write or other work on the writer's thread");
      database.close();
      assertThat(Bounded.start(SqliteDatabase.openAsync(file)).error())
          .isInstanceOfSatisfying(
              StorageException.class,
              open -> assertThat(open.kind()).isEqualTo(StorageException.Kind.ALREADY_OPEN));

      unit.release();
      untilClosed(database);
      assertRows(0);
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheClose() {
      SqliteDatabase database = open();
      OccupiedWriter unit = new OccupiedWriter(database);
      Outcome<Long> queued = Bounded.start(insert(database));

      Thread.currentThread().interrupt();
      database.close();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(queued.isDone()).isFalse();
      unit.release();
      assertThat(queued.value()).isOne();
      Bounded.get(database.closeGracefully());
      assertRows(1);
    }

    @Test
    void pastItsTimeClosingRefusesQueuedReadsToo() {
      SqliteDatabase database = open(Duration.ofMillis(100));
      int readers = SqliteConfig.ofDefaults().readers();
      HeldReads stuck = HeldReads.queries(database, readers);
      Outcome<Long> one = Bounded.start(database.query("SELECT 1").mapTo(Long.class).one());
      Outcome<Long> all = Bounded.start(database.query("SELECT 1").mapTo(Long.class).all().count());
      Outcome<Long> snapshot =
          Bounded.start(
              database.withSnapshot(open -> open.query("SELECT 1").mapTo(Long.class).one()));

      Outcome<Void> closing = Bounded.start(database.closeGracefully());

      assertThat(one.error()).isInstanceOf(DatabaseClosedException.class);
      assertThat(all.error()).isInstanceOf(DatabaseClosedException.class);
      assertThat(snapshot.error()).isInstanceOf(DatabaseClosedException.class);
      stuck.letGo();
      stuck.outcomes().forEach(Outcome::get);
      closing.get();
      untilClosed(database);
    }
  }

  @Nested
  class Afterwards {

    @Test
    void everythingIsRefused() {
      SqliteDatabase database = open();
      database.close();

      List<Mono<?>> uses =
          List.of(
              insert(database),
              database.query("SELECT 1").mapTo(Long.class).one(),
              database.query("SELECT 1").mapTo(Long.class).all().count(),
              database.write(session -> 1),
              database.read(session -> 1),
              database.script("DELETE FROM item"),
              database.withTransaction(tx -> Mono.just(1)),
              database.begin(TransactionOptions.ofDefaults()),
              database.withSnapshot(snapshot -> Mono.just(1)),
              database.update("DELETE FROM item RETURNING id").returning(Long.class).all().count());
      for (Mono<?> use : uses) {
        assertThat(Bounded.start(use).error()).isInstanceOf(DatabaseClosedException.class);
      }
    }

    @Test
    void closingAgainDoesNothing() {
      SqliteDatabase database = open();
      Outcome<Void> first = Bounded.start(database.closeGracefully());
      Outcome<Void> second = Bounded.start(database.closeGracefully());
      database.close();
      database.close();

      assertThat(first.value()).isNull();
      assertThat(second.value()).isNull();
      assertThat(Bounded.get(database.closeGracefully())).isNull();
    }

    @Test
    void theLogIsGoneAndTheFileCanBeOpenedAtOnce() {
      for (int i = 1; i <= 5; i++) {
        SqliteDatabase database = open();
        Bounded.get(insert(database));
        Bounded.get(database.query("SELECT count(*) FROM item").mapTo(Long.class).one());
        assertThat(walFile()).exists();
        database.close();
        assertThat(walFile()).doesNotExist();
        assertThat(Path.of(file + "-shm")).doesNotExist();
      }
      assertRows(5);
    }

    @Test
    void onAThreadThatMustNotBlockItOnlyStarts() {
      SqliteDatabase database = open();
      Bounded.get(insert(database));
      OccupiedWriter slow = new OccupiedWriter(database);

      // Returns although the writer is still at work
      Bounded.get(Mono.fromRunnable(database::close).subscribeOn(Schedulers.parallel()));
      assertThat(slow.isDone()).isFalse();

      slow.release();
      Bounded.get(database.closeGracefully());
      assertThat(walFile()).doesNotExist();
    }
  }

  @Nested
  class WithSomethingOpen {

    @Test
    void anOpenTransactionMayEnd() {
      SqliteDatabase database = open();
      Transaction open = Bounded.get(database.begin(TransactionOptions.ofDefaults()));
      Bounded.get(open.update("INSERT INTO item VALUES (1)").rowsUpdated());
      Outcome<Void> closing = Bounded.start(database.closeGracefully());
      Bounded.get(open.update("INSERT INTO item VALUES (2)").rowsUpdated());
      assertThat(closing.isDone()).isFalse();
      Bounded.get(open.commit());

      closing.value();
      assertRows(2);
    }

    @Test
    void anAbandonedTransactionIsRolledBackWhenTheTimeIsOver() {
      SqliteDatabase database = open(Duration.ofMillis(100));
      Transaction open = Bounded.get(database.begin(TransactionOptions.ofDefaults()));
      Bounded.get(open.update("INSERT INTO item VALUES (1)").rowsUpdated());
      Outcome<Integer> around = Bounded.start(database.withTransaction(tx -> Mono.just(1)));

      database.close();

      assertThat(around.error()).isInstanceOf(DatabaseClosedException.class);
      assertThat(Bounded.start(open.update("INSERT INTO item VALUES (2)").rowsUpdated()).error())
          .isInstanceOf(DatabaseClosedException.class);
      assertThat(Bounded.start(open.commit()).error()).isInstanceOf(DatabaseClosedException.class);
      assertRows(0);
    }

    @Test
    void aTransactionAroundWorkThatNeverEndsIsAnswered() {
      SqliteDatabase database = open(Duration.ofMillis(100));
      CountDownLatch inside = new CountDownLatch(1);
      Outcome<Long> stuck =
          Bounded.start(
              database.withTransaction(
                  tx ->
                      tx.update("INSERT INTO item VALUES (1)")
                          .rowsUpdated()
                          .doOnNext(rows -> inside.countDown())
                          .then(Mono.never())));
      Bounded.await(inside);

      database.close();

      assertThat(stuck.error()).isInstanceOf(DatabaseClosedException.class);
      assertRows(0);
    }

    @Test
    void anOpenSnapshotAndAnUnreadStreamAreEnded() {
      SqliteDatabase database = open(Duration.ofMillis(200));
      CountDownLatch inside = new CountDownLatch(1);
      Outcome<Long> snapshot =
          Bounded.start(
              database.withSnapshot(
                  at ->
                      at.query("SELECT count(*) FROM item")
                          .mapTo(Long.class)
                          .one()
                          .doOnNext(rows -> inside.countDown())
                          .then(Mono.never())));
      Bounded.await(inside);

      database.close();

      assertThat(snapshot.error()).isInstanceOf(DatabaseClosedException.class);
      assertThat(walFile()).doesNotExist();
    }

    @Test
    void aStreamThatNobodyReadsIsEnded() {
      SqliteDatabase database = open(Duration.ofMillis(200));
      CountDownLatch flowing = new CountDownLatch(1);
      Sinks.One<Long> closed = Sinks.one();
      Outcome<Long> stream =
          Bounded.start(
              database
                  .query(MANY + "SELECT x FROM c")
                  .mapTo(Long.class)
                  .all()
                  .limitRate(1)
                  .concatMap(
                      row -> {
                        flowing.countDown();
                        return row == 1 ? closed.asMono() : Mono.just(1L);
                      },
                      1)
                  .count());
      Bounded.await(flowing);

      database.close();
      closed.tryEmitValue(1L);

      assertThat(stream.error()).isInstanceOf(DatabaseClosedException.class);
      assertThat(walFile()).doesNotExist();
    }

    @Test
    void aStreamThatTakesItsReaderWhileItIsClosedIsEnded() {
      SqliteDatabase database =
          SqliteDatabase.builder(file)
              .config(config -> config.name("late").readers(2).closeTimeout(Duration.ofMillis(100)))
              .build();
      CountDownLatch holding = new CountDownLatch(1);
      // A row fills a chunk
      String large = MANY + "SELECT zeroblob(4000000) FROM c";
      Disposable first =
          database
              .query(large)
              .map(row -> row.getBytes(1).length)
              .all()
              .subscribe(
                  row -> holding.countDown(), error -> {}, () -> {}, some -> some.request(1));
      Bounded.await(holding);
      AtomicInteger mapped = new AtomicInteger();
      CountDownLatch mapping = new CountDownLatch(1);
      CountDownLatch released = new CountDownLatch(1);
      Outcome<Long> second =
          Bounded.start(
              database
                  .query(large)
                  .map(
                      row -> {
                        if (mapped.incrementAndGet() == 2) {
                          mapping.countDown();
                          Bounded.await(released);
                        }
                        return row.getBytes(1).length;
                      })
                  .all()
                  .count());
      Bounded.until(
          "the other is known to be long, and waits",
          () -> mapped.get() == 1 && database.stats().reads().queued() == 1);
      first.dispose();
      Bounded.await(mapping);

      Outcome<Void> closing = Bounded.start(database.closeGracefully());
      Bounded.until("the idle reader is closed", () -> readerThreads() == 1);
      released.countDown();

      assertThat(second.error()).isInstanceOf(DatabaseClosedException.class);
      closing.get();
      untilClosed(database);
      assertThat(walFile()).doesNotExist();
    }

    private static long readerThreads() {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().startsWith("late-reader-"))
          .count();
    }

    @Test
    @Tag("process")
    void aWaitForAForeignLockIsGivenUpWhenTheTimeIsOver() {
      SqliteDatabase database = open(Duration.ofMillis(300));
      try (ForeignProcess other = new ForeignProcess(file);
          LogLines log = new LogLines("io.github.reactivesqlite.locks")) {
        other.hold();
        Outcome<Long> write = Bounded.start(insert(database));
        Outcome<Integer> transaction = Bounded.start(database.withTransaction(tx -> Mono.just(1)));
        log.awaitLine("Database locked in unlabelled, retry 2");

        long begun = System.nanoTime();
        database.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(write.error()).isInstanceOf(DatabaseClosedException.class);
        assertThat(transaction.error()).isInstanceOf(DatabaseClosedException.class);
        other.release();
      }
      assertRows(0);
    }

    @Test
    @Tag("process")
    void aLockFreedInTimeLetsTheQueuedWritesThrough() {
      SqliteDatabase database = open();
      try (ForeignProcess other = new ForeignProcess(file);
          LogLines log = new LogLines("io.github.reactivesqlite.locks")) {
        other.hold();
        Outcome<Long> write =
            Bounded.start(
                database
                    .with(OperationOptions.labelled("last"))
                    .update("INSERT INTO item VALUES (NULL)")
                    .rowsUpdated());
        log.awaitLine("Database locked in last");
        Outcome<Void> closing = Bounded.start(database.closeGracefully());
        other.release();

        assertThat(write.value()).isOne();
        closing.value();
      }
      assertRows(1);
    }
  }

  /** A closing that took long has said so and gone on by itself. */
  private static void untilClosed(SqliteDatabase database) {
    Bounded.until(
        "closing again completes",
        () -> Bounded.start(database.closeGracefully()).get().getThrowable() == null);
  }

  private Path walFile() {
    return Path.of(file + "-wal");
  }

  private static Mono<Long> insert(SqliteDatabase into) {
    return into.update("INSERT INTO item VALUES (NULL)").rowsUpdated();
  }

  private void assertRows(long expected) {
    try (SqliteDatabase again = open()) {
      assertThat(Bounded.get(again.query("SELECT count(*) FROM item").mapTo(Long.class).one()))
          .isEqualTo(expected);
    }
    assertThat(Files.exists(file)).isTrue();
  }
}
