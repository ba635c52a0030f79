package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Which thread runs what: mappers and units, and every signal that a subscriber sees. */
class SignalThreadsTest {

  private static final String MANY =
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 2000) SELECT x FROM c";

  @TempDir Path directory;

  private Scheduler results;
  private SqliteDatabase database;

  /** The threads that application code ran on, by what it was. */
  private final Map<String, String> threads = new ConcurrentHashMap<>();

  @BeforeEach
  void open() {
    results = Schedulers.newParallel("results", 2);
    database =
        SqliteDatabase.builder(directory.resolve("threads.db"))
            .config(config -> config.name("threads").resultScheduler(results))
            .build();
    Bounded.get(
        database.script(
            "CREATE TABLE item (id INTEGER PRIMARY KEY); INSERT INTO item VALUES (1), (2), (3)"));
  }

  @AfterEach
  void close() {
    database.close();
    results.dispose();
  }

  private <T> RowMapper<T> noting(String what, RowMapper<T> mapper) {
    return row -> {
      threads.put(what, Thread.currentThread().getName());
      return mapper.map(row);
    };
  }

  @Test
  void mappersAndUnitsRunWhereTheyAreSaidToRun() {
    RowMapper<Long> id = row -> row.getLong(1);
    Bounded.get(database.query("SELECT 1").map(noting("one", id)).one());
    Bounded.get(database.query("SELECT 1").map(noting("first", id)).first());
    Bounded.get(database.query("SELECT 1").map(noting("all", id)).all().count());
    Bounded.get(database.query(MANY).map(noting("stream", id)).all().count());
    Bounded.get(
        database.read(s -> s.query("SELECT 1").map(noting("read unit", id)).one().orElseThrow()));
    Bounded.get(database.withSnapshot(s -> s.query("SELECT 1").map(noting("snapshot", id)).one()));
    Bounded.get(
        database.write(s -> s.query("SELECT 1").map(noting("write unit", id)).one().orElseThrow()));
    Bounded.get(
        database
            .update("INSERT INTO item VALUES (NULL) RETURNING id")
            .returning(noting("returning", id))
            .one());
    Bounded.get(
        database.withTransaction(
            tx ->
                tx.query("SELECT 1")
                    .map(noting("transaction", id))
                    .one()
                    .then(
                        tx.update("INSERT INTO item VALUES (NULL) RETURNING id")
                            .returning(noting("returning in transaction", id))
                            .one())));
    Bounded.get(
        database
            .batch("INSERT INTO item VALUES (?)")
            .execute(
                Flux.just(100, 101),
                (parameters, item) -> {
                  threads.put("binder", Thread.currentThread().getName());
                  parameters.bind(1, item);
                })
            .count());

    assertThat(threads).hasSize(11);
    for (String onReader : List.of("one", "first", "all", "stream", "read unit", "snapshot")) {
      assertThat(threads.get(onReader)).as(onReader).startsWith("threads-reader-");
    }
    assertThat(threads.get("write unit")).isEqualTo("threads-writer");
    for (String onResults : List.of("returning", "transaction", "returning in transaction")) {
      assertThat(threads.get(onResults)).as(onResults).startsWith("results-");
    }
    assertThat(threads.get("binder")).doesNotStartWith("threads-");
  }

  /** One publisher of each kind of signal. */
  private Map<String, Publisher<?>> publishers() {
    var hasty = database.with(OperationOptions.none().executionTimeout(Duration.ofMillis(30)));
    String endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) ";
    return Map.ofEntries(
        Map.entry("a row", database.query("SELECT 1").mapTo(Long.class).one()),
        Map.entry("no row", database.query("SELECT 1 WHERE 0").mapTo(Long.class).one()),
        Map.entry("first of many", database.query(MANY).mapTo(Long.class).first()),
        Map.entry("two rows for one", database.query(MANY).mapTo(Long.class).one()),
        Map.entry("a short stream", database.query("SELECT id FROM item").mapTo(Long.class).all()),
        Map.entry("no rows", database.query("SELECT 1 WHERE 0").mapTo(Long.class).all()),
        Map.entry("a long stream", database.query(MANY).mapTo(Long.class).all()),
        Map.entry("bad SQL on a reader", database.query("SELECT none").mapTo(Long.class).all()),
        Map.entry(
            "a failing mapper",
            database
                .query("SELECT 1")
                .map(
                    row -> {
                      throw new IllegalStateException("mine");
                    })
                .all()),
        Map.entry(
            "a stopped read",
            hasty.query(endless + "SELECT max(x) FROM c").mapTo(Long.class).one()),
        Map.entry("a read unit", database.read(session -> 1)),
        Map.entry(
            "a snapshot", database.withSnapshotMany(s -> s.query(MANY).mapTo(Long.class).all())),
        Map.entry("a count", database.update("DELETE FROM item WHERE id < 0").rowsUpdated()),
        Map.entry("a refused write", database.update("INSERT INTO item VALUES (1)").rowsUpdated()),
        Map.entry("bad SQL on the writer", database.update("DELETE FROM none").rowsUpdated()),
        Map.entry(
            "returned rows",
            database.update("UPDATE item SET id = id RETURNING id").returning(Long.class).all()),
        Map.entry("a write unit", database.write(session -> 1)),
        Map.entry("an empty write unit", database.write(session -> null)),
        Map.entry(
            "a failing write unit",
            database.write(
                session -> {
                  throw new IllegalStateException("mine");
                })),
        Map.entry("a script", database.script("DELETE FROM item WHERE id < 0")),
        Map.entry("a transaction", database.withTransaction(tx -> Mono.just(1))),
        Map.entry(
            "a failing transaction",
            database.withTransaction(tx -> tx.update("DELETE FROM none").rowsUpdated())),
        Map.entry(
            "a batch",
            database
                .batch("DELETE FROM item WHERE id = ?")
                .execute(Flux.just(-1), (parameters, i) -> parameters.bind(1, i))));
  }

  @TestFactory
  List<DynamicTest> everySignalArrivesOnTheResultScheduler() {
    return publishers().keySet().stream()
        .sorted()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Recorder recorder = new Recorder(Long.MAX_VALUE);
                      publishers().get(name).subscribe(recorder);
                      Bounded.await(recorder.ended);
                      assertThat(recorder.signals).isNotEmpty();
                      assertThat(recorder.signals)
                          .allSatisfy(thread -> assertThat(thread).startsWith("results-"));
                    }))
        .toList();
  }

  /** The answer is there before it is asked for; asking must not carry it to the asker's thread. */
  @TestFactory
  List<DynamicTest> soDoesWhatIsRequestedLate() {
    return publishers().keySet().stream()
        .sorted()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Recorder recorder = new Recorder(0);
                      publishers().get(name).subscribe(recorder);
                      Bounded.get(Mono.delay(Duration.ofMillis(60)));
                      assertThat(recorder.values).isEmpty();
                      while (recorder.ended.getCount() > 0 && recorder.values.size() < 300) {
                        int before = recorder.values.size();
                        recorder.request(1);
                        Bounded.until(
                            "an answer to the request",
                            () ->
                                recorder.values.size() > before || recorder.ended.getCount() == 0);
                      }
                      recorder.request(Long.MAX_VALUE);
                      Bounded.await(recorder.ended);
                      assertThat(recorder.signals)
                          .isNotEmpty()
                          .allSatisfy(thread -> assertThat(thread).startsWith("results-"));
                    }))
        .toList();
  }

  @Test
  void openingIsAnsweredThereToo() {
    Recorder recorder = new Recorder(Long.MAX_VALUE);
    SqliteDatabase.builder(directory.resolve("second.db"))
        .config(config -> config.resultScheduler(results))
        .buildAsync()
        .doOnNext(opened -> threads.put("opened", Thread.currentThread().getName()))
        .flatMap(SqliteDatabase::closeGracefully)
        .subscribe(recorder);
    Bounded.await(recorder.ended);

    assertThat(threads.get("opened")).startsWith("results-");
    assertThat(recorder.signals).allSatisfy(thread -> assertThat(thread).startsWith("results-"));
  }

  /** Notes the thread of every signal. */
  private static final class Recorder extends BaseSubscriber<Object> {
    private final List<String> signals = new CopyOnWriteArrayList<>();
    private final List<Object> values = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long initialDemand;

    Recorder(long initialDemand) {
      this.initialDemand = initialDemand;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      if (initialDemand > 0) {
        request(initialDemand);
      }
    }

    @Override
    protected void hookOnNext(Object value) {
      signals.add(Thread.currentThread().getName());
      values.add(value);
    }

    @Override
    protected void hookOnError(Throwable error) {
      signals.add(Thread.currentThread().getName());
    }

    @Override
    protected void hookOnComplete() {
      signals.add(Thread.currentThread().getName());
    }

    @Override
    protected void hookFinally(SignalType type) {
      ended.countDown();
    }
  }
}
