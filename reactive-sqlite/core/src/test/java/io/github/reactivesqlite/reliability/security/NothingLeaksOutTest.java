package io.github.reactivesqlite.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * Values, literals and the path of the file stay inside: in no log line at any level, no error and
 * its causes, no meter, nothing printed.
 */
@Tag("reliability")
class NothingLeaksOutTest {

  private static final String TEXT = "Zq7secretXvalue";
  private static final long NUMBER = 730_519_268_417L;
  private static final String LITERAL = "Wk3secretXliteral";
  private static final String PLACE = "Jv9secretXplace";

  /** As the text, and as bytes in hexadecimal. */
  private static final List<String> SECRETS =
      List.of(
          TEXT, "secretXvalue", String.valueOf(NUMBER), LITERAL, "secretXliteral", "5a7137736563");

  enum Colour {
    RED
  }

  record Card(long id, LocalDate day) {}

  @TempDir Path dir;
  private EverythingSaid said;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @BeforeEach
  void listen() {
    // At TRACE the driver writes the text of each statement; see the last test
    said = new EverythingSaid(Level.DEBUG);
  }

  @AfterEach
  void stopListening() {
    said.close();
  }

  /** With the settings under which most is said. */
  private SqliteDatabase open(UnaryOperator<SqliteConfigBuilder> more) {
    return SqliteDatabase.builder(dir.resolve(PLACE + ".d").resolve("x.db"))
        .config(
            config ->
                more.apply(
                    config
                        .name("vault")
                        .createDirectories(true)
                        .readers(2)
                        .meterRegistry(meters)
                        .holdWarning(Duration.ofMillis(1))
                        .slowOperation(Duration.ofNanos(1))
                        .executionTimeout(Duration.ofMillis(100))
                        .maxValueBytes(1_000_000)))
        .build();
  }

  private SqliteDatabase filled(UnaryOperator<SqliteConfigBuilder> more) {
    SqliteDatabase db = open(more);
    Bounded.get(
        patient(db)
            .script(
                "CREATE TABLE parent(id INTEGER PRIMARY KEY);"
                    + "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE, age INTEGER NOT NULL"
                    + " CHECK (age < 200), parent INTEGER REFERENCES parent);"
                    + "CREATE TABLE s(a INTEGER, b TEXT) STRICT;"
                    + "CREATE TABLE late(p REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
                    + "CREATE VIRTUAL TABLE f USING fts5(x);"
                    + "CREATE TRIGGER g BEFORE INSERT ON s WHEN NEW.a = 13 BEGIN SELECT RAISE(ABORT,"
                    + " 'unlucky'); END"));
    Bounded.get(insert(patient(db), 1, TEXT, 1).rowsUpdated());
    return db;
  }

  /** For what has to succeed, also when the machine pauses. */
  private static ReactiveDatabase patient(SqliteDatabase db) {
    return db.with(OperationOptions.none().executionTimeout(Duration.ofMinutes(1)));
  }

  private static Update insert(ReactiveDatabase db, long id, Object name, Object age) {
    return db.update("INSERT INTO t(id, name, age) VALUES (:id, :name, :age)")
        .bind("id", id)
        .bind("name", name)
        .bind("age", age);
  }

  private static Mono<?> query(SqliteDatabase db, String sql, Object value) {
    return db.query(sql).bind("v", value).mapTo(String.class).all().then();
  }

