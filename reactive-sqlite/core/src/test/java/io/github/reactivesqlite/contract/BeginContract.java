package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Savepoint;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Transactions that a framework begins and ends, and savepoints. */
abstract class BeginContract extends ReactiveDatabaseContract {

  private Transaction begin() {
    return get(db().begin(TransactionOptions.ofDefaults()));
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static Mono<Long> insertIn(Transaction transaction, long id) {
    return transaction.update(INSERT).bind("id", id).bind("name", "n").rowsUpdated();
  }

  private static Mono<Long> countIn(Transaction transaction) {
    return transaction.query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  @Test
  void commitKeepsTheWork() {
    Transaction transaction = begin();
    await(insertIn(transaction, 1));
    assertThat(count()).isZero();

    await(transaction.commit());

    assertThat(count()).isEqualTo(1);
    errorOf(IllegalStateException.class, insertIn(transaction, 2));
    errorOf(IllegalStateException.class, transaction.commit());
    errorOf(IllegalStateException.class, transaction.rollback());
  }

  @Test
  void rollbackForgetsTheWork() {
    Transaction transaction = begin();
    await(insertIn(transaction, 1));

    await(transaction.rollback());

    assertThat(count()).isZero();
    await(transaction.rollback());
    errorOf(IllegalStateException.class, transaction.commit());
  }

  @Test
  void endsAreLazy() {
    Transaction transaction = begin();
    transaction.commit();
    transaction.rollback();
    transaction.savepoint();

    await(insertIn(transaction, 1));
    await(transaction.commit());
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void forgottenTransactionIsRolledBackByItsTimeout() {
    TransactionOptions options = new TransactionOptions("forgotten", Duration.ofMillis(80));
    Transaction transaction = get(db().begin(options));
    // On a busy machine its time may be over before
    await(insertIn(transaction, 1).onErrorComplete(TransactionTimeoutException.class));

    assertThat(get(insert(2))).isEqualTo(1);

    TransactionTimeoutException error =
        errorOf(TransactionTimeoutException.class, insertIn(transaction, 3));
    assertThat(error.label()).contains("forgotten");
    errorOf(TransactionTimeoutException.class, transaction.commit());
    await(transaction.rollback());
    assertThat(ids()).containsExactly(2L);
  }

  @Test
  void rollbackStopsAStatementWhoseSubscriberHasCancelled() {
    Duration forEver = Duration.ofMinutes(5);
    Transaction transaction =
        get(
            db().with(OperationOptions.none().executionTimeout(forEver))
                .begin(new TransactionOptions("endless", forEver)));
    await(insertIn(transaction, 1));
    CountDownLatch running = new CountDownLatch(1);
    Disposable endless =
        transaction
            .write(
                session -> {
                  running.countDown();
                  return session.query(ENDLESS).mapTo(Long.class).one();
                })
            .subscribe();
    awaitLatch(running);

    endless.dispose();
    await(transaction.rollback());

    assertThat(get(insert(2))).isEqualTo(1);
    assertThat(ids()).containsExactly(2L);
  }

  @Test
  void transactionsFollowEachOther() {
    Transaction first = begin();
    Mono<Transaction> second = db().begin(TransactionOptions.ofDefaults()).cache();
    Disposable waiting = second.subscribe();
    awaitQueuedWrites(1);
    assertThat(waiting.isDisposed()).isFalse();

    await(insertIn(first, 1).then(first.commit()));
    Transaction next = get(second);

    assertThat(get(countIn(next))).isEqualTo(1);
    await(next.rollback());
  }

  @Test
  void cancelledBeginHoldsNothing() {
    Transaction first = begin();
    Disposable waiting = db().begin(TransactionOptions.ofDefaults()).subscribe();
    awaitQueuedWrites(1);

    waiting.dispose();

    awaitQueuedWrites(0);
    await(first.rollback());
    assertThat(get(insert(1))).isEqualTo(1);
  }

  @Test
  void statementsRunInTheOrderOfTheirSubscription() {
    Transaction transaction = begin();
    for (int i = 1; i <= 200; i++) {
      transaction
          .update("INSERT INTO item (id, name) VALUES (:id, (SELECT count(*) FROM item))")
          .bind("id", i)
          .rowsUpdated()
          .subscribe();
    }
    await(transaction.commit());

    assertThat(
            get(
                db().query("SELECT count(*) FROM item WHERE CAST(name AS INTEGER) = id - 1")
                    .mapTo(Long.class)
                    .one()))
        .isEqualTo(200);
  }

  @Test
  void timeoutsOfOptionsArePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransactionOptions("x", Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransactionOptions("x", Duration.ofMillis(-1)));
  }

  // ---- savepoints

  @Test
  void savepointIsUndoneAlone() {
    Transaction transaction = begin();
    await(insertIn(transaction, 1));
    Savepoint savepoint = get(transaction.savepoint());
    await(insertIn(transaction, 2));

    await(savepoint.rollback());

    await(insertIn(transaction, 3));
    await(transaction.commit());
    assertThat(ids()).containsExactly(1L, 3L);
  }

  @Test
  void savepointsNest() {
    Transaction transaction = begin();
    await(insertIn(transaction, 1));
    Savepoint outer = get(transaction.savepoint());
    await(insertIn(transaction, 2));
    Savepoint inner = get(transaction.savepoint());
    await(insertIn(transaction, 3));

    await(inner.release());
    assertThat(get(countIn(transaction))).isEqualTo(3);
    await(outer.rollback());
    assertThat(get(countIn(transaction))).isEqualTo(1);

    Savepoint another = get(transaction.savepoint());
    await(insertIn(transaction, 4));
    await(another.release());
    await(transaction.commit());
    assertThat(ids()).containsExactly(1L, 4L);
  }

  @Test
  void workInASavepointIsUndoneWhenItFailsAndTheTransactionGoesOn() {
    Mono<Long> work =
        db().withTransaction(
                transaction ->
                    insertIn(transaction, 1)
                        .then(
                            transaction
                                .withSavepoint(same -> insertIn(same, 2).then(insertIn(same, 1)))
                                .onErrorReturn(ConstraintViolationException.class, 0L))
                        .then(transaction.withSavepoint(same -> insertIn(same, 3)))
                        .then(countIn(transaction)));

    assertThat(get(work)).isEqualTo(2);
    assertThat(ids()).containsExactly(1L, 3L);
  }

  @Test
  void savepointsOfWorkNest() {
    await(
        db().withTransaction(
                transaction ->
                    transaction.withSavepoint(
                        outer ->
                            insertIn(outer, 1)
                                .then(
                                    outer
                                        .withSavepoint(
                                            inner ->
                                                insertIn(inner, 2)
                                                    .then(
                                                        Mono.<Long>error(
                                                            new IllegalStateException("mine"))))
                                        .onErrorResume(e -> Mono.empty()))
                                .then(insertIn(outer, 3)))));

    assertThat(ids()).containsExactly(1L, 3L);
  }

  @Test
  void cancelledWorkInASavepointIsUndoneAndTheTransactionGoesOn() {
    Transaction transaction = begin();
    await(insertIn(transaction, 1));
    Gate inside = new Gate();
    inside.open();
    Disposable work =
        transaction
            .withSavepoint(
                same -> insertIn(same, 2).doOnNext(done -> inside.pass()).then(Mono.never()))
            .subscribe();
    inside.awaitReached();

    work.dispose();

    await(insertIn(transaction, 3));
    await(transaction.commit());
    assertThat(ids()).containsExactly(1L, 3L);
  }

  @Test
  void savepointOfAnEndedTransactionFails() {
    Transaction transaction = begin();
    Savepoint savepoint = get(transaction.savepoint());
    await(transaction.commit());

    errorOf(IllegalStateException.class, savepoint.release());
    errorOf(IllegalStateException.class, savepoint.rollback());
    errorOf(IllegalStateException.class, transaction.savepoint());
  }
}
