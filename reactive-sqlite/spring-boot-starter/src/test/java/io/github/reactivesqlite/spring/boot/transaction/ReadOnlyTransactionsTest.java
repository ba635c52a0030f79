package io.github.reactivesqlite.spring.boot.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.ReadOnlyViolationException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Read-only transactions. */
class ReadOnlyTransactionsTest extends TransactionFixture {

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
  void nestedWorkIsPartOfItsOneState() {
    Mono<Long> work =
        count()
            .then(count().as(nested()::transactional))
            .then(raw.update("INSERT INTO book VALUES (1, 'other')").rowsUpdated())
            .then(count());

    assertThat(work.as(readOnly()::transactional).block(WAIT)).isZero();
    assertThat(count().block(WAIT)).isEqualTo(1);
  }

  @Test
  void writesAreRefusedInsideNestedWorkAndAfterIt() {
    Mono<Long> inner = insert(1).as(nested()::transactional);
    Mono<Long> work = inner.onErrorReturn(ReadOnlyViolationException.class, 0L).then(insert(2));

    assertThat(errorOf(work.as(readOnly()::transactional)))
        .isInstanceOf(ReadOnlyViolationException.class);
    assertThat(committed()).isEmpty();
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
    // The reader counts the query's end after its row has been told of, and goes on being held
    assertThat(readersInUse(1)).isEqualTo(1);

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
