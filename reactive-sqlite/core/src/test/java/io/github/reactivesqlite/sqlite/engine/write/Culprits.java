package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.WriteUnit;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.ConstraintViolationException.Kind;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Units that fail, each in its own way, and the schema that they fail on. */
final class Culprits {

  static final String SCHEMA =
      """
      CREATE TABLE item (id INTEGER PRIMARY KEY, who TEXT NOT NULL UNIQUE);
      CREATE TABLE victim (k TEXT UNIQUE, n INTEGER NOT NULL CHECK (n > 0));
      INSERT INTO victim VALUES ('seed', 1);
      CREATE TABLE strict_victim (k TEXT, n INTEGER) STRICT;
      CREATE TABLE fail_victim (k TEXT UNIQUE ON CONFLICT FAIL);
      INSERT INTO fail_victim VALUES ('seed');
      CREATE TABLE rollback_victim (k TEXT UNIQUE ON CONFLICT ROLLBACK);
      INSERT INTO rollback_victim VALUES ('seed');
      CREATE TABLE number (id INTEGER PRIMARY KEY, n INTEGER);
      INSERT INTO number VALUES (1, -1), (2, -2), (3, -9223372036854775808);
      CREATE TABLE copy (n);
      CREATE TABLE text (id INTEGER PRIMARY KEY, json TEXT);
      INSERT INTO text VALUES (1, '{}'), (2, '[]'), (3, 'no json');
      CREATE TABLE big (id INTEGER PRIMARY KEY, a TEXT);
      INSERT INTO big VALUES (1, 'x'), (2, 'y'), (3, printf('%.*c', 600000, 'z'));
      CREATE TABLE pair (a, b);
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (pid INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE prompt_child (pid INTEGER REFERENCES parent (id));
      CREATE TABLE aborting (k TEXT);
      CREATE TRIGGER aborts BEFORE INSERT ON aborting WHEN NEW.k = 'bad'
        BEGIN SELECT RAISE(ABORT, 'aborted by trigger'); END;
      CREATE TABLE failing (k TEXT);
      CREATE TRIGGER fails BEFORE INSERT ON failing WHEN NEW.k = 'bad'
        BEGIN SELECT RAISE(FAIL, 'failed by trigger'); END;
      CREATE TABLE rolling (k TEXT);
      CREATE TRIGGER rolls AFTER INSERT ON rolling WHEN NEW.k = 'bad'
        BEGIN SELECT RAISE(ROLLBACK, 'rolled back by trigger'); END;
      CREATE TABLE nested (k TEXT);
      CREATE TRIGGER nests AFTER INSERT ON nested
        BEGIN INSERT INTO rolling VALUES (NEW.k); END;
      CREATE TABLE ignoring (k TEXT);
      CREATE TRIGGER ignores BEFORE INSERT ON ignoring WHEN NEW.k = 'bad'
        BEGIN SELECT RAISE(IGNORE); END
      """;

  /** Everything that a culprit may have touched, as one number that must not change. */
  static final String FOOTPRINT =
      """
      SELECT (SELECT count(*) FROM victim) || ',' || (SELECT count(*) FROM strict_victim) || ','
        || (SELECT count(*) FROM fail_victim) || ',' || (SELECT count(*) FROM rollback_victim) || ','
        || (SELECT group_concat(n) FROM number) || ',' || (SELECT count(*) FROM copy) || ','
        || (SELECT group_concat(json) FROM text) || ',' || (SELECT count(*) FROM child) || ','
        || (SELECT count(*) FROM prompt_child) || ',' || (SELECT count(*) FROM aborting) || ','
        || (SELECT count(*) FROM failing) || ',' || (SELECT count(*) FROM rolling) || ','
        || (SELECT count(*) FROM nested) || ',' || (SELECT count(*) FROM ignoring) || ','
        || (SELECT count(*) FROM parent) || ','
        || (SELECT count(*) FROM pair) || ','
        || (SELECT count(*) FROM sqlite_schema)
      """;

  /** What a culprit does to the group around it. */
  enum Effect {
    /** The group commits without it. */
    CONTAINED,
    /** Known to end its transaction, it never runs in a group: the group is cut around it. */
    APART,
    /** It takes the transaction down: it runs again alone, in its place. */
    DIES,
    /** It takes the transaction down and is answered; the others run again as one group. */
    STOPPED,
    /** COMMIT is refused: each runs again by itself. */
    AT_COMMIT
  }

