package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.HeldReads;
import io.github.reactivesqlite.sqlite.support.LogLines;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every wait and every run has an end. */
class DeadlinesTest {

  private static final String ENDLESS =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) ";
  private static final Duration SHORT = Duration.ofMillis(80);

  @TempDir Path directory;

  private SqliteDatabase database;

  private void open(UnaryOperator<SqliteConfigBuilder> config) {
    database = SqliteDatabase.builder(directory.resolve("deadlines.db")).config(config).build();
    Bounded.get(database.update("CREATE TABLE item (x)").rowsUpdated());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Nested
  class Running {

    @Test
    void aRunawayReadIsStoppedAndItsReaderIsNotHarmed() {
      open(config -> config.readers(2));
      ReactiveDatabase hasty = hasty();
      for (int i = 0; i < 4; i++) {
        Throwable error =
            Bounded.start(hasty.query(ENDLESS + "SELECT max(x) FROM c").mapTo(Long.class).one())
                .error();

        assertThat(error)
            .isInstanceOfSatisfying(
                QueryTimeoutException.class,
                timeout -> {
                  assertThat(timeout.timeout()).isEqualTo(SHORT);
                  assertThat(timeout.label()).contains("hasty");
                });
        assertThat(Bounded.get(database.query("SELECT 1").mapTo(Long.class).one())).isOne();
      }
      assertThat(database.stats().reads().replaced()).isZero();
    }

    @Test
    void aRunawayStreamIsStopped() {
      open(config -> config);

      Throwable error =
          Bounded.start(hasty().query(ENDLESS + "SELECT x FROM c").mapTo(Long.class).all().count())
              .error();

      assertThat(error).isInstanceOf(QueryTimeoutException.class);
      assertThat(Bounded.get(database.query("SELECT 1").mapTo(Long.class).one())).isOne();
    }

    @Test
    void aRunawayReadUnitIsStopped() {
      open(config -> config);

      Throwable error =
          Bounded.start(
                  hasty()
                      .read(
                          session ->
                              session
                                  .query(ENDLESS + "SELECT max(x) FROM c")
                                  .mapTo(Long.class)
                                  .one()
                                  .orElseThrow()))
              .error();

      assertThat(error).isInstanceOf(QueryTimeoutException.class);
    }

    @Test
    void aRunawayWriteIsStoppedAndTheWriterIsNotHarmed() {
      open(config -> config);
      for (int i = 0; i < 4; i++) {
        Throwable error =
            Bounded.start(
                    hasty().update("INSERT INTO item " + ENDLESS + "SELECT x FROM c").rowsUpdated())
                .error();

        assertThat(error)
            .isInstanceOfSatisfying(
                QueryTimeoutException.class,
                timeout -> assertThat(timeout.timeout()).isEqualTo(SHORT));
        assertThat(Bounded.get(database.update("DELETE FROM item").rowsUpdated())).isZero();
      }
    }

    @Test
    void aRunawayStatementEndsItsTransactionOnly() {
      open(config -> config);

      Throwable error =
          Bounded.start(
                  hasty()
                      .withTransaction(
                          tx ->
                              tx.update("INSERT INTO item VALUES (1)")
                                  .rowsUpdated()
                                  .then(
                                      tx.update("INSERT INTO item " + ENDLESS + "SELECT x FROM c")
                                          .rowsUpdated())))
              .error();

      assertThat(error).isInstanceOf(QueryTimeoutException.class);
      assertThat(rows()).isZero();
      assertThat(Bounded.get(insert(database))).isOne();
    }

    @Test
    void timeOutsideOfSqliteIsNotCountedForAStream() {
      open(config -> config);
      Duration budget = Duration.ofSeconds(1);
      Duration pause = Duration.ofMillis(250);
      ReactiveDatabase hasty = database.with(OperationOptions.none().executionTimeout(budget));
      String thousand =
          "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 3000) ";
      AtomicReference<Long> begun = new AtomicReference<>();

      Mono<Long> slowly =
          hasty
              .query(thousand + "SELECT x FROM c")
              .mapTo(Long.class)
              .all()
              .doOnSubscribe(subscription -> begun.set(System.nanoTime()))
              .buffer(500)
              .limitRate(1)
              .concatMap(rows -> Mono.delay(pause).thenReturn(rows.size()), 1)
              .reduce(0L, Long::sum);

      assertThat(Bounded.get(slowly)).isEqualTo(3_000);
      assertThat(System.nanoTime() - begun.get()).isGreaterThan(budget.toNanos());
    }

    @Test
    void anOpenTransactionEndsAtItsTimeout() {
      open(config -> config);
      ReactiveDatabase view =
          database.with(OperationOptions.labelled("idle").transactionTimeout(SHORT));

      Throwable error =
          Bounded.start(
                  view.withTransaction(
                      tx ->
                          tx.update("INSERT INTO item VALUES (1)")
                              .rowsUpdated()
                              .then(Mono.never())))
              .error();

      assertThat(error).isInstanceOf(TransactionTimeoutException.class);
      assertThat(rows()).isZero();
      assertThat(Bounded.get(insert(database))).isOne();
    }
  }

  @Nested
  class SlowUnits {

    @Test
    void theFirstSlowUnitIsReportedWithItsStackWhileItHolds() {
      open(config -> config.holdWarning(SHORT));
      CountDownLatch released = new CountDownLatch(1);
      try (LogLines log = new LogLines("io.github.reactivesqlite.holds")) {
        Outcome<Boolean> slow =
            Bounded.start(
                database
                    .with(OperationOptions.labelled("generate"))
                    .write(
                        session -> {
                          Bounded.await(released);
                          return true;
                        }));

        String line = log.awaitLine("generate holds the writer for ");
        assertThat(slow.isDone()).isFalse();
        assertThat(line).startsWith("WARN ").contains("\n    at ").contains("DeadlinesTest");
        released.countDown();
        assertThat(slow.value()).isTrue();
        assertThat(log.linesWith("holds the writer")).hasSize(1);
      }
    }

    @Test
    void everySlowUnitIsReportedAlsoAfterQuietTimes() {
      open(config -> config.holdWarning(SHORT));
      try (LogLines log = new LogLines("io.github.reactivesqlite.holds")) {
        for (String label : List.of("first", "second", "third")) {
          CountDownLatch released = new CountDownLatch(1);
          Outcome<Boolean> slow =
              Bounded.start(
                  database
                      .with(OperationOptions.labelled(label))
                      .write(
                          session -> {
                            Bounded.await(released);
                            return true;
                          }));
          assertThat(log.awaitLine(label + " holds the writer")).contains("\n    at ");
          released.countDown();
          assertThat(slow.value()).isTrue();
          // Long enough for the watch to find nothing and go to sleep
          Bounded.get(Mono.delay(SHORT.multipliedBy(2)));
        }
      }
    }

    @Test
    void anOpenTransactionIsReportedToo() {
      open(config -> config.holdWarning(SHORT));
      try (LogLines log = new LogLines("io.github.reactivesqlite.holds")) {
        Outcome<Long> slow =
            Bounded.start(
                database
                    .with(OperationOptions.labelled("wizard"))
                    .withTransaction(tx -> Mono.delay(SHORT.multipliedBy(4))));

        log.awaitLine("wizard holds the writer");
        slow.value();
      }
    }

    @Test
    void pastItsTimeTheNextCallOfASessionFails() {
      open(config -> config);
      AtomicBoolean reached = new AtomicBoolean();

      Throwable error =
          Bounded.start(
                  hasty()
                      .write(
                          session -> {
                            session.update("INSERT INTO item VALUES (1)").execute();
                            LockSupport.parkNanos(SHORT.multipliedBy(2).toNanos());
                            session.update("INSERT INTO item VALUES (2)").execute();
                            reached.set(true);
                            return true;
                          }))
              .error();

      assertThat(error).isInstanceOf(QueryTimeoutException.class);
      assertThat(reached).isFalse();
      assertThat(rows()).isZero();
    }
  }

  @Nested
  class Queueing {

    @Test
    void aWriteWithoutATurnInTimeIsRefused() {
      open(config -> config);
      ReactiveDatabase hasty =
          database.with(OperationOptions.labelled("hasty").acquireTimeout(SHORT));
      try (OccupiedWriter writer = new OccupiedWriter(database)) {
        Throwable error = Bounded.start(insert(hasty)).error();

        assertThat(error)
            .isInstanceOfSatisfying(
                AcquireTimeoutException.class,
                timeout -> assertThat(timeout.waited()).isBetween(SHORT, Duration.ofSeconds(10)));
        writer.release();
      }
      assertThat(rows()).isZero();
    }

    /** A unit that has had its turn does not lose it because its neighbours made it run again. */
    @Test
    void aUnitThatRunsAgainIsNotRefusedForItsFirstWait() {
      open(config -> config.maxGroupTime(Duration.ofSeconds(30)));
      Bounded.get(
          database.script(
              "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                  + " CREATE TABLE child (pid REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"));
      Duration wait = Duration.ofSeconds(2);
      AtomicBoolean ran = new AtomicBoolean();
      ReactiveDatabase view = database.with(OperationOptions.none().acquireTimeout(wait));
      List<Outcome<Long>> innocents = new ArrayList<>();
      Outcome<Boolean> slow;
      Outcome<Long> culprit;
      try (OccupiedWriter writer = new OccupiedWriter(database)) {
        for (int i = 0; i < 5; i++) {
          innocents.add(Bounded.start(insert(view)));
        }
        slow =
            Bounded.start(
                database.write(
                    session -> {
                      if (ran.compareAndSet(false, true)) {
                        LockSupport.parkNanos(wait.plusMillis(50).toNanos());
                      }
                      return true;
                    }));
        culprit = Bounded.start(database.update("INSERT INTO child VALUES (9)").rowsUpdated());
        writer.release();
      }

      innocents.forEach(innocent -> assertThat(innocent.value()).isOne());
      assertThat(slow.value()).isTrue();
      assertThat(culprit.error()).isNotNull();
      assertThat(rows()).isEqualTo(5);
    }

    @Test
    void aFullLaneRefusesAtOnceWithItsDepthButKeepsTheReservedRoom() {
      open(config -> config.interactiveQueueCapacity(10).reservedQueuePercent(20));
      List<Outcome<Long>> queued = new ArrayList<>();
      ReactiveDatabase reserved = database.with(OperationOptions.none().reservedRoom(true));
      try (OccupiedWriter writer = new OccupiedWriter(database)) {
        for (int i = 0; i < 8; i++) {
          queued.add(Bounded.start(insert(database)));
        }
        assertFull(Bounded.start(insert(database)).error(), 8, 8);
        assertThat(database.stats().writes().queuedInteractive()).isEqualTo(8);

        queued.add(Bounded.start(insert(reserved)));
        queued.add(Bounded.start(insert(reserved)));
        assertFull(Bounded.start(insert(reserved)).error(), 10, 10);

        Outcome<Long> bulk =
            Bounded.start(insert(database.with(OperationOptions.none().lane(Lane.BULK))));
        queued.get(0).cancel();
        queued.remove(0);
        queued.add(Bounded.start(insert(reserved)));
        queued.add(bulk);
        writer.release();
      }
      queued.forEach(write -> assertThat(write.value()).isOne());
      assertThat(rows()).isEqualTo(11);
    }

    @Test
    void theBytesOfWaitingValuesAreBounded() {
      open(config -> config.queueBytes(1_048_576).reservedQueuePercent(0));
      byte[] large = new byte[400_000];
      try (OccupiedWriter writer = new OccupiedWriter(database)) {
        Outcome<Long> first = Bounded.start(insert(large));
        Outcome<Long> second = Bounded.start(insert(large));
        assertThat(Bounded.start(insert(large)).error())
            .isInstanceOfSatisfying(
                WriteQueueFullException.class,
                full -> {
                  assertThat(full.depth()).isBetween(800_000L, 1_048_576L);
                  assertThat(full.capacity()).isEqualTo(1_048_576);
                });
        first.cancel();
        Outcome<Long> third = Bounded.start(insert(large));
        writer.release();
        assertThat(second.value()).isOne();
        assertThat(third.value()).isOne();
      }
      Outcome<Long> later = Bounded.start(insert(large));
      assertThat(later.value()).isOne();
    }

    @Test
    void aFullReadQueueRefusesAtOnceWithItsDepth() {
      open(config -> config.readers(2).readQueueCapacity(5).reservedQueuePercent(0));
      List<Outcome<Long>> reads = new ArrayList<>();
      try (HeldReads busy = HeldReads.queries(database, 2)) {
        for (int i = 0; i < 5; i++) {
          reads.add(Bounded.start(database.query("SELECT 1").mapTo(Long.class).one()));
        }
        assertThat(Bounded.start(database.query("SELECT 1").mapTo(Long.class).one()).error())
            .isInstanceOfSatisfying(
                ReadQueueFullException.class,
                full -> {
                  assertThat(full.depth()).isEqualTo(5);
                  assertThat(full.capacity()).isEqualTo(5);
                });
        busy.release();
      }
      reads.forEach(read -> assertThat(read.value()).isOne());
    }

    @Test
    void aReadWithoutAReaderInTimeIsRefused() {
      open(config -> config.readers(2));
      try (HeldReads busy = HeldReads.queries(database, 2)) {
        assertThat(
                Bounded.start(
                        database
                            .with(OperationOptions.none().acquireTimeout(SHORT))
                            .query("SELECT 1")
                            .mapTo(Long.class)
                            .one())
                    .error())
            .isInstanceOf(AcquireTimeoutException.class);
        busy.release();
      }
    }

    @Test
    void aBatchIsHeldBackInsteadOfRefused() {
      open(config -> config.bulkQueueCapacity(1).reservedQueuePercent(0));
      Mono<Long> items =
          database
              .batch("INSERT INTO item VALUES (?)")
              .chunkSize(10)
              .execute(Flux.range(0, 500), (parameters, i) -> parameters.bind(1, i))
              .map(result -> result.rowsUpdated())
              .reduce(0L, Long::sum);
      List<Outcome<Long>> batches = new ArrayList<>();
      try (OccupiedWriter writer = new OccupiedWriter(database)) {
        for (int i = 0; i < 4; i++) {
          batches.add(Bounded.start(items));
        }
        writer.release();
      }
      batches.forEach(batch -> assertThat(batch.value()).isEqualTo(500));
    }
  }

  private ReactiveDatabase hasty() {
    return database.with(OperationOptions.labelled("hasty").executionTimeout(SHORT));
  }

  private static void assertFull(Throwable error, long depth, long capacity) {
    assertThat(error)
        .isInstanceOfSatisfying(
            WriteQueueFullException.class,
            full -> {
              assertThat(full.depth()).isEqualTo(depth);
              assertThat(full.capacity()).isEqualTo(capacity);
              assertThat(full.isTransient()).isTrue();
            });
  }

  private static Mono<Long> insert(ReactiveDatabase into) {
    return into.update("INSERT INTO item VALUES (1)").rowsUpdated();
  }

  private Mono<Long> insert(byte[] value) {
    return database.update("INSERT INTO item VALUES (?)").bind(1, value).rowsUpdated();
  }

  private long rows() {
    return Bounded.get(database.query("SELECT count(*) FROM item").mapTo(Long.class).one());
  }
}