  private static Map<String, Mono<?>> constraintsAndSyntax(SqliteDatabase db) {
    Map<String, Mono<?>> all = new LinkedHashMap<>();
    all.put("unique", insert(db, 2, TEXT, 1).rowsUpdated());
    all.put("primary key", insert(db, 1, TEXT + 2, 1).rowsUpdated());
    all.put("check", insert(db, 2, TEXT + 2, NUMBER).rowsUpdated());
    all.put("not null", insert(db, 2, TEXT + 2, null).rowsUpdated());
    all.put(
        "foreign key",
        db.update("INSERT INTO t VALUES (NULL, :v, 1, :n)")
            .bind("v", TEXT + 3)
            .bind("n", NUMBER)
            .rowsUpdated());
    all.put("deferred", db.update("INSERT INTO late VALUES (:v)").bind("v", NUMBER).rowsUpdated());
    all.put("rowid type", insert(db, 2, TEXT + 4, TEXT).rowsUpdated());
    all.put("strict", db.update("INSERT INTO s VALUES (:v, 'a')").bind("v", TEXT).rowsUpdated());
    all.put("trigger", db.update("INSERT INTO s VALUES (13, :v)").bind("v", TEXT).rowsUpdated());
    String literal = "'" + LITERAL + "'";
    all.put(
        "syntax", db.query("SELECT " + literal + " " + literal + " FROM x y z").map(r -> 1).one());
    all.put(
        "unknown column",
        db.query("SELECT nothing FROM t WHERE name = " + literal).map(r -> 1).one());
    all.put(
        "unknown table", db.update("INSERT INTO nowhere VALUES (" + literal + ")").rowsUpdated());
    all.put("unknown table in quotes", db.query("SELECT * FROM " + literal).map(r -> 1).one());
    all.put("half a literal", Mono.defer(() -> db.query("SELECT '" + LITERAL).map(r -> 1).one()));
    all.put("bad number", Mono.defer(() -> db.query("SELECT " + NUMBER + "x").map(r -> 1).one()));
    all.put("bad blob", Mono.defer(() -> db.query("SELECT x'" + LITERAL + "'").map(r -> 1).one()));
    all.put(
        "two statements",
        Mono.defer(() -> db.query("SELECT " + literal + "; SELECT " + literal).map(r -> 1).one()));
    all.put("forbidden", Mono.defer(() -> db.update("ATTACH " + literal + " AS z").rowsUpdated()));
    all.put(
        "write on a reader",
        Mono.defer(() -> db.query("DELETE FROM t WHERE name = " + literal).map(r -> 1).one()));
    all.put(
        "script",
        db.script(
            "INSERT INTO parent VALUES (9); INSERT INTO t(id, name, age) VALUES (1, "
                + literal
                + ", 1)"));
    all.put(
        "migration",
        db.migrate(
            List.of(
                Migration.of(
                    1, "one", "INSERT INTO t(id, name, age) VALUES (1, " + literal + ", 1)"))));
    all.put(
        "migration in words",
        db.migrate(
            List.of(Migration.of(1, "one", "INSERT INTO nowhere VALUES (" + literal + ")"))));
    all.put("full text", query(db, "SELECT x FROM f WHERE f MATCH :v", TEXT + "( \""));
    all.put("full text column", query(db, "SELECT x FROM f WHERE f MATCH :v", TEXT + ":a"));
    all.put("json", query(db, "SELECT json(:v)", "{" + TEXT));
    all.put("json path", query(db, "SELECT json_extract('{}', :v)", TEXT));
    all.put("too big", query(db, "SELECT :v", TEXT.repeat(100_000)));
    all.put("like", query(db, "SELECT 1 FROM t WHERE name LIKE :v", (TEXT + "%").repeat(1_000)));
    all.put("overflow", query(db, "SELECT abs(:v * 1000000000000)", -NUMBER));
    all.put("printf", query(db, "SELECT printf('%*d', :v, 1)", NUMBER));
    return all;
  }

