package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Transactions inside of others that they have nothing to do with. */
class SuspendedTransactionsTest extends TransactionFixture {

  @Test
  void insideAWriteFailsAtOnceAndSaysWhy() {
    Mono<Long> work = insert(1).then(insert(2).as(requiresNew()::transactional));

    assertThat(errorOf(work.as(transaction()::transactional)))
        .isInstanceOf(IllegalTransactionStateException.class)
        .hasMessageContaining("one writer")
        .hasMessageContaining("NESTED");
    assertThat(committed()).isEmpty();
  }

  @Test
  void outerWorkGoesOnAfterTheRefusal() {
    Mono<Long> work =
        insert(1)
            .then(
                insert(2)
                    .as(requiresNew()::transactional)
                    .onErrorReturn(IllegalTransactionStateException.class, 0L))
            .then(insert(3));

    work.as(transaction()::transactional).block(WAIT);

    assertThat(committed()).containsExactly(1L, 3L);
  }

  @Test
  void readOnlyInsideAWriteSeesTheLastCommit() {
    TransactionalOperator newRead =
        propagation(TransactionDefinition.PROPAGATION_REQUIRES_NEW, true);
    Mono<Long> work =
        insert(1)
            .then(count().as(newRead::transactional))
            .flatMap(before -> insert(2).then(count()).map(after -> before * 100 + after));

    assertThat(work.as(transaction()::transactional).block(WAIT)).isEqualTo(2);
    assertThat(committed()).containsExactly(1L, 2L);
  }

  @Test
  void writeInsideAReadOnlyOneIsATransactionOfItsOwn() {
    Mono<Long> work = count().then(insert(1).as(requiresNew()::transactional)).then(count());

    assertThat(work.as(readOnly()::transactional).block(WAIT)).isZero();
    assertThat(committed()).containsExactly(1L);
  }

  @Test
  void writeBehindAReadOnlyOneBehindAWriteFailsToo() {
    TransactionalOperator newRead =
        propagation(TransactionDefinition.PROPAGATION_REQUIRES_NEW, true);
    Mono<Long> work =
        insert(1).then(insert(2).as(requiresNew()::transactional).as(newRead::transactional));

    assertThat(errorOf(work.as(transaction()::transactional)))
        .isInstanceOf(IllegalTransactionStateException.class);
  }

  @Test
  void outsideOfTransactionsItIsOne() {
    insert(1).as(requiresNew()::transactional).block(WAIT);

    assertThat(committed()).containsExactly(1L);
  }

  @Test
  void workThatIsNotSupportedReadsTheLastCommitAndCannotWrite() {
    TransactionalOperator none =
        propagation(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, false);

    Mono<Long> reads = insert(1).then(count().as(none::transactional));
    assertThat(reads.as(transaction()::transactional).block(WAIT)).isZero();

    Mono<Long> writes = insert(2).then(insert(3).as(none::transactional));
    assertThat(errorOf(writes.as(transaction()::transactional)))
        .isInstanceOf(IllegalTransactionStateException.class)
        .hasMessageContaining("wait for itself");
    assertThat(committed()).containsExactly(1L);
  }
}
