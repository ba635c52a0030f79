package io.github.reactivesqlite.sqlite.engine.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One element per COMMIT, after it returned, in order. */
class ChangesTest {

  @TempDir Path dir;
  private SqliteDatabase db;

  @BeforeEach
  void open() {
    // A group on a machine that is held up is still one group
    db =
        SqliteDatabase.builder(dir.resolve("x.db"))
            .config(config -> config.maxGroupTime(Duration.ofSeconds(30)))
            .build();
    Bounded.get(db.script("CREATE TABLE a (n); CREATE TABLE b (n); CREATE TABLE c (n)"));
    Bounded.get(db.script("CREATE TABLE live_test_marker (n)"));
  }

  @AfterEach
  void close() {
    db.close();
  }

  private long write(String sql) {
    return Bounded.get(db.update(sql).rowsUpdated());
  }

  private static ChangeSet of(String... tables) {
    return new ChangeSet(Set.of(tables), false);
  }

  @Test
  void oneElementForEachCommitInOrder() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a", "b"));
    for (int i = 0; i < 50; i++) {
      write("INSERT INTO a VALUES (1)");
      write("INSERT INTO b VALUES (1)");
    }
    for (int i = 0; i < 50; i++) {
      assertThat(heard.next()).isEqualTo(of("a"));
      assertThat(heard.next()).isEqualTo(of("b"));
    }
    assertThat(heard.rest()).isEmpty();
  }

  @Test
  void anotherTableIsNotHeard() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a"));
    write("INSERT INTO b VALUES (1)");
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
  }

  @Test
  void withoutNamesEveryTableIsHeard() {
    Heard<ChangeSet> heard = Heard.of(db.changes());
    write("INSERT INTO b VALUES (1)");
    assertThat(heard.next()).isEqualTo(of("b"));
  }

  @Test
  void namesAreComparedAsSqliteDoes() {
    Heard<ChangeSet> heard = Heard.of(db.changes("A"));
    write("INSERT INTO main.\"a\" VALUES (1)");
    assertThat(heard.next().mayTouch("a")).isTrue();
  }

  @Test
  void groupIsOneElement() {
    Heard<ChangeSet> heard = Heard.of(db.changes());
    List<Bounded.Outcome<Long>> writes = new ArrayList<>();
    try (OccupiedWriter occupied = new OccupiedWriter(db)) {
      writes.add(Bounded.start(db.update("INSERT INTO a VALUES (1)").rowsUpdated()));
      writes.add(Bounded.start(db.update("INSERT INTO b VALUES (1)").rowsUpdated()));
      writes.add(Bounded.start(db.update("UPDATE c SET n = 1").rowsUpdated()));
      occupied.release();
    }
    writes.forEach(Bounded.Outcome::value);
    assertThat(heard.next()).isEqualTo(of("a", "b"));
    Heard.settle(db);
    assertThat(heard.rest()).allMatch(change -> change.mayTouch("live_test_marker"));
  }

  @Test
  void failedUnitOfGroupIsNotHeard() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a", "b"));
    Bounded.Outcome<Boolean> failing;
    Bounded.Outcome<Long> good;
    try (OccupiedWriter occupied = new OccupiedWriter(db)) {
      failing =
          Bounded.start(
              db.write(
                  session -> {
                    session.update("INSERT INTO a VALUES (1)").execute();
                    throw new IllegalStateException("no");
                  }));
      good = Bounded.start(db.update("INSERT INTO b VALUES (1)").rowsUpdated());
      occupied.release();
    }
    failing.error();
    good.value();
    assertThat(heard.next()).isEqualTo(of("b"));
  }

  @Test
  void transactionIsHeardOnceAfterItsCommit() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a", "b", "c"));
    CountDownLatch written = new CountDownLatch(1);
    Sinks.Empty<Void> goOn = Sinks.empty();
    Bounded.Outcome<Long> outcome =
        Bounded.start(
            db.withTransaction(
                tx ->
                    tx.update("INSERT INTO a VALUES (1)")
                        .rowsUpdated()
                        .then(tx.update("INSERT INTO b VALUES (1)").rowsUpdated())
                        .then(tx.update("DELETE FROM c").rowsUpdated())
                        .doOnNext(rows -> written.countDown())
                        .delayUntil(rows -> goOn.asMono())));
    Bounded.await(written);
    assertThat(heard.rest()).isEmpty();
    goOn.tryEmitEmpty();
    outcome.value();
    assertThat(heard.next()).isEqualTo(of("a", "b"));
    assertThat(heard.rest()).isEmpty();
  }

  @Test
  void rolledBackTransactionIsNotHeard() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a"));
    Bounded.start(
            db.withTransaction(
                tx ->
                    tx.update("INSERT INTO a VALUES (1)")
                        .rowsUpdated()
                        .then(Mono.error(new IllegalStateException("no")))))
        .error();
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
  }

  @Test
  void chunksScriptsAndUnitsAreHeard() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a", "b", "c"));
    Bounded.get(
        db.batch("INSERT INTO a VALUES (?)")
            .chunkSize(100)
            .execute(Flux.range(0, 100), (parameters, n) -> parameters.bind(1, n))
            .then());
    assertThat(heard.next()).isEqualTo(of("a"));
    Bounded.get(db.script("INSERT INTO b VALUES (1); INSERT INTO c VALUES (1)"));
    assertThat(heard.next()).isEqualTo(of("b", "c"));
    Bounded.get(
        db.write(
            session ->
                session
                    .update("INSERT INTO c VALUES (2) RETURNING n")
                    .returning(Long.class)
                    .one()));
    assertThat(heard.next()).isEqualTo(of("c"));
    Bounded.get(db.update("INSERT INTO b VALUES (2) RETURNING n").returning(r -> 1).one());
    assertThat(heard.next()).isEqualTo(of("b"));
  }

  @Test
  void migrationIsHeard() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a"));
    Bounded.get(db.migrate(List.of(Migration.of(1, "more", "INSERT INTO a VALUES (1)"))));
    assertThat(heard.next()).isEqualTo(new ChangeSet(Set.of("a"), true));
  }

  @Test
  void vacuumIsHeardAndCheckpointIsNot() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a"));
    Bounded.get(
        db.maintenance()
            .checkpoint(io.github.reactivesqlite.sqlite.config.CheckpointMode.PASSIVE)
            .then());
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
    Bounded.get(db.maintenance().vacuum().then());
    assertThat(heard.next().everything()).isTrue();
  }

  @Test
  void slowSubscriberGetsWhatHeMissedAsOne() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a", "b", "c"), 1);
    write("INSERT INTO a VALUES (1)");
    assertThat(heard.next()).isEqualTo(of("a"));
    write("INSERT INTO b VALUES (1)");
    write("INSERT INTO c VALUES (1)");
    write("INSERT INTO b VALUES (1)");
    Heard.settle(db);
    assertThat(heard.rest()).isEmpty();
    heard.request(10);
    assertThat(heard.next()).isEqualTo(of("b", "c"));
    write("INSERT INTO a VALUES (1)");
    assertThat(heard.next()).isEqualTo(of("a"));
  }

  @Test
  void blockedSubscriberHoldsUpNobody() {
    db.close();
    Scheduler mayBlock = Schedulers.newBoundedElastic(64, 1_000, "may-block");
    db =
        SqliteDatabase.builder(dir.resolve("x.db"))
            .config(config -> config.resultScheduler(mayBlock))
            .build();
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Heard<ChangeSet> slow =
        Heard.of(
            db.changes("a")
                .doOnNext(
                    change -> {
                      blocked.countDown();
                      Bounded.await(goOn);
                    }));
    Heard<ChangeSet> other = Heard.of(db.changes("a"));
    write("INSERT INTO a VALUES (1)");
    Bounded.await(blocked);
    for (int i = 0; i < 10; i++) {
      write("INSERT INTO a VALUES (1)");
    }
    for (int i = 0; i < 11; i++) {
      other.next();
    }
    goOn.countDown();
    for (int i = 0; i < 11; i++) {
      slow.next();
    }
    db.close();
    mayBlock.dispose();
  }

  /** Listens after the write ran and before its COMMIT: then nobody knows what it wrote. */
  @Test
  void whoComesDuringTransactionHearsOfIt() {
    HeldWrite write = new HeldWrite(db, "INSERT INTO a VALUES (1)");
    Heard<ChangeSet> heard = Heard.of(db.changes("a"));
    write.commit();
    assertThat(heard.next()).isEqualTo(new ChangeSet(Set.of("a"), true));
  }

  @Test
  void closeEndsWithError() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a"));
    db.close();
    assertThat(heard.failure()).isInstanceOf(DatabaseClosedException.class);
    assertThat(Heard.of(db.changes("a")).failure()).isInstanceOf(DatabaseClosedException.class);
  }

  @Test
  void blankNameIsRefusedAtTheCall() {
    assertThatThrownBy(() -> db.changes("a", " ")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void cancelEndsThePolling() {
    Heard<ChangeSet> heard = Heard.of(db.changes("a"));
    write("INSERT INTO a VALUES (1)");
    heard.next();
    heard.cancel();
    write("INSERT INTO a VALUES (1)");
    assertThat(heard.rest()).isEmpty();
  }
}