  private static Map<String, Mono<?>> valuesAndRows(SqliteDatabase db) {
    Map<String, Mono<?>> all = new LinkedHashMap<>();
    Object odd =
        new Object() {
          @Override
          public String toString() {
            return TEXT;
          }
        };
    all.put("strange type", Mono.defer(() -> query(db, "SELECT :v", odd)));
    all.put("half a character", Mono.defer(() -> query(db, "SELECT :v", TEXT + "\uD800")));
    all.put(
        "strange in a list",
        Mono.defer(() -> query(db, "SELECT 1 WHERE 1 IN (:v)", List.of(TEXT, odd))));
    all.put("not a list", Mono.defer(() -> query(db, "SELECT :v", List.of(TEXT, TEXT))));
    all.put("missing", db.query("SELECT :v, :w").bind("v", TEXT).mapTo(String.class).one());
    all.put(
        "unknown name",
        Mono.defer(() -> db.query("SELECT :v").bind("w", TEXT).mapTo(String.class).one()));
    all.put(
        "wrong number",
        Mono.defer(() -> db.query("SELECT ?").bind(7, TEXT).mapTo(String.class).one()));
    String name = "SELECT name, " + NUMBER + " AS n, CAST(name AS BLOB) AS b FROM t";
    for (Class<?> type :
        List.of(
            Long.class,
            Integer.class,
            Double.class,
            Boolean.class,
            LocalDate.class,
            Instant.class,
            UUID.class,
            BigDecimal.class,
            Colour.class,
            byte[].class,
            Card.class)) {
      all.put("text as " + type.getSimpleName(), db.query("SELECT name FROM t").mapTo(type).one());
      all.put(
          "get " + type.getSimpleName(), db.query(name).map(row -> row.get("name", type)).one());
      all.put(
          "number as " + type.getSimpleName(),
          db.query("SELECT n * 10000000 FROM (SELECT " + NUMBER + " AS n)").mapTo(type).one());
    }
    all.put("number as int", db.query(name).map(row -> row.getInt("n")).one());
    all.put("text as long", db.query(name).map(row -> row.getLong("name")).one());
    all.put("blob as text", db.query(name).map(row -> row.getString("b")).one());
    all.put("no column", db.query(name).map(row -> row.getString("nothing")).one());
    all.put("no record", db.query(name).mapTo(Card.class).one());
    all.put(
        "two rows",
        db.query("SELECT name FROM t UNION ALL SELECT :v")
            .bind("v", TEXT)
            .mapTo(String.class)
            .one());
    all.put(
        "mapper after a write",
        db.update("INSERT INTO parent VALUES (NULL) RETURNING :v AS x")
            .bind("v", TEXT)
            .returning(row -> row.getLong("x"))
            .one());
    all.put(
        "two rows of a write",
        db.update("INSERT INTO parent VALUES (NULL), (NULL) RETURNING :v AS x")
            .bind("v", TEXT)
            .returning(row -> row.getString("x"))
            .one());
    all.put(
        "batch",
        db.batch("INSERT INTO t(id, name, age) VALUES (:id, :v, 1)")
            .execute(Flux.just(1), (row, id) -> row.bind("id", id).bind("v", TEXT))
            .then());
    all.put(
        "batch without a value",
        db.batch("INSERT INTO t(id, name, age) VALUES (:id, :v, 1)")
            .execute(Flux.just(TEXT), (row, text) -> row.bind("v", text))
            .then());
    all.put(
        "chunk",
        db.writeChunks(
                Flux.just(TEXT),
                ChunkOptions.<String>ofSize(1),
                (session, items) ->
                    session
                        .update("INSERT INTO t(id, name, age) VALUES (1, :v, 1)")
                        .bind("v", items.get(0))
                        .execute())
            .then());
    all.put(
        "unit",
        db.write(
            session ->
                session
                    .update("INSERT INTO t(id, name, age) VALUES (1, :v, " + NUMBER + ")")
                    .bind("v", TEXT)
                    .execute()));
    all.put(
        "transaction",
        db.withTransaction(
            open ->
                open.update("INSERT INTO t(id, name, age) VALUES (1, :v, 1)")
                    .bind("v", TEXT)
                    .rowsUpdated()));
    return all;
  }

  private static Map<String, Mono<?>> timesAndLimits(SqliteDatabase db) {
    String endless =
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
            + " WHERE x = :v OR x = '"
            + LITERAL
            + "'";
    Map<String, Mono<?>> all = new LinkedHashMap<>();
    all.put("endless read", query(db, endless, TEXT));
    all.put(
        "endless write", db.update("INSERT INTO parent " + endless).bind("v", TEXT).rowsUpdated());
    all.put(
        "slow transaction",
        db.with(OperationOptions.labelled("slow").transactionTimeout(Duration.ofMillis(30)))
            .withTransaction(
                open ->
                    open.query("SELECT :v")
                        .bind("v", TEXT)
                        .mapTo(String.class)
                        .one()
                        .then(Mono.never())));
    all.put(
        "slow snapshot",
        db.with(OperationOptions.labelled("slow").snapshotTimeout(Duration.ofMillis(30)))
            .withSnapshot(
                held ->
                    held.query("SELECT :v")
                        .bind("v", TEXT)
                        .mapTo(String.class)
                        .one()
                        .then(Mono.never())));
    return all;
  }

  private void failAll(Map<String, Mono<?>> operations) {
    operations.forEach(
        (what, operation) -> {
          Throwable error = Bounded.start(operation.ofType(Object.class)).get().getThrowable();
          if (error != null) {
            said.error(what, error);
          }
          if (error instanceof DatabaseException typed) {
            said.printed("details of " + what, typed.details() + " " + typed.sql() + typed.label());
          }
        });
  }