  /** A way to fail. */
  record Culprit(
      String name,
      Effect effect,
      Function<ReactiveDatabase, Mono<?>> write,
      Consumer<Throwable> error) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String ENDLESS =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) ";
  private static final OperationOptions SHORT =
      OperationOptions.labelled("short").executionTimeout(Duration.ofMillis(250));

  private Culprits() {}

  static List<Culprit> all() {
    return List.of(
        contained(
            "unique key in the third row",
            "INSERT INTO victim VALUES ('a', 1), ('b', 1), ('seed', 1)",
            constraint(Kind.UNIQUE)),
        contained(
            "NOT NULL in the third row",
            "INSERT INTO victim VALUES ('a', 1), ('b', 1), ('c', NULL)",
            constraint(Kind.NOT_NULL)),
        contained(
            "CHECK in the third row",
            "INSERT INTO victim VALUES ('a', 1), ('b', 1), ('c', 0)",
            constraint(Kind.CHECK)),
        deadly(
            "data type of a STRICT table",
            "INSERT INTO strict_victim VALUES ('a', 1), ('b', 'x')",
            constraint(Kind.DATATYPE)),
        contained(
            "immediate foreign key",
            "INSERT INTO prompt_child VALUES (99)",
            constraint(Kind.FOREIGN_KEY)),
        contained(
            "immediate foreign key in the third row",
            "INSERT INTO prompt_child VALUES (NULL), (NULL), (99)",
            constraint(Kind.FOREIGN_KEY)),
        deadly(
            "a text for an INTEGER PRIMARY KEY in the third row",
            "INSERT INTO parent VALUES (1), (2), ('x')",
            type(DatabaseException.class)),
        contained(
            "OR FAIL in the third row",
            "INSERT OR FAIL INTO victim VALUES ('a', 1), ('b', 1), ('seed', 1)",
            constraint(Kind.UNIQUE)),
        contained(
            "a column declared ON CONFLICT FAIL",
            "INSERT INTO fail_victim VALUES ('a'), ('b'), ('seed')",
            constraint(Kind.UNIQUE)),
        apart(
            "OR ROLLBACK",
            "INSERT OR ROLLBACK INTO victim VALUES ('a', 1), ('seed', 1)",
            constraint(Kind.UNIQUE)),
        apart(
            "a column declared ON CONFLICT ROLLBACK",
            "INSERT INTO rollback_victim VALUES ('a'), ('seed')",
            constraint(Kind.UNIQUE)),
        contained(
            "RAISE(ABORT)",
            "INSERT INTO aborting VALUES ('a'), ('b'), ('bad')",
            constraint(Kind.TRIGGER)),
        contained(
            "RAISE(FAIL)",
            "INSERT INTO failing VALUES ('a'), ('b'), ('bad')",
            constraint(Kind.TRIGGER)),
        apart(
            "RAISE(ROLLBACK)",
            "INSERT INTO rolling VALUES ('a'), ('bad')",
            constraint(Kind.TRIGGER)),
        apart(
            "RAISE(ROLLBACK) in a trigger of a trigger",
            "INSERT INTO nested VALUES ('a'), ('bad')",
            constraint(Kind.TRIGGER)),
        contained("syntax", "INSERT INTO victim VALUES ('a' 1)", type(InvalidSqlException.class)),
        contained(
            "a missing table", "INSERT INTO none VALUES (1)", type(InvalidSqlException.class)),
        deadly(
            "a function that fails in the third row of an UPDATE",
            "UPDATE number SET n = abs(n)",
            type(DatabaseException.class)),
        deadly(
            "a function that fails in the third row of an INSERT",
            "INSERT INTO copy SELECT abs(n) FROM number ORDER BY id",
            type(DatabaseException.class)),
        deadly(
            "malformed JSON in the third row",
            "UPDATE text SET json = json_set(json, '$.a', 1)",
            type(DatabaseException.class)),
        deadly(
            "a value that is too big in the third row",
            "INSERT INTO copy SELECT zeroblob(CASE id WHEN 3 THEN 2000000000 ELSE 1 END)"
                + " FROM number ORDER BY id",
            type(DatabaseException.class)),
        deadly(
            "a text that grows too big in the third row",
            "INSERT INTO copy SELECT a || a FROM big ORDER BY id",
            type(DatabaseException.class)),
        deadly(
            "a row that grows too big, the third",
            "INSERT INTO pair SELECT a, a FROM big ORDER BY id",
            type(DatabaseException.class)),
        deadly(
            "a sum that overflows in the third group",
            "INSERT INTO copy SELECT sum(n) FROM (SELECT id, n FROM number"
                + " UNION ALL SELECT id, n FROM number) GROUP BY id ORDER BY id",
            type(DatabaseException.class)),
        deadly(
            "a sum over a window that overflows in the third row",
            "INSERT INTO copy SELECT sum(n) OVER (ORDER BY id) FROM number",
            type(DatabaseException.class)),
        deadly(
            "malformed JSON in a table-valued function, in the third row",
            "INSERT INTO copy SELECT j.fullkey FROM text AS t, json_tree(t.json) AS j",
            type(DatabaseException.class)),
        new Culprit(
            "RETURNING whose function fails in the third row",
            Effect.DIES,
            db ->
                db.update("UPDATE number SET n = abs(n) RETURNING n").returning(Long.class).first(),
            type(DatabaseException.class)),
        new Culprit(
            "RETURNING with a second row for one()",
            Effect.CONTAINED,
            db -> db.update("UPDATE number SET n = 1 RETURNING n").returning(Long.class).one(),
            type(IncorrectResultSizeException.class)),
        unit(
            "a unit that throws",
            Effect.CONTAINED,
            session -> {
              throw new IllegalArgumentException("mine");
            },
            type(IllegalArgumentException.class)),
        unit(
            "a unit that recurses without end",
            Effect.CONTAINED,
            session -> recurse(1),
            error ->
                assertThat(error)
                    .isInstanceOf(IllegalStateException.class)
                    .hasCauseInstanceOf(StackOverflowError.class)),
        unit(
            "a unit that fails an assertion",
            Effect.CONTAINED,
            session -> {
              throw new AssertionError("mine");
            },
            error ->
                assertThat(error)
                    .isInstanceOf(IllegalStateException.class)
                    .hasCauseInstanceOf(AssertionError.class)),
        unit(
            "a unit that changes the schema and throws",
            Effect.CONTAINED,
            session -> {
              session.update("CREATE TABLE left_over (x)").execute();
              session.update("INSERT INTO left_over VALUES (1)").execute();
              throw new IllegalArgumentException("mine");
            },
            type(IllegalArgumentException.class)),
        unit(
            "a unit that swallows an OR ROLLBACK error and goes on writing",
            Effect.DIES,
            session -> {
              swallowRollback(session);
              return session.update("INSERT INTO victim VALUES ('late', 1)").execute();
            },
            constraint(Kind.UNIQUE)),
        unit(
            "a unit that swallows an OR ROLLBACK error and returns",
            Effect.DIES,
            session -> {
              swallowRollback(session);
              return 1L;
            },
            constraint(Kind.UNIQUE)),
        unit(
            "a unit that swallows an OR ROLLBACK error and all that follow",
            Effect.DIES,
            session -> {
              swallowRollback(session);
              try {
                session.update("INSERT INTO victim VALUES ('late', 1)").execute();
              } catch (RuntimeException again) {
                return 2L;
              }
              return 1L;
            },
            constraint(Kind.UNIQUE)),
        new Culprit(
            "a script whose second statement fails",
            Effect.CONTAINED,
            db ->
                db.script(
                    "INSERT INTO victim VALUES ('a', 1); INSERT INTO victim VALUES ('seed', 1)"),
            constraint(Kind.UNIQUE)),
        new Culprit(
            "a write stopped at its deadline",
            Effect.STOPPED,
            db ->
                db.with(SHORT)
                    .update("INSERT INTO copy " + ENDLESS + "SELECT x FROM c")
                    .rowsUpdated(),
            type(QueryTimeoutException.class)),
        new Culprit(
            "a unit whose write is stopped at its deadline",
            Effect.STOPPED,
            db ->
                db.with(SHORT)
                    .write(
                        session ->
                            session
                                .update("INSERT INTO copy " + ENDLESS + "SELECT x FROM c")
                                .execute()),
            type(QueryTimeoutException.class)),
        new Culprit(
            "a unit whose query is stopped at its deadline",
            Effect.CONTAINED,
            db ->
                db.with(SHORT)
                    .write(
                        session -> {
                          session.update("INSERT INTO victim VALUES ('a', 1)").execute();
                          return session
                              .query(ENDLESS + "SELECT max(x) FROM c")
                              .mapTo(Long.class)
                              .one()
                              .orElseThrow();
                        }),
            type(QueryTimeoutException.class)),
        new Culprit(
            "a deferred foreign key",
            Effect.AT_COMMIT,
            db -> db.update("INSERT INTO child VALUES (99)").rowsUpdated(),
            constraint(Kind.FOREIGN_KEY)));
  }

  @SuppressWarnings("InfiniteRecursion") // overflowing the stack is its purpose
  private static long recurse(long depth) {
    return depth == 0 ? 0 : recurse(depth + 1) + 1;
  }

  private static void swallowRollback(WriteSession session) {
    session.update("INSERT INTO victim VALUES ('a', 1)").execute();
    try {
      session.update("INSERT OR ROLLBACK INTO victim VALUES ('seed', 1)").execute();
    } catch (ConstraintViolationException swallowed) {
      return;
    }
    throw new AssertionError("The statement was to fail");
  }

  private static Culprit contained(String name, String sql, Consumer<Throwable> error) {
    return new Culprit(name, Effect.CONTAINED, db -> db.update(sql).rowsUpdated(), error);
  }

  private static Culprit apart(String name, String sql, Consumer<Throwable> error) {
    return new Culprit(name, Effect.APART, db -> db.update(sql).rowsUpdated(), error);
  }

  /** An error after which SQLite may have kept some of the statement's rows. */
  private static Culprit deadly(String name, String sql, Consumer<Throwable> error) {
    return new Culprit(name, Effect.DIES, db -> db.update(sql).rowsUpdated(), error);
  }

  private static Culprit unit(
      String name, Effect effect, WriteUnit<Long> unit, Consumer<Throwable> error) {
    return new Culprit(name, effect, db -> db.write(unit), error);
  }

  static Consumer<Throwable> constraint(Kind kind) {
    return error ->
        assertThat(error)
            .isInstanceOfSatisfying(
                ConstraintViolationException.class,
                violation -> assertThat(violation.kind()).isEqualTo(kind));
  }

  static Consumer<Throwable> type(Class<? extends Throwable> type) {
    return error -> assertThat(error).isInstanceOf(type).isNotInstanceOf(StorageException.class);
  }
}
