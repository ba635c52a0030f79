package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** {@link Transaction#write}. */
abstract class UnitInTransactionContract extends ReactiveDatabaseContract {

  private static Long insertIn(WriteSession session, long id) {
    return session.update(INSERT).bind("id", id).bind("name", "n").execute();
  }

  @Test
  void unitSeesTheTransactionAndIsCommittedWithIt() {
    Mono<Long> seen =
        db().withTransaction(
                transaction ->
                    transaction
                        .update(INSERT)
                        .bind("id", 1)
                        .bind("name", "n")
                        .rowsUpdated()
                        .then(
                            transaction.write(
                                session -> {
                                  insertIn(session, 2);
                                  return session
                                      .query("SELECT count(*) FROM item")
                                      .mapTo(Long.class)
                                      .one()
                                      .orElseThrow();
                                })));

    assertThat(count()).as("lazy").isZero();
    assertThat(get(seen)).isEqualTo(2);
    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void failedUnitLeavesNothingBehindAndTheTransactionGoesOn() {
    Mono<Long> work =
        db().withTransaction(
                transaction ->
                    transaction
                        .write(session -> insertIn(session, 1))
                        .then(
                            transaction
                                .write(
                                    session -> {
                                      insertIn(session, 2);
                                      return insertIn(session, 1);
                                    })
                                .onErrorReturn(ConstraintViolationException.class, 0L))
                        .then(transaction.write(session -> insertIn(session, 3))));

    assertThat(get(work)).isEqualTo(1);
    assertThat(ids()).containsExactly(1L, 3L);
  }

  @Test
  void checkedExceptionOfAUnitReachesTheSubscriberAndRollsBack() {
    Exception own = new Exception("mine");

    Mono<Object> work =
        db().withTransaction(
                transaction ->
                    transaction.write(
                        session -> {
                          insertIn(session, 1);
                          throw own;
                        }));

    assertThat(errorOf(work)).isSameAs(own);
    assertThat(ids()).isEmpty();
  }

  @Test
  void unitMayChangeTheSchema() {
    Mono<Long> work =
        db().withTransaction(
                transaction ->
                    transaction
                        .<Long>write(
                            session ->
                                session
                                    .update("CREATE TABLE shelf (id INTEGER PRIMARY KEY)")
                                    .execute())
                        .then(
                            Mono.defer(
                                () ->
                                    transaction
                                        .update("INSERT INTO shelf VALUES (1)")
                                        .rowsUpdated())));

    assertThat(get(work)).isEqualTo(1);
    assertThat(count("shelf")).isEqualTo(1);
  }

  @Test
  void emptyResultCompletesEmpty() {
    StepVerifier.create(db().withTransaction(transaction -> transaction.write(session -> null)))
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void sessionEndsWithItsUnit() {
    AtomicReference<WriteSession> kept = new AtomicReference<>();
    await(
        db().withTransaction(
                transaction ->
                    transaction.write(
                        session -> {
                          kept.set(session);
                          return 1;
                        })));

    assertThat(errorOf(Mono.fromCallable(() -> insertIn(kept.get(), 1))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void unitAfterTheEndIsRefused() {
    Transaction transaction = get(db().begin(TransactionOptions.ofDefaults()));
    await(transaction.rollback());

    errorOf(IllegalStateException.class, transaction.write(session -> insertIn(session, 1)));
    assertThat(ids()).isEmpty();
  }

  @Test
  void timeoutOfTheTransactionStopsTheUnit() {
    Mono<Long> work =
        Mono.usingWhen(
            db().begin(new TransactionOptions("slow", Duration.ofMillis(100))),
            transaction ->
                transaction.write(
                    session -> {
                      insertIn(session, 1);
                      return session.query(ENDLESS).mapTo(Long.class).one().orElseThrow();
                    }),
            Transaction::commit,
            (transaction, error) -> transaction.rollback(),
            Transaction::rollback);

    errorOf(TransactionTimeoutException.class, work);
    assertThat(ids()).isEmpty();
    assertThat(get(insert(2))).isEqualTo(1);
  }

  @Test
  void timeoutOfTheTransactionStopsAUnitBetweenItsStatements() {
    Mono<Long> work =
        Mono.usingWhen(
            db().begin(new TransactionOptions("slow", Duration.ofMillis(100))),
            transaction -> transaction.write(UnitInTransactionContract::manyShortStatements),
            Transaction::commit,
            (transaction, error) -> transaction.rollback(),
            Transaction::rollback);

    errorOf(TransactionTimeoutException.class, work);
    assertThat(ids()).isEmpty();
    assertThat(get(insert(2))).isEqualTo(1);
  }

  @Test
  void aUnitOfShortStatementsEndsAtItsDeadline() {
    Mono<Long> work =
        db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(100)))
            .withTransaction(
                transaction -> transaction.write(UnitInTransactionContract::manyShortStatements));

    errorOf(QueryTimeoutException.class, work);
    assertThat(ids()).isEmpty();
    assertThat(get(insert(2))).isEqualTo(1);
  }

  /** Far more than any deadline of these tests allows, and not endless. */
  private static long manyShortStatements(WriteSession session) {
    long rows = 0;
    for (int id = 1; id < 20_000_000; id++) {
      insertIn(session, id);
      rows++;
    }
    return rows;
  }
}
