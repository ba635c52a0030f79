package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.RowMappingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Laziness, parameters, the number of rows, and how rows become values. */
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

  // ---- parameters

  @Test
  void namedParametersAreBoundByName() {
    assertThat(
            get(
                db().query("SELECT :b || '-' || :a || '-' || :b")
                    .bind("a", "x")
                    .bind("b", "y")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo("y-x-y");
  }

  @Test
  void positionalParametersCountFromOne() {
    assertThat(
            get(
                db().query("SELECT ? || '-' || ?")
                    .bind(2, "second")
                    .bind(1, "first")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo("first-second");
  }

  @Test
  void numberedParametersMayRepeat() {
    assertThat(
            get(
                db().query("SELECT ?2 || '-' || ?1 || '-' || ?2")
                    .bind(1, "a")
                    .bind(2, "b")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo("b-a-b");
  }

  @Test
  void severalValuesAreBoundFromAMap() {
    assertThat(
            get(
                db().query("SELECT :a - :b")
                    .bindAll(Map.of("a", 9, "b", 4))
                    .mapTo(Long.class)
                    .one()))
        .isEqualTo(5);
  }

  @Test
  void nullIsSqlNull() {
    assertThat(get(db().query("SELECT :a IS NULL").bind("a", null).mapTo(Boolean.class).one()))
        .isTrue();
  }

  @Test
  void placeholdersInLiteralsAndCommentsAreText() {
    assertThat(
            get(
                db().query("SELECT ':no ?' || :yes /* :comment ? */ -- ?\n")
                    .bind("yes", "!")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo(":no ?!");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 100})
  void collectionExpandsInIn(int size) {
    fill(120);
    List<Long> wanted = ids().subList(0, size);

    assertThat(
            all(
                db().query("SELECT id FROM item WHERE id IN (:ids) ORDER BY id")
                    .bind("ids", wanted)
                    .mapTo(Long.class)
                    .all()))
        .isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5})
  void collectionExpandsInNotIn(int size) {
    fill(7);
    List<Long> ids = ids();

    assertThat(
            all(
                db().query("SELECT id FROM item WHERE id NOT IN (:ids) ORDER BY id")
                    .bind("ids", ids.subList(0, size))
                    .mapTo(Long.class)
                    .all()))
        .isEqualTo(ids.subList(size, 7));
  }

  @Test
  void collectionMayStandTwiceAndBesideOtherParameters() {
    fill(9);
    Query query =
        db().query(
                "SELECT id FROM item WHERE id >= :from AND (id IN (:ids) OR id - 1 IN (:ids))"
                    + " AND name <> :not ORDER BY id");

    assertThat(
            all(
                query
                    .bind("from", 2)
                    .bind("ids", Set.of(1, 4, 7))
                    .bind("not", "name 8")
                    .mapTo(Long.class)
                    .all()))
        .containsExactly(2L, 4L, 5L, 7L);
  }

  @Test
  void arraysExpandAndBytesDoNot() {
    fill(4);

    assertThat(
            all(
                db().query("SELECT id FROM item WHERE id IN (:ids) ORDER BY id")
                    .bind("ids", new long[] {2, 3})
                    .mapTo(Long.class)
                    .all()))
        .containsExactly(2L, 3L);
    assertThat(
            get(
                db().query("SELECT length(:bytes)")
                    .bind("bytes", new byte[] {1, 2, 3})
                    .mapTo(Integer.class)
                    .one()))
        .isEqualTo(3);
  }

  @Test
  void oneQueryIsBoundToCollectionsOfManySizes() {
    fill(40);
    Query query = db().query("SELECT count(*) FROM item WHERE id IN (:ids)");

    for (int size = 0; size <= 40; size++) {
      assertThat(get(query.bind("ids", ids().subList(0, size)).mapTo(Integer.class).one()))
          .isEqualTo(size);
    }
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
