package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.spring.boot.observation.DatabaseObservations;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The view where there is no transaction. */
class ViewOutsideOfTransactionsTest extends TransactionFixture {

  @Test
  void theViewIsTheDatabase() {
    insert(1).block(WAIT);
    assertThat(count().block(WAIT)).isEqualTo(1);
    assertThat(
            db.batch("INSERT INTO book VALUES (?, 'batch')")
                .execute(Flux.range(2, 10), (row, id) -> row.bind(1, id))
                .count()
                .block(WAIT))
        .isEqualTo(1);
    assertThat(db.query("SELECT id FROM book").mapTo(Long.class).live().blockFirst(WAIT))
        .hasSize(11);
    assertThat(db.stats().writes().committedUnits()).isPositive();
  }

  @Test
  void begunTransactionReachesWhoCancelsAtTheLastMoment() {
    ObservationRegistry registry = ObservationRegistry.create();
    Disposable.Swap beginning = Disposables.swap();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<>() {
              @Override
              public void onStop(Observation.Context context) {
                beginning.dispose();
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    Sinks.One<Transaction> taken = Sinks.one();
    BaseSubscriber<Transaction> taking =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnNext(Transaction transaction) {
            taken.tryEmitValue(transaction);
          }
        };
    beginning.update(taking);

    TransactionAwareDatabase.of(
            raw, DatabaseObservations.of(registry, null, "test"), UnaryOperator.identity())
        .begin(TransactionOptions.ofDefaults())
        .subscribe(taking);

    taken.asMono().flatMap(Transaction::rollback).block(AT_ONCE);
  }

  @Test
  void contextWithoutATransactionChangesNothing() {
    assertThat(insert(1).contextWrite(own -> own.put("trace", "abc")).block(WAIT)).isEqualTo(1);
  }

  @Test
  void closingTheViewLeavesTheDatabaseOpen() {
    db.close();
    db.closeGracefully().block(WAIT);

    assertThat(insert(1).block(WAIT)).isEqualTo(1);
  }

  @Test
  void errorsStayThoseOfTheLibrary() {
    assertThat(errorOf(insert(1).then(insert(1)))).isInstanceOf(ConstraintViolationException.class);
    assertThat(
            errorOf(
                db.with(
                        io.github.reactivesqlite.OperationOptions.none()
                            .executionTimeout(Duration.ofMillis(50)))
                    .query(ENDLESS)
                    .mapTo(Long.class)
                    .one()))
        .isInstanceOf(QueryTimeoutException.class);
  }

  @Test
  void valuesAreThoseOfTheMomentTheyWereBound() {
    byte[] bytes = {1, 2};
    Mono<Long> bound =
        db.query("SELECT :bytes = x'0102'").bind("bytes", bytes).mapTo(Long.class).one();
    bytes[0] = 9;

    assertThat(bound.block(WAIT)).isEqualTo(1);
    assertThat(bound.as(transaction()::transactional).block(WAIT)).isEqualTo(1);
  }
}
