package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.RowMappingException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Laziness, the number of rows, and how rows become values. */
abstract class QueryContract extends ReactiveDatabaseContract {

  record Item(long id, String name, Double amount) {}

  record Renamed(long itemId, String itemName) {}

  private <T> Rows<T> query(String sql, Class<T> type) {
    return db().query(sql).mapTo(type);
  }

  // ---- laziness

  @Test
  void nothingRunsBeforeSubscription() {
    AtomicInteger mapped = new AtomicInteger();
    long before = db().stats().reads().completed();

    Rows<Integer> rows = db().query("SELECT 1").map(row -> mapped.incrementAndGet());
    rows.one();
    rows.first();
    rows.all();

    assertThat(count()).isZero();
    assertThat(mapped).hasValue(0);
    assertThat(db().stats().reads().completed() - before).as("only the count ran").isEqualTo(1);
  }

  @Test
  void eachSubscriptionRunsAgain() {
    Mono<Long> counted = query("SELECT count(*) FROM item", Long.class).one();

    assertThat(get(counted)).isZero();
    await(insert(1));
    assertThat(get(counted)).isEqualTo(1);
    await(insert(2));
    assertThat(get(counted)).isEqualTo(2);
  }

  @Test
  void bindingLeavesTheSharedQueryAsItWas() {
    Query shared = db().query("SELECT :a + :b").bind("a", 1);
    Query one = shared.bind("b", 10);
    Query other = shared.bind("b", 20);

    assertThat(get(one.mapTo(Long.class).one())).isEqualTo(11);
    assertThat(get(other.mapTo(Long.class).one())).isEqualTo(21);
    assertThat(get(one.bind("a", 5).mapTo(Long.class).one())).isEqualTo(15);
    assertThat(get(one.mapTo(Long.class).one())).isEqualTo(11);
  }

  // ---- how many rows

  @Test
  void oneGivesTheOnlyRowOrNone() {
    assertThat(query("SELECT id FROM item", Long.class).one().blockOptional(LIMIT)).isEmpty();
    await(insert(7));
    assertThat(get(query("SELECT id FROM item", Long.class).one())).isEqualTo(7);
  }

  @Test
  void oneFailsOnASecondRow() {
    fill(3);

    IncorrectResultSizeException error =
        errorOf(IncorrectResultSizeException.class, query("SELECT id FROM item", Long.class).one());

    assertThat(error.expected()).isEqualTo(1);
    assertThat(error.actualAtLeast()).isEqualTo(2);
    assertThat(error.sql()).contains("SELECT id FROM item");
    assertThat(error.isTransient()).isFalse();
  }

