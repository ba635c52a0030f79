package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.TransactionOptions;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Cancelling a single operation at every stage of its way. */
abstract class CancelContract extends ReactiveDatabaseContract {

  private DatabaseStats.WriteStats writes() {
    return db().stats().writes();
  }

  private DatabaseStats.ReadStats reads() {
    return db().stats().reads();
  }

  // ---- queued

  @Test
  void queuedWriteNeverRuns() {
    try (Gate writer = holdWriter()) {
      Disposable write = insert(1).subscribe();
      Disposable unit = db().write(session -> insertedBy("a cancelled unit")).subscribe();
      Disposable script = db().script("INSERT INTO item (id) VALUES (2)").subscribe();
      Disposable begin = db().begin(TransactionOptions.ofDefaults()).subscribe();
      Disposable interactive = db().withTransaction(open -> Mono.just(1)).subscribe();
      awaitQueuedWrites(5);

      write.dispose();
      unit.dispose();
      script.dispose();
      begin.dispose();
      interactive.dispose();

      awaitQueuedWrites(0);
      assertThat(writes().cancelledQueued()).isEqualTo(5);
      writer.open();
      assertThat(get(insert(3))).isEqualTo(1);
    }
    assertThat(ids()).containsExactly(3L);
  }

  private static Object insertedBy(String who) {
    throw new AssertionError("This was never to run: " + who);
  }

  @Test
  void writeBehindARunningUnitOfItsGroupNeverRuns() {
    Gate inGroup = new Gate();
    try (Gate writer = holdWriter()) {
      db().write(
              session -> {
                inGroup.pass();
                return 1;
              })
          .subscribe();
      Disposable behind = insert(1).subscribe();
      awaitQueuedWrites(2);
      writer.open();
      inGroup.awaitReached();

      behind.dispose();
      inGroup.open();
    }

    assertThat(get(insert(2))).isEqualTo(1);
    assertThat(ids()).containsExactly(2L);
  }

  @Test
  void queuedReadNeverRuns() {
    AtomicInteger mapped = new AtomicInteger();
    try (Gate first = holdReader();
        Gate second = holdReader();
        Gate last = holdReaderByMapper()) {
      Disposable one =
          db().query("SELECT 1").map(row -> mapped.incrementAndGet()).one().subscribe();
      Disposable all =
          db().query("SELECT 1").map(row -> mapped.incrementAndGet()).all().subscribe();
      Disposable unit = db().read(session -> mapped.incrementAndGet()).subscribe();
      Disposable snapshot = db().withSnapshot(open -> Mono.just(1)).subscribe();
      awaitQueuedReads(4);

      one.dispose();
      all.dispose();
      unit.dispose();
      snapshot.dispose();

      awaitQueuedReads(0);
    }

    assertThat(count()).isZero();
    assertThat(mapped).hasValue(0);
    assertThat(reads().cancelled()).isEqualTo(4);
  }

  @Test
  void timeoutOfTheSubscriberTakesAQueuedWriteOut() {
    try (Gate writer = holdWriter()) {
      StepVerifier.create(insert(1).timeout(Duration.ofMillis(50)))
          .expectError(TimeoutException.class)
          .verify(LIMIT);
      awaitQueuedWrites(0);
    }

    assertThat(get(insert(2))).isEqualTo(1);
    assertThat(ids()).containsExactly(2L);
  }

  @Test
  void cancelledInTheMomentOfSubscriptionNothingIsQueued() {
    try (Gate writer = holdWriter()) {
      for (int i = 0; i < 50; i++) {
        insert(i).subscribe().dispose();
        insert(i).subscribe(cancelling());
        db().write(session -> 1).subscribe(cancelling());
        db().begin(TransactionOptions.ofDefaults()).subscribe(cancelling());
        db().query("SELECT 1").mapTo(Integer.class).one().subscribe(cancelling());
        db().query("SELECT 1").mapTo(Integer.class).all().subscribe(cancelling());
        db().read(session -> 1).subscribe(cancelling());
      }
      awaitQueuedWrites(0);
    }
    assertThat(count()).isZero();
  }

