package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Transactions that write. */
class WritingTransactionsTest extends TransactionFixture {

  @Test
  void commitsWhatJoinedItWhenItCompletes() {
    Mono<Long> work = insert(1).then(insert(2)).then(count());

    assertThat(work.as(transaction()::transactional).block(WAIT)).isEqualTo(2);
    assertThat(committed()).containsExactly(1L, 2L);
  }

  @Test
  void isSeenByNobodyElseBeforeItsCommit() {
    Mono<Long> outside = raw.query("SELECT count(*) FROM book").mapTo(Long.class).one();

    Mono<Long> seen = insert(1).then(outside).as(transaction()::transactional);

    assertThat(seen.block(WAIT)).isZero();
    assertThat(committed()).containsExactly(1L);
  }

  @Test
  void rollsBackOnAnError() {
    IllegalStateException own = new IllegalStateException("mine");

    Mono<Long> work = insert(1).then(Mono.<Long>error(own)).as(transaction()::transactional);

    assertThat(errorOf(work)).isSameAs(own);
    assertThat(committed()).isEmpty();
  }

  @Test
  void rollsBackOnCancel() throws InterruptedException {
    CountDownLatch inserted = new CountDownLatch(1);
    Disposable running =
        insert(1)
            .doOnNext(done -> inserted.countDown())
            .then(Mono.never())
            .as(transaction()::transactional)
            .subscribe();
    assertThat(inserted.await(20, TimeUnit.SECONDS)).isTrue();

    running.dispose();

    assertThat(raw.write(session -> 1).block(AT_ONCE)).isEqualTo(1);
    assertThat(committed()).isEmpty();
  }

  @Test
  void cancelStopsItsRunningStatement() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    Disposable endless =
        insert(1)
            .then(
                db.write(
                    session -> {
                      running.countDown();
                      return session.query(ENDLESS).mapTo(Long.class).one().orElseThrow();
                    }))
            .as(transaction()::transactional)
            .subscribe();
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

    endless.dispose();

