package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** What Spring runs when a transaction has ended, while it is still in the Reactor Context. */
class AfterTheEndTest extends TransactionFixture {

  private final List<Object> seen = new ArrayList<>();
  private final List<Integer> statuses = new ArrayList<>();

  private Mono<Void> afterCommit(Supplier<Mono<?>> work) {
    return registered(
        new TransactionSynchronization() {
          @Override
          public Mono<Void> afterCommit() {
            return Mono.defer(work).doOnNext(seen::add).then();
          }
        });
  }

  private Mono<Void> afterCompletion(Supplier<Mono<?>> work) {
    return registered(
        new TransactionSynchronization() {
          @Override
          public Mono<Void> afterCompletion(int status) {
            statuses.add(status);
            return Mono.defer(work).doOnNext(seen::add).then();
          }
        });
  }

  private static Mono<Void> registered(TransactionSynchronization synchronization) {
    return TransactionSynchronizationManager.forCurrentTransaction()
        .doOnNext(current -> current.registerSynchronization(synchronization))
        .then();
  }

  @Test
  void queriesSeeWhatWasCommitted() {
    afterCommit(this::count).then(insert(1)).as(transaction()::transactional).block(AT_ONCE);

    assertThat(seen).containsExactly(1L);
  }

  @Test
  void writesCommitByThemselves() {
    afterCommit(() -> insert(2)).then(insert(1)).as(transaction()::transactional).block(AT_ONCE);

    assertThat(committed()).containsExactly(1L, 2L);
  }

  @Test
  void newTransactionsAreOnesOfTheirOwn() {
    for (TransactionalOperator next : List.of(requiresNew(), transaction())) {
      long id = 10L * (seen.size() + 1);
      Mono<?> failing =
          insert(id + 1)
              .then(Mono.error(new IllegalStateException("mine")))
              .as(next::transactional)
              .onErrorReturn("rolled back");
      afterCommit(() -> insert(id + 2).as(next::transactional).then(failing))
          .then(insert(id))
          .as(transaction()::transactional)
          .block(AT_ONCE);
    }

    assertThat(seen).containsExactly("rolled back", "rolled back");
    assertThat(committed()).containsExactly(10L, 12L, 20L, 22L);
  }

  @Test
  void nothingIsLeftOfWhatWasRolledBack() {
    Mono<Void> work =
        afterCompletion(() -> count().flatMap(books -> insert(2).map(rows -> List.of(books, rows))))
            .then(insert(1))
            .then(Mono.error(new IllegalStateException("mine")));

    assertThat(errorOf(work.as(transaction()::transactional))).hasMessage("mine");

    assertThat(seen).hasSize(1).first().isEqualTo(List.of(0L, 1L));
    assertThat(committed()).containsExactly(2L);
  }

  @Test
  void afterAReadOnlyOneWritesCommitByThemselves() {
    Mono<Void> failing = Mono.error(new IllegalStateException("mine"));

    afterCommit(() -> insert(1)).then(count()).as(readOnly()::transactional).block(AT_ONCE);
    afterCommit(() -> insert(2).as(transaction()::transactional))
        .then(count())
        .as(readOnly()::transactional)
        .block(AT_ONCE);
    Mono<Void> rolledBack = afterCompletion(() -> insert(3)).then(failing);
    assertThat(errorOf(rolledBack.as(readOnly()::transactional))).hasMessage("mine");

    assertThat(committed()).containsExactly(1L, 2L, 3L);
  }

  /** Of two readers, snapshots get one. */
  @Test
  void afterAReadOnlyOneItsReaderIsFree() {
    reopen(dir.resolve("two.db"), SqliteConfig.builder().readers(2).build());

    afterCommit(() -> insert(1).then(count().as(readOnly()::transactional)))
        .then(count())
        .as(readOnly()::transactional)
        .block(AT_ONCE);

    assertThat(seen).containsExactly(1L);
  }

  @Test
  void nestedReadOnlyWorkDoesNotEndTheOneAroundIt() {
    Mono<Long> work =
        count().as(nested()::transactional).then(insert(1)).onErrorReturn(-1L).then(count());

    assertThat(work.as(readOnly()::transactional).block(AT_ONCE)).isZero();
    assertThat(committed()).isEmpty();
  }

  /** On the writer, since the COMMIT may be under way yet: a query need not see it. */
  @Test
  void whatBecameOfACommitOfUnknownOutcomeCanBeLookedUp() throws IOException {
    Path home = Files.createDirectory(dir.resolve("home"));
    Path away = dir.resolve("away");
    reopen(home.resolve("test.db"), SqliteConfig.ofDefaults());
    // For a moment nobody can look at the path
    Mono<Path> hidden =
        Mono.fromCallable(
            () -> {
              Files.move(home, away);
              return Files.createSymbolicLink(home, home);
            });
    Mono<Path> back =
        Mono.fromCallable(
            () -> {
              Files.delete(home);
              return Files.move(away, home);
            });
    Mono<?> lookedUp =
        db.update("INSERT INTO book (id, title) VALUES (1, 'Again') ON CONFLICT (id) DO NOTHING")
            .rowsUpdated()
            .thenReturn("looked up");

    Mono<?> work =
        afterCompletion(() -> back.then(lookedUp)).then(insert(1)).flatMap(rows -> hidden);

    assertThat(errorOf(work.as(transaction()::transactional)))
        .isInstanceOf(TransactionSystemException.class)
        .hasCauseInstanceOf(CommitOutcomeUnknownException.class);
    assertThat(seen).containsExactly("looked up");
    assertThat(statuses).containsExactly(TransactionSynchronization.STATUS_UNKNOWN);
    assertThat(committed()).containsExactly(1L);
  }

  @Test
  void afterOneInsideAReadOnlyOneThatOneIsStillSuspended() {
    Mono<Long> inner =
        afterCommit(() -> insert(2)).then(insert(1)).as(requiresNew()::transactional);

    Mono<Long> work = count().then(inner).then(count());

    assertThat(work.as(readOnly()::transactional).block(AT_ONCE)).as("its state").isZero();
    assertThat(committed()).containsExactly(1L, 2L);
  }
}
