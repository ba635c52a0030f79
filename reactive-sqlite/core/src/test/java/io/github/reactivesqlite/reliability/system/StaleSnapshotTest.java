package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A transaction that reads first and writes later fails at once in SQLite when another process has
 * committed between. Ours hold the write lock from their beginning, so nobody can.
 */
@Tag("reliability")
@Tag("process")
class StaleSnapshotTest {

  private static final int ROUNDS = Scale.of(20, 500);

  @TempDir Path directory;

  private SqliteDatabase database;
  private ForeignProcess other;

  @BeforeEach
  void open() {
    Path file = directory.resolve("counted.db");
    database = SqliteDatabase.open(file);
    Bounded.get(
        database.script(
            "CREATE TABLE counter (value INTEGER); INSERT INTO counter VALUES (0);"
                + "CREATE TABLE note (x)"));
    other = new ForeignProcess(file);
  }

  @AfterEach
  void close() {
    other.close();
    database.close();
  }

  @Test
  void whatATransactionReadIsStillTrueWhenItWrites() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      CountDownLatch hasRead = new CountDownLatch(1);
      CompletableFuture<Void> foreign = foreignIncrementAfter(hasRead);
      boolean asUnit = round % 2 == 0;
      Outcome<Long> ours = Bounded.start(asUnit ? unit(hasRead) : transaction(hasRead));
      assertThat(ours.value()).isOne();
      foreign.get(Bounded.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }
    assertThat(value()).isEqualTo(2L * ROUNDS);
    System.out.printf(
        "%d transactions read, met a foreign writer, and wrote: 0 conflicts%n", ROUNDS);
  }

  /** The foreign commit lies between our snapshot and our write, on another connection. */
  @Test
  void aWriteBesideAnOldSnapshotIsNotHurt() {
    for (int round = 0; round < ROUNDS; round++) {
      Long seen =
          Bounded.get(
              database.withSnapshot(
                  snapshot ->
                      snapshot
                          .query("SELECT value FROM counter")
                          .mapTo(Long.class)
                          .one()
                          .publishOn(Schedulers.boundedElastic())
                          .doOnNext(before -> other.run("UPDATE counter SET value = value + 1"))
                          .then(increment())
                          .then(
                              snapshot
                                  .query("SELECT value FROM counter")
                                  .mapTo(Long.class)
                                  .one())));
      assertThat(seen).isEqualTo(2L * round);
    }
    assertThat(value()).isEqualTo(2L * ROUNDS);
  }

  private CompletableFuture<Void> foreignIncrementAfter(CountDownLatch hasRead) {
    return CompletableFuture.runAsync(
        () -> {
          Bounded.await(hasRead);
          other.run("UPDATE counter SET value = value + 1");
        });
  }

  private Mono<Long> unit(CountDownLatch hasRead) {
    return database.write(
        session -> {
          long before =
              session.query("SELECT value FROM counter").mapTo(Long.class).one().orElseThrow();
          hasRead.countDown();
          session.update("INSERT INTO note VALUES (1)").execute();
          return session.update("UPDATE counter SET value = ?1").bind(1, before + 1).execute();
        });
  }

  private Mono<Long> transaction(CountDownLatch hasRead) {
    return database.withTransaction(
        transaction ->
            transaction
                .query("SELECT value FROM counter")
                .mapTo(Long.class)
                .one()
                .doOnNext(before -> hasRead.countDown())
                .flatMap(
                    before ->
                        transaction
                            .update("UPDATE counter SET value = ?1")
                            .bind(1, before + 1)
                            .rowsUpdated()));
  }

  private Mono<Long> increment() {
    return database.update("UPDATE counter SET value = value + 1").rowsUpdated();
  }

  private long value() {
    Long value = Bounded.get(database.query("SELECT value FROM counter").mapTo(Long.class).one());
    return value == null ? -1 : value;
  }
}