  private void printAll(SqliteDatabase db) {
    said.printed("database", db + " " + db.name() + " " + db.stats() + " " + db.maintenance());
    said.printed("settings", Bounded.get(db.maintenance().settings()));
    said.printed("query", db.query("SELECT :v, '" + LITERAL + "'").bind("v", TEXT));
    said.printed("list", db.query("SELECT 1 WHERE 1 IN (:v)").bind("v", List.of(TEXT, NUMBER)));
    said.printed("rows", db.query("SELECT :v").bind("v", TEXT).map(row -> 1));
    said.printed("update", insert(db, 5, TEXT, NUMBER));
    said.printed("batch", db.batch("INSERT INTO t(id, name) VALUES (1, '" + LITERAL + "')"));
    said.printed(
        "row", Bounded.get(patient(db).query("SELECT name FROM t").map(Object::toString).one()));
    said.printed(
        "session",
        Bounded.get(
            patient(db)
                .write(
                    session ->
                        session
                            + " "
                            + session.query("SELECT :v").bind("v", TEXT)
                            + session
                                .update("DELETE FROM t WHERE name = :v")
                                .bind("v", TEXT + "x"))));
    said.printed(
        "transaction",
        Bounded.get(
            db.withTransaction(
                open -> Mono.just(open + " " + open.query("SELECT :v").bind("v", TEXT)))));
    meters
        .getMeters()
        .forEach(meter -> said.printed("meter", meter.getId() + meter.getId().getDescription()));
  }

  @Test
  void failuresSayNothingThatIsStored() {
    try (SqliteDatabase db = filled(config -> config)) {
      failAll(constraintsAndSyntax(db));
      failAll(valuesAndRows(db));
      failAll(timesAndLimits(db));
      printAll(db);
      failAll(Map.of("after all", insert(db, 7, TEXT, 1).rowsUpdated()));
    }

    assertThat(said.count("error of ")).isGreaterThan(60);
    assertThat(said.count("log: ")).isGreaterThan(10);
    assertThat(said.count("meter")).isGreaterThan(10);
    assertThat(said.with(SECRETS)).isEmpty();
  }

  @Test
  void overloadLocksAndTheEndSayNothingEither() throws Exception {
    SqliteDatabase db =
        filled(
            config ->
                config
                    .interactiveQueueCapacity(2)
                    .reservedQueuePercent(0)
                    .lockTimeout(Duration.ofMillis(200))
                    .acquireTimeout(Duration.ofMillis(200)));
    String file = dir.resolve(PLACE + ".d").resolve("x.db").toString();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      // Not as an Iterable: its lock is one that BlockHound does not let a result thread wait for
      Bounded.get(
              Flux.range(10, 20)
                  .flatMap(i -> insert(db, i, TEXT + i, NUMBER).rowsUpdated().materialize(), 20)
                  .mapNotNull(Signal::getThrowable)
                  .collectList())
          .forEach(error -> said.error("an insert under a lock", error));
      statement.execute("ROLLBACK");
    }
    printAll(db);
    db.close();
    failAll(constraintsAndSyntax(db));
    said.printed("closed", db);

    assertThat(said.count("error of an insert under a lock")).isEqualTo(20);
    assertThat(said.with(SECRETS)).isEmpty();
  }

  /** The path is for whoever opens a file, and in the log; not for those who use the database. */
  @Test
  void thePathOfTheFileIsNotToldToItsUsers() throws Exception {
    try (SqliteDatabase db = filled(config -> config)) {
      failAll(constraintsAndSyntax(db));
      failAll(timesAndLimits(db));
      printAll(db);
      Path file = dir.resolve(PLACE + ".d").resolve("x.db");
      Files.move(file, file.resolveSibling("gone.db"));
      failAll(Map.of("moved", insert(db, 70, "a", 1).rowsUpdated()));
      failAll(Map.of("moved, again", insert(db, 71, "a", 1).rowsUpdated()));
      Files.move(file.resolveSibling("gone.db"), file);
    }

    assertThat(said.count("error of moved")).isEqualTo(2);
    assertThat(said.with(List.of(PLACE))).isEmpty();
  }

  @Test
  void atTraceTheDriverWritesTheTextOfStatementsButNoBoundValue() {
    said.close();
    said = new EverythingSaid(Level.TRACE);
    try (SqliteDatabase db = filled(config -> config)) {
      failAll(constraintsAndSyntax(db));
      failAll(valuesAndRows(db));
      failAll(timesAndLimits(db));
      printAll(db);
    }

    assertThat(said.with(List.of(LITERAL))).allMatch(text -> text.startsWith("log: org.sqlite."));
    assertThat(said.with(List.of(LITERAL))).isNotEmpty();
    assertThat(said.with(List.of(TEXT, "5a7137736563"))).isEmpty();
  }

  @Test
  void aLeakWouldBeNoticed() {
    LoggerFactory.getLogger("io.github.reactivesqlite.anything")
        .trace("a value: {}", TEXT, new IllegalStateException(LITERAL));
    said.error("anything", new IllegalStateException("outer", new RuntimeException(TEXT)));

    assertThat(said.with(List.of(TEXT))).hasSize(2);
    assertThat(said.with(List.of(LITERAL))).hasSize(1);
  }
}
