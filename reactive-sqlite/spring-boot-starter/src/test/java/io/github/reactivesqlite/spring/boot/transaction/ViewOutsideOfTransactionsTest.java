package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
