package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Bad input of every kind: a typed error, and nothing has run. */
abstract class ErrorContract extends ReactiveDatabaseContract {

  private void nothingRan(Runnable misuse) {
    long reads = db().stats().reads().completed() + db().stats().reads().failed();
    long units = db().stats().writes().committedUnits() + db().stats().writes().failedUnits();
    misuse.run();
    assertThat(db().stats().reads().completed() + db().stats().reads().failed()).isEqualTo(reads);
    assertThat(db().stats().writes().committedUnits() + db().stats().writes().failedUnits())
        .isEqualTo(units);
  }

  private void refused(Class<? extends Throwable> type, Supplier<?> call) {
    nothingRan(() -> assertThatThrownBy(call::get).isInstanceOf(type));
  }

  // ---- parameters

  @Test
  void unknownParametersAreRefusedAtTheCall() {
    Query named = db().query("SELECT :a");
    Query positional = db().query("SELECT ?");

    refused(IllegalArgumentException.class, () -> named.bind("b", 1));
    refused(IllegalArgumentException.class, () -> named.bind(":a", 1));
    refused(IllegalArgumentException.class, () -> named.bind("A", 1));
    refused(IllegalArgumentException.class, () -> named.bindAll(Map.of("a", 1, "b", 2)));
    refused(IllegalArgumentException.class, () -> positional.bind(0, 1));
    refused(IllegalArgumentException.class, () -> positional.bind(2, 1));
    refused(IllegalArgumentException.class, () -> positional.bind(-1, 1));
    refused(IllegalArgumentException.class, () -> db().query("SELECT 1").bind("a", 1));
    refused(IllegalArgumentException.class, () -> db().query("SELECT 1").bind(1, 1));
    refused(IllegalArgumentException.class, () -> db().update(INSERT).bind("nope", 1));
  }

  @Test
  void wrongStyleIsRefusedAtTheCall() {
    refused(IllegalArgumentException.class, () -> db().query("SELECT :a").bind(1, 1));
    refused(IllegalArgumentException.class, () -> db().query("SELECT ?").bind("a", 1));
    refused(InvalidSqlException.class, () -> db().query("SELECT :a, ?"));
  }

  @Test
  void missingValueFailsAtSubscription() {
    nothingRan(
        () -> {
          Query query = db().query("SELECT :a + :b").bind("a", 1);
          errorOf(InvalidSqlException.class, query.mapTo(Long.class).one());
          errorOf(InvalidSqlException.class, query.mapTo(Long.class).first());
          errorOf(InvalidSqlException.class, query.mapTo(Long.class).all().then());
          errorOf(InvalidSqlException.class, db().update(INSERT).bind("id", 1).rowsUpdated());
          assertThat(
                  errorOf(
                      InvalidSqlException.class,
                      db().update("DELETE FROM item WHERE id = ? RETURNING id")
                          .returning(Long.class)
                          .one()))
              .hasMessageContaining("1");
        });
    errorOf(
        InvalidSqlException.class,
        db().write(session -> session.update(INSERT).bind("id", 1).execute()));
    errorOf(
        InvalidSqlException.class,
        db().withTransaction(open -> open.update(INSERT).bind("id", 1).rowsUpdated()));
    assertThat(count()).isZero();
  }

  @Test
  void collectionOutsideOfInIsRefused() {
    refused(IllegalArgumentException.class, () -> db().query("SELECT :a").bind("a", List.of(1)));
    refused(IllegalArgumentException.class, () -> db().query("SELECT ?").bind(1, List.of(1)));
    refused(
        IllegalArgumentException.class,
        () -> db().query("SELECT 1 WHERE 1 IN (:a, 2)").bind("a", List.of(1)));
  }

  @Test
  void unsupportedValuesAreRefusedAtTheCall() {
    for (Object value :
        List.of(
            new Object(),
            Thread.currentThread(),
            Map.of(),
            Double.NaN,
            Float.NaN,
            "unpaired \uD800 surrogate",
            '\uDC00',
            new StringBuilder("\uD800"))) {
      refused(IllegalArgumentException.class, () -> db().query("SELECT :a").bind("a", value));
      refused(IllegalArgumentException.class, () -> db().query("SELECT ?").bind(1, value));
      refused(IllegalArgumentException.class, () -> db().update(INSERT).bind("name", value));
    }
  }

