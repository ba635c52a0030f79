package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.transaction.UnexpectedRollbackException;
import reactor.core.publisher.Mono;

/** Work inside the work of others. */
class NestedTransactionsTest extends TransactionFixture {

  @Test
  void innerWorkJoinsTheOuterOne() {
    Mono<Long> work = insert(1).then(insert(2).as(transaction()::transactional)).then(count());

    assertThat(work.as(transaction()::transactional).block(WAIT)).isEqualTo(2);
  }

  @Test
  void swallowedErrorOfInnerWorkStillRollsBackAndSaysSo() {
    Mono<Long> work =
        insert(1)
            .then(
                insert(2)
                    .then(Mono.<Long>error(new IllegalStateException("mine")))
                    .as(transaction()::transactional)
                    .onErrorReturn(0L));

    assertThat(errorOf(work.as(transaction()::transactional)))
        .isInstanceOf(UnexpectedRollbackException.class)
        .hasMessageContaining("rollback-only");
    assertThat(committed()).isEmpty();
  }

  @Test
  void rollbackOnlyIsObeyed() {
    transaction()
        .execute(
            status -> {
              status.setRollbackOnly();
              return insert(1);
            })
        .blockLast(WAIT);

    assertThat(committed()).isEmpty();
  }

  @Test
  void nestedWorkIsUndoneAlone() {
    Mono<Long> work =
        insert(1)
            .then(
                insert(2)
                    .then(Mono.<Long>error(new IllegalStateException("mine")))
                    .as(nested()::transactional)
                    .onErrorReturn(0L))
            .then(insert(3).as(nested()::transactional));

    work.as(transaction()::transactional).block(WAIT);

    assertThat(committed()).containsExactly(1L, 3L);
  }

  @Test
  void nestedWorkOutsideOfATransactionIsOne() {
    insert(1).as(nested()::transactional).block(WAIT);

    assertThat(committed()).containsExactly(1L);
  }

  @Test
  void swallowedErrorInsideNestedWorkUndoesTheNestedWorkOnly() {
    Mono<Long> inner =
        insert(2)
            .then(
                Mono.<Long>error(new IllegalStateException("mine"))
                    .as(transaction()::transactional)
                    .onErrorReturn(0L))
            .as(nested()::transactional);
    Mono<Long> work = insert(1).then(inner.onErrorReturn(UnexpectedRollbackException.class, 0L));

    work.as(transaction()::transactional).block(WAIT);

    assertThat(committed()).containsExactly(1L);
  }
}