  private static <T> BaseSubscriber<T> cancelling() {
    return new BaseSubscriber<>() {
      @Override
      protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
        subscription.cancel();
      }
    };
  }

  // ---- running

  /** Gives one row and then looks for a second one for hours. */
  private static final String ONE_ROW_AND_ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000)"
          + " SELECT i FROM n WHERE i = 1";

  @Test
  void runningReadIsStopped() {
    for (int i = 0; i < 6; i++) {
      Gate firstRow = openGate();
      Disposable one =
          patient().query(ONE_ROW_AND_ENDLESS).map(row -> passed(firstRow)).one().subscribe();
      firstRow.awaitReached();
      one.dispose();
      eventually("its reader is free", () -> reads().active() == 0);
    }
    assertThat(reads().cancelled()).isEqualTo(6);
    assertThat(reads().replaced()).isZero();
  }

  /** No deadline stops what a cancel is to stop. */
  private ReactiveDatabase patient() {
    return db().with(OperationOptions.none().executionTimeout(Duration.ofMinutes(5)));
  }

  private static Gate openGate() {
    Gate gate = new Gate();
    gate.open();
    return gate;
  }

  private static int passed(Gate gate) {
    gate.pass();
    return 1;
  }

  @Test
  void runningReadUnitIsStopped() {
    AtomicReference<Throwable> inside = new AtomicReference<>();
    Gate firstRow = openGate();
    Disposable unit =
        patient()
            .read(
                session -> {
                  try {
                    return session.query(ONE_ROW_AND_ENDLESS).map(row -> passed(firstRow)).one();
                  } catch (RuntimeException stopped) {
                    inside.set(stopped);
                    throw stopped;
                  }
                })
            .subscribe();
    firstRow.awaitReached();

    unit.dispose();

    eventually("it was stopped", () -> inside.get() != null);
  }

  @Test
  void runningStreamIsStoppedBeforeItsFirstChunk() {
    Gate firstRow = openGate();
    Disposable all =
        patient().query(ONE_ROW_AND_ENDLESS).map(row -> passed(firstRow)).all().subscribe();
    firstRow.awaitReached();

    all.dispose();

    eventually("its reader is free", () -> reads().active() == 0);
  }

  @Test
  void streamIsEndedWhileItsRowsFlow() {
    fill(5_000);
    for (int i = 1; i <= 30; i++) {
      AtomicInteger rows = new AtomicInteger();
      Disposable stream =
          db().query("SELECT id FROM item")
              .mapTo(Long.class)
              .all()
              .subscribe(row -> rows.incrementAndGet());
      int until = 100 * i;
      eventually("rows flow", () -> rows.get() >= until);
      stream.dispose();
    }
    eventually("no reader is held", () -> reads().active() == 0);
  }

  @Test
  void runningUnitFinishesAndItsResultIsDropped() {
    Gate inside = new Gate();
    AtomicReference<Object> answer = new AtomicReference<>();
    Disposable unit =
        db().write(
                session -> {
                  session.update("INSERT INTO item (id) VALUES (1)").execute();
                  inside.pass();
                  return 1;
                })
            .subscribe(answer::set);
    inside.awaitReached();

    unit.dispose();
    inside.open();

    eventually("it is counted", () -> writes().cancelledAfterCommit() == 1);
    assertThat(ids()).containsExactly(1L);
    assertThat(answer.get()).isNull();
    assertThat(writes().cancelledQueued()).isZero();
  }

  @Test
  void failureOfARunningUnitIsNotDroppedLoudly() {
    Gate inside = new Gate();
    Disposable unit =
        db().write(
                session -> {
                  inside.pass();
                  throw new IllegalStateException("nobody waits for this");
                })
            .subscribe();
    inside.awaitReached();

    unit.dispose();
    inside.open();

    assertThat(get(insert(1))).isEqualTo(1);
  }

  /** A has run and B runs: A's subscriber leaves between its own work and the COMMIT of both. */
  @Test
  void unitThatHasRunIsCommittedWithItsGroup() {
    Gate second = new Gate();
    AtomicReference<Object> answer = new AtomicReference<>();
    try (Gate writer = holdWriter()) {
      Disposable first = insert(1).subscribe(answer::set);
      db().write(
              session -> {
                session.update("INSERT INTO item (id) VALUES (2)").execute();
                second.pass();
                return 2;
              })
          .subscribe();
      awaitQueuedWrites(2);
      writer.open();
      second.awaitReached();

      first.dispose();
      second.open();
    }

    eventually("it is counted", () -> writes().cancelledAfterCommit() == 1);
    assertThat(ids()).containsExactly(1L, 2L);
    assertThat(answer.get()).isNull();
    assertThat(writes().cancelledQueued()).isZero();
  }

  // ---- committed

  @Test
  void answerThatWasNeverAskedForIsDropped() {
    BaseSubscriber<Long> silent =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
        };
    insert(1).subscribe(silent);
    eventually("the write is committed", () -> count() == 1);

    silent.cancel();

    assertThat(get(insert(2))).isEqualTo(1);
  }

  @Test
  void returnedRowsThatWereNeverAskedForAreDropped() {
    BaseSubscriber<Long> silent =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            subscription.request(1);
          }
        };
    db().update("INSERT INTO item (id) VALUES (1), (2), (3) RETURNING id")
        .returning(Long.class)
        .all()
        .subscribe(silent);
    eventually("the write is committed", () -> count() == 3);

    silent.cancel();

    assertThat(get(insert(4))).isEqualTo(1);
  }

  // ---- together

  @Test
  void operatorsThatCancelLeaveNothingBehind() {
    fill(1_000);
    for (int i = 0; i < 50; i++) {
      StepVerifier.create(
              Flux.firstWithSignal(
                  db().query("SELECT id FROM item").mapTo(Long.class).all().take(1),
                  insert(10_000 + i).flux().take(1)))
          .expectNextCount(1)
          .expectComplete()
          .verify(LIMIT);
      await(
          db().with(OperationOptions.labelled("raced"))
              .withSnapshot(
                  open ->
                      open.query("SELECT id FROM item")
                          .mapTo(Long.class)
                          .all()
                          .switchMap(id -> Mono.just(id))
                          .next()));
    }
  }
}