    assertThat(raw.write(session -> 1).block(AT_ONCE)).isEqualTo(1);
    assertThat(committed()).isEmpty();
  }

  /** Spring's rule: whoever takes the first value cancels the rest, the COMMIT included. */
  @Test
  void takingTheFirstValueIsACancel() {
    Flux<Long> inserted = insert(1).flux().as(transaction()::transactional);

    assertThat(inserted.next().block(WAIT)).isEqualTo(1);
    assertThat(committed()).isEmpty();
    assertThat(inserted.single().block(WAIT)).isEqualTo(1);
    assertThat(committed()).containsExactly(1L);
  }

  @Test
  void everyFormOfWriteJoins() {
    Mono<Long> work =
        insert(1)
            .then(
                db.write(
                    session -> session.update("INSERT INTO book VALUES (2, 'unit')").execute()))
            .then(db.script("INSERT INTO book VALUES (3, 'script')"))
            .then(
                db.update("INSERT INTO book VALUES (4, 'returned') RETURNING id")
                    .returning(Long.class)
                    .one())
            .then(
                db.withTransaction(
                    inner -> inner.update("INSERT INTO book VALUES (5, 'tx')").rowsUpdated()))
            .then(
                db.read(
                    session ->
                        session
                            .query("SELECT count(*) FROM book")
                            .mapTo(Long.class)
                            .one()
                            .orElseThrow()));

    assertThat(work.as(transaction()::transactional).block(WAIT)).isEqualTo(5);
    assertThat(committed()).containsExactly(1L, 2L, 3L, 4L, 5L);

    Mono<Long> undone =
        db.update("DELETE FROM book")
            .rowsUpdated()
            .then(Mono.<Long>error(new IllegalStateException("mine")))
            .as(transaction()::transactional);
    assertThat(errorOf(undone)).isInstanceOf(IllegalStateException.class);
    assertThat(committed()).hasSize(5);
  }

  @Test
  void everyFormOfReadSeesItsWrites() {
    Mono<List<Long>> work =
        insert(1)
            .thenMany(
                Flux.concat(
                    count(),
                    db.query("SELECT count(*) FROM book WHERE id IN (:ids)")
                        .bind("ids", List.of(1, 2))
                        .map(row -> row.get(1, Long.class))
                        .first(),
                    db.query("SELECT id FROM book").mapTo(Long.class).all(),
                    db.withSnapshot(
                        state -> state.query("SELECT count(*) FROM book").mapTo(Long.class).one()),
                    db.withSnapshotMany(
                        state -> state.query("SELECT id FROM book").mapTo(Long.class).all())))
            .collectList();

    assertThat(work.as(transaction()::transactional).block(WAIT)).containsOnly(1L).hasSize(5);
  }

  @Test
  void failedUnitIsUndoneAloneWhenItsErrorIsHandled() {
    Mono<Long> work =
        insert(1)
            .then(
                db.<Long>write(
                        session -> {
                          session.update("INSERT INTO book VALUES (2, 'unit')").execute();
                          return session.update("INSERT INTO book VALUES (1, 'again')").execute();
                        })
                    .onErrorReturn(ConstraintViolationException.class, 0L))
            .then(insert(3));

    work.as(transaction()::transactional).block(WAIT);

    assertThat(committed()).containsExactly(1L, 3L);
  }

  @Test
  void whatCommitsByItselfOrNeverEndsIsRefused() {
    List<Mono<?>> misplaced =
        List.of(
            db.batch("INSERT INTO book VALUES (?, 'x')")
                .execute(Flux.just(7), (row, id) -> row.bind(1, id))
                .then(),
            db.migrate(List.of()),
            db.begin(TransactionOptions.ofDefaults()),
            db.query("SELECT id FROM book").mapTo(Long.class).live().next(),
            db.changes().next());
    for (Mono<?> work : misplaced) {
      assertThat(errorOf(insert(1).then(work).as(transaction()::transactional)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("outside of @Transactional");
    }
    assertThat(committed()).isEmpty();
  }

  @Test
  void failedCommitIsTranslated() {
    raw.script("CREATE TABLE late (id INTEGER REFERENCES book (id) DEFERRABLE INITIALLY DEFERRED)")
        .block(WAIT);

    Mono<Long> work =
        db.update("INSERT INTO late VALUES (99)").rowsUpdated().as(transaction()::transactional);

    assertThat(errorOf(work))
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasCauseInstanceOf(ConstraintViolationException.class);
  }

  @Test
  void timeoutOfTheDefinitionEndsIt() {
    TransactionalOperator oneSecond =
        transaction(
            options -> {
              options.setTimeout(1);
              return options;
            });

    Mono<Void> work = insert(1).thenMany(count().repeat()).then().as(oneSecond::transactional);

    assertThat(errorOf(work))
        .isInstanceOf(TransactionTimeoutException.class)
        .hasMessageContaining("1000 ms");
    assertThat(committed()).isEmpty();
  }

  @Test
  void beginThatFailsSaysWhy() {
    raw.close();

    assertThat(errorOf(insert(1).as(transaction()::transactional)))
        .isInstanceOf(CannotCreateTransactionException.class)
        .hasMessageContaining("closed");
    raw = SqliteDatabase.open(dir.resolve("test.db"));
  }

  @Test
  void synchronizationsHearOfTheCommit() {
    Sinks.One<Integer> status = Sinks.one();
    Mono<Long> work =
        TransactionSynchronizationManager.forCurrentTransaction()
            .doOnNext(
                synchronization ->
                    synchronization.registerSynchronization(
                        new TransactionSynchronization() {
                          @Override
                          public Mono<Void> afterCompletion(int how) {
                            return Mono.fromRunnable(() -> status.tryEmitValue(how));
                          }
                        }))
            .then(insert(1));

    work.as(transaction()::transactional).block(WAIT);

    assertThat(status.asMono().block(WAIT)).isEqualTo(TransactionSynchronization.STATUS_COMMITTED);
  }

  @Test
  void labelsAreClassAndMethod() {
    DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
    assertThat(ScopeManager.label(definition)).isNull();
    definition.setName("com.example.library.BookService.save");
    assertThat(ScopeManager.label(definition)).isEqualTo("BookService.save");
    definition.setName("save");
    assertThat(ScopeManager.label(definition)).isEqualTo("save");
    definition.setName("A".repeat(80) + ".save");
    assertThat(ScopeManager.label(definition)).hasSize(64).endsWith(".save");
  }
}
