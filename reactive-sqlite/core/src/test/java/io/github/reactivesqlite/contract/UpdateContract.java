package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Single writes and scripts. */
abstract class UpdateContract extends ReactiveDatabaseContract {

  @Test
  void nothingIsWrittenBeforeSubscription() {
    insert(1);
    db().script("INSERT INTO item (id) VALUES (2)");

    assertThat(count()).isZero();
  }

  @Test
  void eachSubscriptionWritesAgain() {
    Mono<Long> grow = db().update("INSERT INTO item (name) VALUES ('x')").rowsUpdated();

    assertThat(get(grow)).isEqualTo(1);
    assertThat(get(grow)).isEqualTo(1);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void bindingLeavesTheSharedUpdateAsItWas() {
    Update shared = db().update(INSERT).bind("name", "n");

    await(shared.bind("id", 1).rowsUpdated());
    await(shared.bindAll(Map.of("id", 2, "name", "other")).rowsUpdated());
    await(db().update("INSERT INTO item VALUES (?, ?, ?2)").bind(1, 3).bind(2, 4).rowsUpdated());

    assertThat(all(db().query("SELECT name FROM item ORDER BY id").mapTo(String.class).all()))
        .containsExactly("n", "other", "4");
  }

  @Test
  void rowsUpdatedCountsTheRowsThatChanged() {
    fill(10);

    assertThat(get(db().update("UPDATE item SET name = 'x' WHERE id <= 4").rowsUpdated()))
        .isEqualTo(4);
    assertThat(get(db().update("UPDATE item SET name = 'x' WHERE id > 99").rowsUpdated())).isZero();
    assertThat(get(db().update("DELETE FROM item WHERE id > 7").rowsUpdated())).isEqualTo(3);
    assertThat(get(db().update("DELETE FROM item").rowsUpdated())).isEqualTo(7);
  }

  @Test
  void collectionExpandsInAnUpdate() {
    fill(6);

    assertThat(
            get(
                db().update("DELETE FROM item WHERE id IN (:ids)")
                    .bind("ids", List.of(1, 3, 5, 99))
                    .rowsUpdated()))
        .isEqualTo(3);
    assertThat(ids()).containsExactly(2L, 4L, 6L);
  }

  @Test
  void schemaChangeCountsZeroRows() {
    fill(3);
    await(db().update("UPDATE item SET amount = 1").rowsUpdated());

    assertThat(get(db().update("CREATE TABLE more (id INTEGER)").rowsUpdated())).isZero();
    assertThat(get(db().update("CREATE INDEX item_name ON item (name)").rowsUpdated())).isZero();
    assertThat(get(db().update("DROP TABLE more").rowsUpdated())).isZero();
  }

  @Test
  void rowsOfTriggersAreNotCounted() {
    await(
        db().script(
                "CREATE TABLE log (id INTEGER);"
                    + "CREATE TRIGGER logged AFTER INSERT ON item BEGIN"
                    + "  INSERT INTO log VALUES (new.id);"
                    + "  INSERT INTO log VALUES (-new.id);"
                    + " END"));

    assertThat(get(insert(1))).isEqualTo(1);
    assertThat(count("log")).isEqualTo(2);
  }

  @Test
  void ignoredConflictCountsZero() {
    await(insert(1));

    assertThat(get(db().update("INSERT OR IGNORE INTO item (id) VALUES (1)").rowsUpdated()))
        .isZero();
    assertThat(get(db().update("REPLACE INTO item (id) VALUES (1)").rowsUpdated())).isEqualTo(1);
  }

  @Test
  void failedStatementLeavesNothing() {
    await(insert(3));

    ConstraintViolationException error =
        errorOf(
            ConstraintViolationException.class,
            db().update("INSERT INTO item (id) VALUES (1), (2), (3), (4)").rowsUpdated());

    assertThat(error.kind()).isEqualTo(ConstraintViolationException.Kind.PRIMARY_KEY);
    assertThat(ids()).containsExactly(3L);
  }

  @Test
  void everyKindOfConstraintIsNamed() {
    await(
        db().script(
                "CREATE TABLE strict_ones (id INTEGER PRIMARY KEY, must TEXT NOT NULL,"
                    + " positive INTEGER CHECK (positive > 0), code TEXT UNIQUE)"));
    await(db().update("INSERT INTO strict_ones VALUES (1, 'm', 1, 'c')").rowsUpdated());

    assertThat(kindOf("INSERT INTO strict_ones VALUES (1, 'm', 1, 'd')"))
        .isEqualTo(ConstraintViolationException.Kind.PRIMARY_KEY);
    assertThat(kindOf("INSERT INTO strict_ones VALUES (2, NULL, 1, 'd')"))
        .isEqualTo(ConstraintViolationException.Kind.NOT_NULL);
    assertThat(kindOf("INSERT INTO strict_ones VALUES (2, 'm', 0, 'd')"))
        .isEqualTo(ConstraintViolationException.Kind.CHECK);
    assertThat(kindOf("INSERT INTO strict_ones VALUES (2, 'm', 1, 'c')"))
        .isEqualTo(ConstraintViolationException.Kind.UNIQUE);
    assertThat(kindOf("INSERT INTO note VALUES (1, 99, 't')"))
        .isEqualTo(ConstraintViolationException.Kind.FOREIGN_KEY);
    assertThat(count("strict_ones")).isEqualTo(1);
  }

  private ConstraintViolationException.Kind kindOf(String sql) {
    return errorOf(ConstraintViolationException.class, db().update(sql).rowsUpdated()).kind();
  }

  // ---- neighbours in one group

  @Test
  void failingUnitsLeaveTheirNeighboursAlone() throws Exception {
    await(insert(1));
    List<CompletableFuture<Long>> good = new ArrayList<>();
    List<Mono<Long>> bad = new ArrayList<>();
    try (Gate writer = holdWriter()) {
      for (long id = 2; id <= 30; id++) {
        good.add(insert(id).toFuture());
        bad.add(cached(insert(1)));
      }
      awaitQueuedWrites(58);
      writer.open();
    }

    for (CompletableFuture<Long> write : good) {
      assertThat(write.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }
    for (Mono<Long> write : bad) {
      errorOf(ConstraintViolationException.class, write);
    }
    assertThat(count()).isEqualTo(30);
  }

  private static Mono<Long> cached(Mono<Long> write) {
    Mono<Long> cached = write.cache();
    cached.subscribe(done -> {}, failed -> {});
    return cached;
  }

  /** Statements that end the whole transaction, or leave rows behind, when they fail. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT OR ROLLBACK INTO item (id) VALUES (100), (1)",
        "INSERT OR FAIL INTO item (id) VALUES (100), (1)",
        "INSERT OR ABORT INTO item (id) VALUES (100), (1)",
        "UPDATE item SET amount = 1 WHERE id = 1",
        "INSERT INTO doomed VALUES (100), (1)",
      })
  void deathOfTheSharedTransactionIsNotFeltByNeighbours(String culprit) throws Exception {
    await(insert(1));
    await(
        db().script(
                "CREATE TABLE doomed (id INTEGER);"
                    + "CREATE TRIGGER doom BEFORE UPDATE OF amount ON item BEGIN"
                    + "  SELECT RAISE(ROLLBACK, 'no'); END;"
                    + "CREATE TRIGGER doom_too AFTER INSERT ON doomed WHEN new.id = 1 BEGIN"
                    + "  INSERT INTO item (id) VALUES (100);"
                    + "  SELECT RAISE(FAIL, 'no'); END"));
    List<CompletableFuture<Long>> good = new ArrayList<>();
    Mono<Long> bad;
    try (Gate writer = holdWriter()) {
      for (long id = 2; id <= 11; id++) {
        good.add(insert(id).toFuture());
      }
      bad = cached(db().update(culprit).rowsUpdated());
      for (long id = 12; id <= 21; id++) {
        good.add(insert(id).toFuture());
      }
      awaitQueuedWrites(21);
      writer.open();
    }

    for (CompletableFuture<Long> write : good) {
      assertThat(write.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }
    errorOf(DatabaseException.class, bad);
    assertThat(count()).as("nothing of the culprit").isEqualTo(21);
    assertThat(count("doomed")).isZero();
  }

  @Test
  void writesQueuedTogetherShareTheirCommit() {
    long before = db().stats().writes().commits();
    List<CompletableFuture<Long>> writes = new ArrayList<>();
    try (Gate writer = holdWriter()) {
      for (long id = 1; id <= 100; id++) {
        writes.add(insert(id).toFuture());
      }
      awaitQueuedWrites(100);
      writer.open();
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(writes.toArray(new CompletableFuture<?>[0]));

    await(Mono.fromFuture(all));
    assertThat(count()).isEqualTo(100);
    assertThat(db().stats().writes().commits() - before).isLessThan(10);
  }

  @Test
  void deferredConstraintFailsItsOwnUnitOnly() {
    await(
        db().script(
                "CREATE TABLE late (id INTEGER PRIMARY KEY,"
                    + " item INTEGER REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)"));
    Mono<Long> orphan;
    Mono<Long> good;
    try (Gate writer = holdWriter()) {
      orphan = cached(db().update("INSERT INTO late VALUES (1, 99)").rowsUpdated());
      good = cached(insert(1));
      awaitQueuedWrites(2);
      writer.open();
    }

    assertThat(errorOf(ConstraintViolationException.class, orphan).kind())
        .isEqualTo(ConstraintViolationException.Kind.FOREIGN_KEY);
    assertThat(get(good)).isEqualTo(1);
    assertThat(count("late")).isZero();
  }

  // ---- scripts

  @Test
  void scriptRunsAllItsStatements() {
    await(
        db().script(
                "-- a comment; with a semicolon\n"
                    + "CREATE TABLE a (t TEXT); INSERT INTO a VALUES (';');\n"
                    + "CREATE TRIGGER b AFTER INSERT ON a BEGIN DELETE FROM a WHERE t = 'x';"
                    + " END;;\n"
                    + "INSERT INTO a VALUES ('x'); INSERT INTO a VALUES ('y')"));

    assertThat(all(db().query("SELECT t FROM a ORDER BY t").mapTo(String.class).all()))
        .containsExactly(";", "y");
  }

  @Test
  void scriptIsAllOrNothing() {
    errorOf(
        ConstraintViolationException.class,
        db().script(
                "CREATE TABLE a (t TEXT); INSERT INTO item (id) VALUES (1);"
                    + " INSERT INTO item (id) VALUES (1)"));

    assertThat(count()).isZero();
    await(db().script("CREATE TABLE a (t TEXT)"));
  }

  @Test
  void newTableIsThereForReadersAtOnce() {
    assertThat(count()).isZero();
    for (int i = 0; i < 20; i++) {
      String table = "made_" + i;
      StepVerifier.create(
              db().script("CREATE TABLE " + table + " AS SELECT 1 AS x")
                  .then(db().query("SELECT x FROM " + table).mapTo(Integer.class).one()))
          .expectNext(1)
          .expectComplete()
          .verify(LIMIT);
    }
  }
}
