package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** {@code withTransaction}. */
abstract class TransactionContract extends ReactiveDatabaseContract {

  private static Mono<Long> insertIn(Transaction transaction, long id) {
    return transaction.update(INSERT).bind("id", id).bind("name", "n").rowsUpdated();
  }

  private static Mono<Long> countIn(Transaction transaction) {
    return transaction.query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  private Mono<Long> countOutside() {
    return db().query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  @Test
  void workIsCommittedWhenItCompletes() {
    Mono<Long> work =
        db().withTransaction(
                transaction ->
                    insertIn(transaction, 1)
                        .then(insertIn(transaction, 2))
                        .then(countIn(transaction)));

    assertThat(count()).as("lazy").isZero();
    assertThat(get(work)).isEqualTo(2);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void emptyWorkIsCommittedToo() {
    assertThat(
            db().withTransaction(transaction -> insertIn(transaction, 1).then())
                .blockOptional(LIMIT))
        .isEmpty();
    assertThat(db().withTransaction(transaction -> Mono.empty()).blockOptional(LIMIT)).isEmpty();
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void resultComesAfterTheCommit() {
    StepVerifier.create(
            db().withTransaction(transaction -> insertIn(transaction, 1))
                .flatMap(done -> countOutside()))
        .expectNext(1L)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void errorOfTheWorkRollsItBack() {
    IllegalStateException own = new IllegalStateException("mine");

    assertThat(
            errorOf(
                db().withTransaction(
                        transaction -> insertIn(transaction, 1).then(Mono.error(own)))))
        .isSameAs(own);
    assertThat(
            errorOf(
                db().withTransaction(
                        transaction -> {
                          throw own;
                        })))
        .isSameAs(own);
    assertThat(count()).isZero();
    assertThat(get(insert(9))).isEqualTo(1);
  }

  @Test
  void errorOfAStatementRollsEverythingBackUnlessTheWorkHandlesIt() {
    await(insert(1));

    errorOf(
        ConstraintViolationException.class,
        db().withTransaction(
                transaction -> insertIn(transaction, 2).then(insertIn(transaction, 1))));
    assertThat(ids()).containsExactly(1L);

    await(
        db().withTransaction(
                transaction ->
                    insertIn(transaction, 2)
                        .then(insertIn(transaction, 1).onErrorReturn(0L))
                        .then(insertIn(transaction, 3))));
    assertThat(ids()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void queriesSeeTheTransactionsOwnWritesAndReadersTheLastCommit() {
    await(insert(1));

    StepVerifier.create(
            db().withTransaction(
                    transaction ->
                        insertIn(transaction, 2)
                            .then(Mono.zip(countIn(transaction), countOutside())))
                .map(counts -> counts.getT1() + " inside, " + counts.getT2() + " outside"))
        .expectNext("2 inside, 1 outside")
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void writeThroughTheDatabaseInsideFailsAtOnce() {
    for (Mono<?> write :
        java.util.List.<Mono<?>>of(
            insert(5),
            db().write(session -> 1),
            db().script("DELETE FROM item"),
            db().withTransaction(nested -> Mono.just(1)),
            db().update("DELETE FROM item RETURNING id").returning(Long.class).all().then(),
            db().batch("INSERT INTO item (id) VALUES (?)")
                .execute(Flux.just(1), (row, id) -> row.bind(1, id))
                .then())) {
      StepVerifier.create(db().withTransaction(transaction -> insertIn(transaction, 1).then(write)))
          .expectError(IllegalStateException.class)
          .verify(LIMIT);
    }
    assertThat(count()).isZero();
  }

  @Test
  void otherWritesWaitUntilItEnds() {
    AtomicReference<Long> other = new AtomicReference<>();

    await(
        db().withTransaction(
                transaction ->
                    insertIn(transaction, 1)
                        .doOnNext(done -> insert(2).subscribe(other::set))
                        .then(Mono.delay(Duration.ofMillis(50)))
                        .doOnNext(tick -> assertThat(other.get()).isNull())
                        .then(insertIn(transaction, 3))));

    eventually("the other write is done", () -> other.get() != null);
    assertThat(ids()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void rowsAreMappedOnNoEngineThread() {
    fill(2);

    String thread =
        get(
            db().withTransaction(
                    transaction ->
                        transaction
                            .query("SELECT id FROM item")
                            .map(row -> Thread.currentThread().getName())
                            .first()));

    assertThat(thread)
        .doesNotContain(backend().writerThreadMark())
        .doesNotContain(backend().readerThreadMark());
  }

  @Test
  void numberOfRowsIsJudgedInside() {
    fill(2);

    errorOf(
        IncorrectResultSizeException.class,
        db().withTransaction(
                transaction -> transaction.query("SELECT id FROM item").mapTo(Long.class).one()));
    await(
        db().withTransaction(
                transaction ->
                    transaction
                        .update("DELETE FROM item RETURNING id")
                        .returning(Long.class)
                        .one()
                        .onErrorResume(IncorrectResultSizeException.class, e -> Mono.empty())
                        .then(insertIn(transaction, 3))));
    assertThat(ids()).as("the refused statement was undone").containsExactly(1L, 2L, 3L);
  }

  @Test
  void mapperErrorInsideRollsBack() {
    errorOf(
        RowMappingException.class,
        db().withTransaction(
                transaction ->
                    insertIn(transaction, 1)
                        .then(
                            transaction
                                .query("SELECT id FROM item")
                                .map(
                                    row -> {
                                      throw new IllegalStateException("mine");
                                    })
                                .one())));

    assertThat(count()).isZero();
  }

  @Test
  void scriptInside() {
    await(
        db().withTransaction(
                transaction ->
                    transaction.script(
                        "CREATE TABLE made (id INTEGER); INSERT INTO made VALUES (1)")));

    assertThat(count("made")).isEqualTo(1);
  }

  // ---- its end from outside

  @Test
  void transactionOpenForTooLongIsRolledBack() {
    TransactionTimeoutException error =
        errorOf(
            TransactionTimeoutException.class,
            db().with(
                    OperationOptions.labelled("slow-work")
                        .transactionTimeout(Duration.ofMillis(80)))
                .withTransaction(transaction -> insertIn(transaction, 1).then(Mono.never())));

    assertThat(error.label()).contains("slow-work");
    assertThat(error.timeout()).isEqualTo(Duration.ofMillis(80));
    assertThat(count()).isZero();
    assertThat(get(insert(2))).isEqualTo(1);
  }

  @Test
  void timeoutStopsARunningStatement() {
    errorOf(
        TransactionTimeoutException.class,
        db().with(OperationOptions.none().transactionTimeout(Duration.ofMillis(80)))
            .withTransaction(
                transaction ->
                    insertIn(transaction, 1)
                        .then(transaction.query(ENDLESS).mapTo(Long.class).one())));

    assertThat(count()).isZero();
    assertThat(get(insert(2))).isEqualTo(1);
  }

  @Test
  void statementInsideHasItsOwnTime() {
    errorOf(
        QueryTimeoutException.class,
        db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(60)))
            .withTransaction(
                transaction ->
                    insertIn(transaction, 1)
                        .then(transaction.query(ENDLESS).mapTo(Long.class).one())));

    assertThat(count()).isZero();
  }

  @Test
  void cancelRollsBackAndFreesTheWriter() {
    AtomicReference<Long> written = new AtomicReference<>();
    Disposable running =
        db().withTransaction(
                transaction -> insertIn(transaction, 1).doOnNext(written::set).then(Mono.never()))
            .subscribe();
    eventually("the work is under way", () -> written.get() != null);

    running.dispose();

    assertThat(get(insert(2))).isEqualTo(1);
    assertThat(ids()).containsExactly(2L);
  }

  @Test
  void cancelStopsARunningStatement() {
    Duration forEver = Duration.ofMinutes(5);
    Gate started = new Gate();
    started.open();
    Disposable running =
        db().with(OperationOptions.none().executionTimeout(forEver).transactionTimeout(forEver))
            .withTransaction(
                transaction ->
                    insertIn(transaction, 1)
                        .doOnNext(done -> started.pass())
                        .then(transaction.query(ENDLESS).mapTo(Long.class).one()))
            .subscribe();
    started.awaitReached();

    running.dispose();

    StepVerifier.create(insert(2)).expectNext(1L).expectComplete().verify(LIMIT);
    assertThat(ids()).containsExactly(2L);
  }

  @Test
  void transactionIsOverAfterItsWork() {
    AtomicReference<Transaction> kept = new AtomicReference<>();
    await(
        db().withTransaction(
                transaction -> {
                  kept.set(transaction);
                  return insertIn(transaction, 1);
                }));

    errorOf(IllegalStateException.class, insertIn(kept.get(), 2));
    errorOf(IllegalStateException.class, countIn(kept.get()));
    errorOf(IllegalStateException.class, kept.get().commit());
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void deferredConstraintFailsTheCommit() {
    await(
        db().script(
                "CREATE TABLE late (id INTEGER PRIMARY KEY,"
                    + " item INTEGER REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)"));

    errorOf(
        ConstraintViolationException.class,
        db().withTransaction(
                transaction ->
                    transaction.update("INSERT INTO late VALUES (1, 99)").rowsUpdated()));

    assertThat(count("late")).isZero();
    assertThat(get(insert(1))).isEqualTo(1);
  }

  @Test
  void statementThatEndsTheTransactionEndsItForGood() {
    await(insert(1));

    Throwable error =
        errorOf(
            db().withTransaction(
                    transaction ->
                        insertIn(transaction, 2)
                            .then(
                                transaction
                                    .update("INSERT OR ROLLBACK INTO item (id) VALUES (1)")
                                    .rowsUpdated()
                                    .onErrorReturn(DatabaseException.class, 0L))
                            .then(insertIn(transaction, 3))));

    assertThat(error).isInstanceOf(IllegalStateException.class);
    assertThat(ids()).containsExactly(1L);
  }
}
