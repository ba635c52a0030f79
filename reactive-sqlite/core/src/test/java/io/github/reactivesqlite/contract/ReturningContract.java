package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.RowMappingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Writes that return rows: copied before the COMMIT, emitted after it. */
abstract class ReturningContract extends ReactiveDatabaseContract {

  private static final int MOST_ROWS = 1_000;

  record Item(long id, String name) {}

  @Override
  Backend.Setup setup() {
    return Backend.Setup.ofDefaults().withReturningRows(MOST_ROWS);
  }

  private Rows<Long> insertReturning(int rows) {
    return db().update(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)"
                + " INSERT INTO item (id, name) SELECT i, 'x' FROM n RETURNING id")
        .bind("rows", rows)
        .returning(Long.class);
  }

  @Test
  void rowIsReturned() {
    Mono<Item> inserted =
        db().update("INSERT INTO item (name) VALUES (:name) RETURNING id, name")
            .bind("name", "a")
            .returning(Item.class)
            .one();

    assertThat(get(inserted)).isEqualTo(new Item(1, "a"));
    assertThat(get(inserted)).isEqualTo(new Item(2, "a"));
  }

  @Test
  void nothingIsWrittenBeforeSubscription() {
    Rows<Long> rows = insertReturning(1);
    rows.one();
    rows.first();
    rows.all();

    assertThat(count()).isZero();
  }

  @Test
  void rowsComeAfterTheCommit() {
    StepVerifier.create(insertReturning(5).all().concatMap(id -> seenByAReader()))
        .expectNext(5L, 5L, 5L, 5L, 5L)
        .expectComplete()
        .verify(LIMIT);
  }

  private Mono<Long> seenByAReader() {
    return db().query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  @Test
  void rowsHonourDemand() {
    StepVerifier.create(insertReturning(3).all(), 0)
        .expectSubscription()
        .then(() -> eventually("the write is committed", () -> count() == 3))
        .thenRequest(1)
        .expectNextCount(1)
        .thenRequest(2)
        .expectNextCount(2)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void writeWithoutARowCompletesEmpty() {
    Rows<Long> none =
        db().update("DELETE FROM item WHERE id = 5 RETURNING id").returning(Long.class);

    assertThat(none.one().blockOptional(LIMIT)).isEmpty();
    assertThat(none.first().blockOptional(LIMIT)).isEmpty();
    assertThat(all(none.all())).isEmpty();
  }

  @Test
  void secondRowForOneRollsTheWriteBack() {
    IncorrectResultSizeException error =
        errorOf(IncorrectResultSizeException.class, insertReturning(2).one());

    assertThat(error.expected()).isEqualTo(1);
    assertThat(count()).isZero();
  }

  @Test
  void secondRowForOneLeavesNeighboursAlone() {
    List<Mono<Long>> neighbours = new ArrayList<>();
    Mono<Long> culprit;
    try (Gate writer = holdWriter()) {
      neighbours.add(started(insert(100)));
      culprit = started(insertReturning(2).one());
      neighbours.add(started(insert(101)));
      awaitQueuedWrites(3);
      writer.open();
    }

    neighbours.forEach(write -> assertThat(get(write)).isEqualTo(1));
    errorOf(IncorrectResultSizeException.class, culprit);
    assertThat(ids()).containsExactly(100L, 101L);
  }

  private static <T> Mono<T> started(Mono<T> mono) {
    Mono<T> cached = mono.cache();
    cached.subscribe(done -> {}, failed -> {});
    return cached;
  }

  @Test
  void firstKeepsTheWholeWrite() {
    assertThat(get(insertReturning(3).first())).isEqualTo(1);
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void mapperErrorSaysThatTheWriteIsCommitted() {
    Rows<Object> rows =
        db().update("INSERT INTO item (name) VALUES ('x') RETURNING id")
            .returning(
                row -> {
                  throw new IllegalStateException("mine");
                });

    assertThat(errorOf(RowMappingException.class, rows.one()))
        .hasMessageContaining("committed")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(errorOf(RowMappingException.class, rows.first())).hasMessageContaining("committed");
    assertThat(errorOf(RowMappingException.class, rows.all().then()))
        .hasMessageContaining("committed");
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void nullScalarIsNoValueForOneAndAnErrorForAll() {
    Rows<String> rows =
        db().update("INSERT INTO item (name) VALUES (NULL) RETURNING name").returning(String.class);

    assertThat(rows.one().blockOptional(LIMIT)).isEmpty();
    assertThat(rows.first().blockOptional(LIMIT)).isEmpty();
    assertThat(errorOf(RowMappingException.class, rows.all().then()))
        .hasMessageContaining("COALESCE")
        .hasMessageContaining("committed");
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void mapperRunsOnNoEngineThread() {
    AtomicReference<String> thread = new AtomicReference<>();

    await(
        db().update("INSERT INTO item (name) VALUES ('x') RETURNING id")
            .returning(
                row -> {
                  thread.set(Thread.currentThread().getName());
                  return 1;
                })
            .one());

    assertThat(thread.get())
        .doesNotContain(backend().writerThreadMark())
        .doesNotContain(backend().readerThreadMark());
  }

  @Test
  void failedWriteReturnsNoRow() {
    await(insert(3));

    errorOf(ConstraintViolationException.class, insertReturning(5).all().then());
    assertThat(ids()).containsExactly(3L);
  }

  @Test
  void moreRowsThanAreCopiedRollTheWriteBack() {
    assertThat(all(insertReturning(MOST_ROWS).all())).hasSize(MOST_ROWS);
    await(db().update("DELETE FROM item").rowsUpdated());

    DatabaseException error =
        errorOf(DatabaseException.class, insertReturning(MOST_ROWS + 1).all().then());

    assertThat(error.isTransient()).isFalse();
    assertThat(count()).isZero();
  }

  @Test
  void rowsUpdatedCountsAStatementThatReturns() {
    assertThat(get(db().update("INSERT INTO item (id) VALUES (1), (2) RETURNING id").rowsUpdated()))
        .isEqualTo(2);
  }

  @Test
  void manyReturningWritesKeepTheirRowsApart() {
    List<Item> items =
        all(
            Flux.range(1, 500)
                .flatMap(
                    i ->
                        db().update(INSERT + " RETURNING id, name")
                            .bind("id", i)
                            .bind("name", "n" + i)
                            .returning(Item.class)
                            .one(),
                    64));

    assertThat(items)
        .hasSize(500)
        .allSatisfy(item -> assertThat(item.name()).isEqualTo("n" + item.id()));
  }
}
