package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReadSession;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Functions shipped to the writer and to a reader. */
abstract class UnitContract extends ReactiveDatabaseContract {

  private static final String REFUSED = "subscribed to on the engine thread";

  private static long insertIn(WriteSession session, long id) {
    return session.update(INSERT).bind("id", id).bind("name", "n").execute();
  }

  // ---- writing

  @Test
  void unitWritesSeveralStatementsAndSeesItsOwnWrites() {
    List<Long> seen =
        get(
            db().write(
                    session -> {
                      insertIn(session, 1);
                      insertIn(session, 2);
                      session
                          .update("UPDATE item SET amount = :amount WHERE id = :id")
                          .bindAll(Map.of("amount", 2.5, "id", 2))
                          .execute();
                      return session
                          .query("SELECT id FROM item ORDER BY id")
                          .mapTo(Long.class)
                          .all();
                    }));

    assertThat(seen).containsExactly(1L, 2L);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void unitRunsOncePerSubscriptionAndNeverBefore() {
    Mono<Long> unit =
        db().write(session -> session.update("INSERT INTO item (name) VALUES ('x')").execute());

    assertThat(count()).isZero();
    await(unit);
    await(unit);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void nullCompletesEmpty() {
    assertThat(db().write(session -> null).blockOptional(LIMIT)).isEmpty();
    assertThat(db().read(session -> null).blockOptional(LIMIT)).isEmpty();
  }

  @Test
  void exceptionOfAUnitRollsItBackAndReachesTheSubscriber() {
    IOException own = new IOException("mine");
    Mono<Object> unit =
        db().write(
                session -> {
                  insertIn(session, 1);
                  throw own;
                });

    Throwable error = errorOf(unit);

    assertThat(error == own || error.getCause() == own).isTrue();
    assertThat(count()).isZero();
  }

  @Test
  void errorsBeyondExceptionsDoNotKillTheWriter() {
    errorOf(
        db().write(
                session -> {
                  insertIn(session, 1);
                  throw new StackOverflowError();
                }));
    errorOf(
        db().write(
                session -> {
                  insertIn(session, 2);
                  throw new AssertionError("mine");
                }));

    assertThat(count()).isZero();
    assertThat(get(insert(3))).isEqualTo(1);
  }

  @Test
  void failedUnitLeavesItsNeighboursAlone() {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CompletableFuture<Long> before;
    CompletableFuture<Long> after;
    try (Gate writer = holdWriter()) {
      before = insert(1).toFuture();
      db().write(
              session -> {
                insertIn(session, 50);
                insertIn(session, 1);
                return 1;
              })
          .subscribe(done -> {}, failure::set);
      after = insert(2).toFuture();
      awaitQueuedWrites(3);
      writer.open();
    }

    assertThat(get(Mono.fromFuture(before))).isEqualTo(1);
    assertThat(get(Mono.fromFuture(after))).isEqualTo(1);
    eventually("the unit between them is answered", () -> failure.get() != null);
    assertThat(failure.get()).isInstanceOf(ConstraintViolationException.class);
    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void unitMayGoOnAfterAFailedStatement() {
    await(insert(1));

    await(
        db().write(
                session -> {
                  assertThatThrownBy(() -> insertIn(session, 1))
                      .isInstanceOf(ConstraintViolationException.class);
                  return insertIn(session, 2);
                }));

    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void unitThatSwallowsTheEndOfItsTransactionFails() {
    await(insert(1));
    Mono<Long> unit =
        db().write(
                session -> {
                  insertIn(session, 2);
                  try {
                    session.update("INSERT OR ROLLBACK INTO item (id) VALUES (1)").execute();
                  } catch (DatabaseException swallowed) {
                    return 0L;
                  }
                  return 1L;
                });

    errorOf(ConstraintViolationException.class, unit);
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void returningInAUnit() {
    List<Long> ids =
        get(
            db().write(
                    session ->
                        session
                            .update("INSERT INTO item (name) VALUES ('a'), ('b') RETURNING id")
                            .returning(Long.class)
                            .all()));

    assertThat(ids).containsExactly(1L, 2L);
    errorOf(
        IncorrectResultSizeException.class,
        db().write(
                session ->
                    session
                        .update("INSERT INTO item (name) VALUES ('c'), ('d') RETURNING id")
                        .returning(Long.class)
                        .one()));
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void firstReturnedRowOfAUnitKeepsTheWholeWrite() {
    await(
        db().write(
                session ->
                    session
                        .update("INSERT INTO item (name) VALUES ('a'), ('b'), ('c') RETURNING id")
                        .returning(Long.class)
                        .first()));

    assertThat(count()).isEqualTo(3);
  }

  @Test
  void unitPastItsTimeIsStoppedInsideAStatement() {
    Mono<Long> unit =
        db().with(OperationOptions.labelled("too-long").executionTimeout(Duration.ofMillis(60)))
            .write(
                session -> {
                  insertIn(session, 1);
                  return session.query(ENDLESS).mapTo(Long.class).one().orElseThrow();
                });

    QueryTimeoutException error = errorOf(QueryTimeoutException.class, unit);

    assertThat(error.label()).contains("too-long");
    assertThat(error.timeout()).isEqualTo(Duration.ofMillis(60));
    assertThat(count()).isZero();
  }

  @Test
  void unitPastItsTimeFailsAtItsNextCall() {
    Gate inside = new Gate();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(30)))
        .write(
            session -> {
              try {
                insertIn(session, 1);
              } finally {
                // Also when a pause of the machine has used up its time before
                inside.pass();
              }
              return insertIn(session, 2);
            })
        .subscribe(done -> {}, failure::set);
    inside.awaitReached();
    await(Mono.delay(Duration.ofMillis(40)));
    inside.open();

    eventually("the unit ended", () -> failure.get() != null);
    assertThat(failure.get()).isInstanceOf(QueryTimeoutException.class);
    assertThat(count()).isZero();
  }

  // ---- reading

  @Test
  void readUnitSeesOneSnapshot() {
    fill(3);
    Gate between = new Gate();
    CompletableFuture<List<Long>> counts =
        db().<List<Long>>read(
                session -> {
                  long first = countIn(session);
                  between.pass();
                  return List.of(first, countIn(session));
                })
            .toFuture();
    between.awaitReached();
    await(insert(4));
    between.open();

    assertThat(get(Mono.fromFuture(counts))).containsExactly(3L, 3L);
    assertThat(get(db().read(UnitContract::countIn))).isEqualTo(4);
  }

  private static long countIn(ReadSession session) {
    return session.query("SELECT count(*) FROM item").mapTo(Long.class).one().orElseThrow();
  }

  @Test
  void rowsOfASessionAreHandedOverOneByOne() {
    fill(1_000);

    long sum =
        get(
            db().<Long>read(
                    session -> {
                      long[] total = {0};
                      session
                          .query("SELECT id FROM item WHERE id > :from")
                          .bind("from", 500)
                          .mapTo(Long.class)
                          .forEach(id -> total[0] += id);
                      return total[0];
                    }));

    assertThat(sum).isEqualTo(375_250);
  }

  @Test
  void sessionQueryIsReusedWithNewValues() {
    fill(9);

    List<Long> squares =
        get(
            db().<List<Long>>read(
                    session -> {
                      ReadSession.SessionQuery query =
                          session.query("SELECT id * id FROM item WHERE id = ?");
                      return List.of(
                          query.bind(1, 3).mapTo(Long.class).one().orElseThrow(),
                          query.bind(1, 4).mapTo(Long.class).first().orElseThrow());
                    }));

    assertThat(squares).containsExactly(9L, 16L);
  }

  @Test
  void secondRowForOneFailsInASession() {
    fill(2);

    errorOf(
        IncorrectResultSizeException.class,
        db().read(session -> session.query("SELECT id FROM item").mapTo(Long.class).one()));
  }

  @Test
  void readUnitCannotWrite() {
    errorOf(
        ReadOnlyViolationException.class,
        db().read(session -> session.query("DELETE FROM item").mapTo(Long.class).all()));
    errorOf(InvalidSqlException.class, db().write(session -> session.update("SELECT 1").execute()));
  }

  @Test
  void readUnitIsStoppedByTheTimeInsideTheEngine() {
    errorOf(
        QueryTimeoutException.class,
        db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(60)))
            .read(session -> session.query(ENDLESS).mapTo(Long.class).one()));
  }

  @Test
  void readUnitIsStoppedByTheAgeOfItsSnapshot() {
    SnapshotTimeoutException error =
        errorOf(
            SnapshotTimeoutException.class,
            db().with(OperationOptions.labelled("report").snapshotTimeout(Duration.ofMillis(60)))
                .read(session -> session.query(ENDLESS).mapTo(Long.class).one()));

    assertThat(error.label()).contains("report");
  }

  // ---- misuse of the session

  @Test
  void sessionEndsWithItsUnit() {
    AtomicReference<WriteSession> writing = new AtomicReference<>();
    AtomicReference<ReadSession> reading = new AtomicReference<>();
    await(
        db().write(
                session -> {
                  writing.set(session);
                  return 1;
                }));
    await(
        db().read(
                session -> {
                  reading.set(session);
                  return 1;
                }));

    assertThatThrownBy(() -> insertIn(writing.get(), 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> countIn(reading.get())).isInstanceOf(IllegalStateException.class);
    errorOf(
        IllegalStateException.class,
        db().write(
                session -> {
                  insertIn(writing.get(), 1);
                  return 1;
                }));
    assertThat(count()).isZero();
  }

  @Test
  void sessionBelongsToItsThread() {
    Mono<Long> unit =
        db().write(
                session -> {
                  WriteSession.SessionUpdate update =
                      session.update("INSERT INTO item (id) VALUES (1)");
                  try {
                    return CompletableFuture.supplyAsync(update::execute).get(10, TimeUnit.SECONDS);
                  } catch (java.util.concurrent.ExecutionException failed) {
                    throw new CompletionException(failed.getCause());
                  }
                });

    assertThat(errorOf(unit)).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(count()).isZero();
  }

  /** It could only wait for itself. */
  @Test
  void callsOfTheDatabaseInsideAUnitOrMapperFailAtOnce() {
    List<Supplier<Object>> calls =
        List.of(
            () -> db().query("SELECT 1").mapTo(Long.class).one().block(LIMIT),
            () -> db().query("SELECT 1").mapTo(Long.class).all().blockLast(LIMIT),
            () -> db().read(inner -> 1).block(LIMIT),
            () -> db().withSnapshot(snapshot -> Mono.just(1)).block(LIMIT),
            () -> insert(1).block(LIMIT),
            () -> db().write(inner -> 1).block(LIMIT),
            () -> db().withTransaction(transaction -> Mono.just(1)).block(LIMIT));
    for (Supplier<Object> call : calls) {
      assertThat(errorOf(db().write(session -> call.get()))).hasStackTraceContaining(REFUSED);
      assertThat(errorOf(db().read(session -> call.get()))).hasStackTraceContaining(REFUSED);
      assertThat(errorOf(db().query("SELECT 1").map(row -> call.get()).one()))
          .hasStackTraceContaining(REFUSED);
    }
    assertThat(ids()).isEmpty();
  }

  @Test
  void unitsRunOnTheEnginesThreads() {
    assertThat(get(db().<String>write(session -> Thread.currentThread().getName())))
        .contains(backend().writerThreadMark());
    assertThat(get(db().<String>read(session -> Thread.currentThread().getName())))
        .contains(backend().readerThreadMark());
  }
}
