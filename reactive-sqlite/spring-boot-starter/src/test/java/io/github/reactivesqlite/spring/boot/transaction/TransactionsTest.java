package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The transaction manager and the view together, by {@code TransactionalOperator}. */
class TransactionsTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  /** Well below every timeout of the library: who waits for himself would exceed it. */
  private static final Duration AT_ONCE = Duration.ofSeconds(4);

  private static final String ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

  @TempDir private Path dir;
  private SqliteDatabase raw;
  private ReactiveDatabase db;
  private SqliteTransactionManager manager;

  @BeforeEach
  void open() {
    raw = SqliteDatabase.open(dir.resolve("test.db"));
    db = TransactionAwareDatabase.of(raw);
    manager = new SqliteTransactionManager(raw);
    raw.script("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL)").block(WAIT);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    // A transaction that was left open would hold this up until its timeout
    assertThat(raw.write(session -> 1).block(AT_ONCE)).isEqualTo(1);
    Mono.fromSupplier(() -> raw.stats().reads().active())
        .filter(active -> active == 0)
        .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(2)))
        .block(WAIT);
    raw.close();
  }

  private TransactionalOperator transaction(UnaryOperator<DefaultTransactionDefinition> options) {
    return TransactionalOperator.create(manager, options.apply(new DefaultTransactionDefinition()));
  }

  private TransactionalOperator transaction() {
    return transaction(options -> options);
  }

  private TransactionalOperator readOnly() {
    return transaction(
        options -> {
          options.setReadOnly(true);
          return options;
        });
  }

  private TransactionalOperator propagation(int propagation, boolean readOnly) {
    return transaction(
        options -> {
          options.setPropagationBehavior(propagation);
          options.setReadOnly(readOnly);
          return options;
        });
  }

  private TransactionalOperator nested() {
    return propagation(TransactionDefinition.PROPAGATION_NESTED, false);
  }

  private TransactionalOperator requiresNew() {
    return propagation(TransactionDefinition.PROPAGATION_REQUIRES_NEW, false);
  }

  private Mono<Long> insert(long id) {
    return db.update("INSERT INTO book (id, title) VALUES (:id, :title)")
        .bind("id", id)
        .bind("title", "Book " + id)
        .rowsUpdated();
  }

  private Mono<Long> count() {
    return db.query("SELECT count(*) FROM book").mapTo(Long.class).one();
  }

  private List<Long> committed() {
    return Objects.requireNonNull(
        raw.query("SELECT id FROM book ORDER BY id").mapTo(Long.class).all().collectList().block(WAIT));
  }

  private static Throwable errorOf(Mono<?> mono) {
    return Exceptions.unwrap(catchThrowable(() -> mono.block(AT_ONCE)));
  }

  @Nested
  class Writing {

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

    @Test
    void everyFormOfWriteJoins() {
      Mono<Long> work =
          insert(1)
              .then(
                  db.write(
                      session ->
                          session.update("INSERT INTO book VALUES (2, 'unit')").execute()))
              .then(db.script("INSERT INTO book VALUES (3, 'script')"))
              .then(
                  db.update("INSERT INTO book VALUES (4, 'returned') RETURNING id")
                      .returning(Long.class)
                      .one())
              .then(
                  db.withTransaction(
                      inner -> inner.update("INSERT INTO book VALUES (5, 'tx')").rowsUpdated()))
              .then(db.read(session -> session.query("SELECT count(*) FROM book").mapTo(Long.class).one().orElseThrow()));

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
      raw.script(
              "CREATE TABLE late (id INTEGER REFERENCES book (id) DEFERRABLE INITIALLY DEFERRED)")
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

      assertThat(status.asMono().block(WAIT))
          .isEqualTo(TransactionSynchronization.STATUS_COMMITTED);
    }
  }

  @Nested
  class Participating {

    @Test
    void innerWorkJoinsTheOuterOne() {
      Mono<Long> work =
          insert(1).then(insert(2).as(transaction()::transactional)).then(count());

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
      Mono<Long> work =
          insert(1).then(inner.onErrorReturn(UnexpectedRollbackException.class, 0L));

      work.as(transaction()::transactional).block(WAIT);

      assertThat(committed()).containsExactly(1L);
    }
  }

  @Nested
  class ReadOnly {

    @Test
    void seesOneState() {
      Mono<Long> work =
          count()
              .then(raw.update("INSERT INTO book VALUES (1, 'other')").rowsUpdated())
              .then(count());

      assertThat(work.as(readOnly()::transactional).block(WAIT)).isZero();
      assertThat(count().block(WAIT)).isEqualTo(1);
    }

    @Test
    void leavesTheWriterFree() {
      Mono<Long> work = count().then(raw.write(session -> 7L));

      assertThat(work.as(readOnly()::transactional).block(AT_ONCE)).isEqualTo(7);
    }

    @Test
    void refusesEveryFormOfWrite() {
      List<Mono<?>> writes =
          List.of(
              insert(1),
              db.write(session -> 1),
              db.script("DELETE FROM book"),
              db.update("DELETE FROM book RETURNING id").returning(Long.class).all().then(),
              db.withTransaction(inner -> Mono.just(1)),
              db.migrate(List.of()));
      for (Mono<?> write : writes) {
        assertThat(errorOf(count().then(write).as(readOnly()::transactional)))
            .isInstanceOf(ReadOnlyViolationException.class)
            .hasMessageContaining("read-only");
      }
    }

    @Test
    void streamsItsRows() {
      raw.script(
              "INSERT INTO book WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                  + " WHERE i < 5000) SELECT i, 'b' || i FROM n")
          .block(WAIT);

      Flux<Long> ids = db.query("SELECT id FROM book").mapTo(Long.class).all();

      assertThat(ids.as(readOnly()::transactional).count().block(WAIT)).isEqualTo(5000);
    }

    @Test
    void cancelGivesItsReaderBack() throws InterruptedException {
      CountDownLatch counted = new CountDownLatch(1);
      Disposable running =
          count()
              .doOnNext(books -> counted.countDown())
              .then(Mono.never())
              .as(readOnly()::transactional)
              .subscribe();
      assertThat(counted.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(raw.stats().reads().active()).isEqualTo(1);

      running.dispose();
      // nothingIsLeftOpen waits for the reader
    }

    @Test
    void unitWithASnapshotOfItsOwnIsRefused() {
      assertThat(errorOf(db.read(session -> 1).as(readOnly()::transactional)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("query(");
    }
  }

  @Nested
  class RequiresNew {

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
          insert(1)
              .then(insert(2).as(requiresNew()::transactional).as(newRead::transactional));

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

  @Nested
  class OutsideOfTransactions {

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
      assertThat(errorOf(insert(1).then(insert(1))))
          .isInstanceOf(ConstraintViolationException.class);
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

  @Test
  void labelsAreClassAndMethod() {
    DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
    assertThat(SqliteTransactionManager.label(definition)).isNull();
    definition.setName("com.example.library.BookService.save");
    assertThat(SqliteTransactionManager.label(definition)).isEqualTo("BookService.save");
    definition.setName("save");
    assertThat(SqliteTransactionManager.label(definition)).isEqualTo("save");
    definition.setName("A".repeat(80) + ".save");
    assertThat(SqliteTransactionManager.label(definition)).hasSize(64).endsWith(".save");
  }
}