  @Test
  void firstGivesTheFirstOfManyAndStopsThere() {
    AtomicInteger mapped = new AtomicInteger();

    Mono<Long> first =
        db().query(
                "WITH RECURSIVE n (i) AS (SELECT 5 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
            .<Long>map(
                row -> {
                  mapped.incrementAndGet();
                  return row.getLong(1);
                })
            .first();

    assertThat(get(first)).isEqualTo(5);
    assertThat(mapped).hasValue(1);
    assertThat(query("SELECT id FROM item", Long.class).first().blockOptional(LIMIT)).isEmpty();
  }

  @Test
  void allGivesEveryRowInOrder() {
    fill(5);

    StepVerifier.create(query("SELECT id FROM item ORDER BY id DESC", Long.class).all())
        .expectNext(5L, 4L, 3L, 2L, 1L)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void allCompletesEmptyWithoutRows() {
    StepVerifier.create(query("SELECT id FROM item", Long.class).all())
        .expectComplete()
        .verify(LIMIT);
  }

  // ---- values

  @Test
  void recordComponentsAreFoundByName() {
    await(db().update("INSERT INTO item (id, name, amount) VALUES (1, 'a', NULL)").rowsUpdated());

    assertThat(get(query("SELECT name, amount, id FROM item", Item.class).one()))
        .isEqualTo(new Item(1, "a", null));
    assertThat(get(query("SELECT id AS item_id, name AS ITEMNAME FROM item", Renamed.class).one()))
        .isEqualTo(new Renamed(1, "a"));
  }

  @Test
  void missingColumnOfARecordIsAMappingError() {
    await(insert(1));

    RowMappingException error =
        errorOf(RowMappingException.class, query("SELECT id FROM item", Item.class).one());

    assertThat(error).hasMessageContaining("name");
    assertThat(error.sql()).contains("SELECT id FROM item");
  }

  @Test
  void nullScalarIsNoValueForOneAndFirst() {
    await(db().update("INSERT INTO item (id) VALUES (1)").rowsUpdated());
    Rows<String> rows = query("SELECT name FROM item", String.class);

    assertThat(rows.one().blockOptional(LIMIT)).isEmpty();
    assertThat(rows.first().blockOptional(LIMIT)).isEmpty();
  }

  @Test
  void nullScalarFailsAllAndNamesTheRemedy() {
    await(db().update("INSERT INTO item (id) VALUES (1)").rowsUpdated());

    assertThat(
            errorOf(
                RowMappingException.class,
                query("SELECT name FROM item", String.class).all().then()))
        .hasMessageContaining("COALESCE");
  }

  @Test
  void mapperMayGiveAnOptionalInstead() {
    await(db().update("INSERT INTO item (id) VALUES (1)").rowsUpdated());

    assertThat(
            all(
                db().query("SELECT name FROM item")
                    .map(row -> Optional.ofNullable(row.getString("name")))
                    .all()))
        .containsExactly(Optional.empty());
  }

  @Test
  void errorOfAMapperIsTypedAndKeepsItsCause() {
    fill(2);
    IllegalArgumentException own = new IllegalArgumentException("mine");

    Rows<Object> rows =
        db().query("SELECT id FROM item")
            .map(
                row -> {
                  throw own;
                });

    assertThat(errorOf(RowMappingException.class, rows.one())).hasCause(own);
    assertThat(errorOf(RowMappingException.class, rows.first())).hasCause(own);
    assertThat(errorOf(RowMappingException.class, rows.all().then())).hasCause(own);
  }

  @Test
  void rowsAreReadByNameAndByPosition() {
    await(db().update("INSERT INTO item (id, name, amount) VALUES (1, 'a', 2.5)").rowsUpdated());

    String read =
        get(
            db().query("SELECT id, name, amount FROM item")
                .map(
                    row ->
                        row.columns()
                            + " "
                            + row.getLong("ID")
                            + row.getInt(1)
                            + row.getString(2)
                            + row.getDouble("amount")
                            + row.get("amount", Object.class))
                .one());

    assertThat(read).isEqualTo("[id, name, amount] 11a2.52.5");
  }

  @Test
  void unknownColumnAndNullAsPrimitiveAreMappingErrors() {
    await(db().update("INSERT INTO item (id) VALUES (1)").rowsUpdated());
    Query query = db().query("SELECT id, name FROM item");

    assertThat(errorOf(query.map(row -> row.getString("nope")).one()))
        .isInstanceOf(RowMappingException.class);
    assertThat(errorOf(query.map(row -> row.getString(3)).one()))
        .isInstanceOf(RowMappingException.class);
    assertThat(errorOf(query.map(row -> row.getLong("name")).one()))
        .isInstanceOf(RowMappingException.class);
  }

  // ---- threads

  @Test
  void mappersRunOnAReaderAndSignalsElsewhere() {
    AtomicReference<String> mapped = new AtomicReference<>();
    AtomicReference<String> signalled = new AtomicReference<>();

    await(
        db().query("SELECT 1")
            .map(
                row -> {
                  mapped.set(Thread.currentThread().getName());
                  return 1;
                })
            .one()
            .doOnNext(value -> signalled.set(Thread.currentThread().getName())));

    assertThat(mapped.get()).contains(backend().readerThreadMark());
    assertThat(signalled.get())
        .doesNotContain(backend().readerThreadMark())
        .doesNotContain(backend().writerThreadMark());
  }

  @Test
  void readSeesWhatWasAcknowledgedBeforeItWasSubscribedTo() {
    for (long id = 1; id <= 200; id++) {
      long expected = id;
      StepVerifier.create(insert(id).then(query("SELECT count(*) FROM item", Long.class).one()))
          .expectNext(expected)
          .expectComplete()
          .verify(LIMIT);
    }
  }
}