  // ---- the text of a statement

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; SELECT 2",
        "",
        "   -- only a comment",
        "BEGIN",
        "BEGIN IMMEDIATE",
        "COMMIT",
        "END",
        "ROLLBACK",
        "SAVEPOINT a",
        "RELEASE a",
        "PRAGMA journal_mode = DELETE",
        "ATTACH 'other.db' AS other",
        "DETACH other",
        "VACUUM",
        "SELECT load_extension('x')",
        "NONSENSE 1",
        "EXPLAIN PRAGMA user_version = 3",
      })
  void statementThatIsNotForAQueryIsRefusedAtTheCall(String sql) {
    refused(InvalidSqlException.class, () -> db().query(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM item; DELETE FROM note",
        "",
        "SELECT 1",
        "EXPLAIN DELETE FROM item",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "BEGIN",
        "commit",
        "/* hidden */ ROLLBACK",
        "SAVEPOINT a",
        "PRAGMA foreign_keys = OFF",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'copy.db'",
        "ANALYZE",
      })
  void statementThatIsNotForAnUpdateIsRefusedAtTheCall(String sql) {
    refused(InvalidSqlException.class, () -> db().update(sql));
    refused(InvalidSqlException.class, () -> db().script("DELETE FROM item; " + sql + "; SELECT"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO item (id) VALUES (1)",
        "UPDATE item SET name = 'x'",
        "DELETE FROM item",
        "REPLACE INTO item (id) VALUES (1)",
        "WITH a AS (SELECT 1) INSERT INTO item (id) SELECT * FROM a",
        "INSERT INTO item (id) VALUES (1) RETURNING id",
        "CREATE TABLE x (id INTEGER)",
        "DROP TABLE item",
        "ALTER TABLE item ADD COLUMN x",
      })
  void writeThroughAQueryIsRefusedAtTheCall(String sql) {
    refused(ReadOnlyViolationException.class, () -> db().query(sql));
  }

  @Test
  void semicolonAtTheEndIsFine() {
    assertThat(get(db().query("SELECT 7; -- done").mapTo(Integer.class).one())).isEqualTo(7);
  }

  @Test
  void scriptTakesNoParameters() {
    refused(InvalidSqlException.class, () -> db().script("DELETE FROM item WHERE id = ?"));
    refused(InvalidSqlException.class, () -> db().script("DELETE FROM item WHERE id = :id"));
  }

  @Test
  void badSyntaxAndUnknownNamesFailAtTheFirstRun() {
    errorOf(InvalidSqlException.class, db().query("SELECT FROM WHERE").mapTo(Long.class).one());
    errorOf(InvalidSqlException.class, db().query("SELECT 1 FROM nope").mapTo(Long.class).one());
    errorOf(InvalidSqlException.class, db().query("SELECT nope FROM item").mapTo(Long.class).one());
    errorOf(InvalidSqlException.class, db().update("INSERT INTO nope VALUES (1)").rowsUpdated());
    errorOf(InvalidSqlException.class, db().update("INSERT INTO item VALUES (1)").rowsUpdated());
    errorOf(
        InvalidSqlException.class,
        db().script("INSERT INTO item (id) VALUES (1); INSERT INTO nope VALUES (1)"));
    assertThat(count()).isZero();
  }

  @Test
  void wrongTypeForAStrictColumnIsAConstraintViolation() {
    await(db().script("CREATE TABLE narrow (id INTEGER PRIMARY KEY, n INTEGER) STRICT"));

    ConstraintViolationException error =
        errorOf(
            ConstraintViolationException.class,
            db().update("INSERT INTO narrow (n) VALUES (?)").bind(1, "abc").rowsUpdated());

    assertThat(error.kind()).isEqualTo(ConstraintViolationException.Kind.DATATYPE);
  }

  @Test
  void returningNeedsItsClause() {
    refused(InvalidSqlException.class, () -> db().update("DELETE FROM item").returning(Long.class));
    refused(InvalidSqlException.class, () -> db().batch("DELETE FROM item RETURNING id"));
  }

  @Test
  void classThatIsNeitherRecordNorScalarIsRefusedAtTheCall() {
    refused(IllegalArgumentException.class, () -> db().query("SELECT 1").mapTo(Thread.class));
    refused(IllegalArgumentException.class, () -> db().query("SELECT 1").mapTo(List.class));
  }

  // ---- what an error says

  @Test
  void errorsSayWhatAndWhereWithoutAnyValue() {
    await(insert(1));

    DatabaseException error =
        errorOf(
            DatabaseException.class,
            db().with(OperationOptions.labelled("save-item"))
                .update("INSERT INTO item (id, name, amount) VALUES (:id, :name, 'lit-secret')")
                .bind("id", 1)
                .bind("name", "bound-secret")
                .rowsUpdated());

    assertThat(error.label()).contains("save-item");
    assertThat(error.sql().orElseThrow()).startsWith("INSERT INTO item");
    assertThat(error.code()).isNotZero();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("bound-secret").doesNotContain("lit-secret");
    }
  }

  @Test
  void syntaxErrorShowsNoLiteral() {
    DatabaseException error =
        errorOf(
            DatabaseException.class,
            db().query("SELECT 'top-secret' 'second-secret' FROM nowhere.x y z")
                .mapTo(String.class)
                .one());

    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("secret");
    }
  }

  @Test
  void endlessStatementsAreStopped() {
    var hasty = db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(50)));

    errorOf(QueryTimeoutException.class, hasty.query(ENDLESS).mapTo(Long.class).one());
    errorOf(QueryTimeoutException.class, hasty.query(ENDLESS).mapTo(Long.class).all().then());
    errorOf(
        QueryTimeoutException.class,
        hasty.update("INSERT INTO item (id) " + ENDLESS.replace("count(*)", "i")).rowsUpdated());
    assertThat(count()).isZero();
  }

  // ---- on the engine's own threads

  private Throwable whenSubscribedIn(Supplier<Mono<?>> inner, boolean onReader) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable subscribing = () -> Flux.from(inner.get()).subscribe(value -> {}, failure::set);
    if (onReader) {
      await(
          db().query("SELECT 1")
              .map(
                  row -> {
                    subscribing.run();
                    return 1;
                  })
              .one());
    } else {
      await(
          db().write(
                  session -> {
                    subscribing.run();
                    return 1;
                  }));
    }
    return failure.get();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void subscriptionOnAnEngineThreadFailsAtOnce(boolean onReader) {
    List<Supplier<Mono<?>>> operations =
        List.of(
            () -> db().query("SELECT 1").mapTo(Long.class).one(),
            () -> db().query("SELECT 1").mapTo(Long.class).first(),
            () -> db().query("SELECT 1").mapTo(Long.class).all().then(),
            () -> db().read(session -> 1),
            () -> db().withSnapshot(open -> Mono.just(1)),
            () -> insert(1),
            () -> db().write(session -> 1),
            () -> db().script("DELETE FROM item"),
            () -> db().withTransaction(open -> Mono.just(1)),
            () ->
                db().batch("INSERT INTO item (id) VALUES (?)")
                    .execute(Flux.just(5), (row, id) -> row.bind(1, id))
                    .then());

    for (Supplier<Mono<?>> operation : operations) {
      Throwable failure = whenSubscribedIn(operation, onReader);
      boolean batch = failure != null && failure.getCause() instanceof IllegalStateException;
      assertThat(failure instanceof IllegalStateException || batch).isTrue();
    }
    assertThat(count()).isZero();
  }

  @Test
  void subscriptionInAReadUnitFailsAtOnce() {
    errorOf(
        IllegalStateException.class,
        db().read(session -> db().query("SELECT 1").mapTo(Long.class).one().block(LIMIT)));
  }
}
