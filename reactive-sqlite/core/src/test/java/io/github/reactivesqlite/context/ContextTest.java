package io.github.reactivesqlite.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.support.LogLines;
import io.micrometer.context.ContextRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/**
 * A trace id in the subscriber's Context, and in the MDC wherever the application's code runs on a
 * thread of the library. The accessor is registered as an application would do it; Reactor restores
 * in its default, limited mode.
 */
class ContextTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KEY = "trace";
  private static final Context TRACED = Context.of(KEY, "abc");
  private static final RowMapper<String> TRACE_IN_MAPPER = row -> trace();

  @TempDir Path directory;

  private SqliteDatabase database;

  @BeforeAll
  static void registerMdc() {
    ContextRegistry.getInstance()
        .registerThreadLocalAccessor(
            KEY, () -> MDC.get(KEY), value -> MDC.put(KEY, value), () -> MDC.remove(KEY));
  }

  @AfterAll
  static void unregisterMdc() {
    ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    MDC.remove(KEY);
  }

  @BeforeEach
  void open() {
    database =
        SqliteDatabase.builder(file())
            // No pause of the machine cuts a group that a test has put together
            .config(config -> config.maxGroupTime(Duration.ofSeconds(20)))
            .build();
    database
        .script(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT);"
                + "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
                + "CREATE TABLE child (parent INTEGER"
                + " REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);"
                + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                + " INSERT INTO entry SELECT i, 'entry ' || i FROM n")
        .block(SOON);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static String trace() {
    return String.valueOf(MDC.get(KEY));
  }

  @Nested
  class OnTheWay {

    @Test
    void isVisibleDownstreamOfEveryAnswer() {
      Flux<String> answers =
          Flux.concat(
              insert().flatMap(rows -> fromContext()),
              database.query("SELECT 1").mapTo(Long.class).one().flatMap(one -> fromContext()),
              database.write(session -> 1).flatMap(one -> fromContext()),
              database
                  .query("SELECT id FROM entry LIMIT 1")
                  .mapTo(Long.class)
                  .all()
                  .concatMap(id -> fromContext()));

      StepVerifier.create(answers.contextWrite(TRACED))
          .expectNext("abc", "abc", "abc", "abc")
          .expectComplete()
          .verify(SOON);
    }

    @Test
    void reachesTheWorkOfTransactionsAndSnapshots() {
      Flux<String> answers =
          Flux.concat(
              database.withTransaction(
                  tx -> tx.query("SELECT 1").mapTo(Long.class).one().then(fromContext())),
              database.withSnapshot(
                  snapshot ->
                      snapshot.query("SELECT 1").mapTo(Long.class).one().then(fromContext())));

      StepVerifier.create(answers.contextWrite(TRACED))
          .expectNext("abc", "abc")
          .expectComplete()
          .verify(SOON);
    }

    @Test
    void reachesTheSourceOfABatch() {
      Flux<String> items = Flux.deferContextual(context -> Flux.just(context.<String>get(KEY)));
      Mono<List<String>> written =
          database
              .batch("INSERT INTO entry (body) VALUES (?)")
              .execute(items, (parameters, item) -> parameters.bind(1, item))
              .contextWrite(TRACED)
              .then(
                  database
                      .query("SELECT body FROM entry WHERE id > 2000")
                      .mapTo(String.class)
                      .all()
                      .collectList());

      StepVerifier.create(written).expectNext(List.of("abc")).expectComplete().verify(SOON);
    }

    private Mono<String> fromContext() {
      return Mono.deferContextual(context -> Mono.just(context.<String>get(KEY)));
    }
  }

  @Nested
  class ThreadLocals {

    @Test
    void areRestoredInTheMapperOfOneRow() {
      sees(database.query("SELECT 1").map(TRACE_IN_MAPPER).one().flux(), 1);
    }

    @Test
    void areRestoredInTheMapperOfManyRows() {
      sees(database.query("SELECT id FROM entry LIMIT 20").map(TRACE_IN_MAPPER).all(), 20);
    }

    @Test
    void areRestoredInTheMapperOfEveryChunkOfAStream() {
      sees(database.query("SELECT id FROM entry").map(TRACE_IN_MAPPER).all().limitRate(100), 2_000);
    }

    @Test
    void areRestoredInTheMapperOfAReturnedRow() {
      sees(
          database
              .update("INSERT INTO entry (body) VALUES ('x') RETURNING id")
              .returning(TRACE_IN_MAPPER)
              .one()
              .flux(),
          1);
    }

    @Test
    void areRestoredInTheMapperOfReturnedRows() {
      sees(
          database
              .update("UPDATE entry SET body = 'y' WHERE id <= 30 RETURNING id")
              .returning(TRACE_IN_MAPPER)
              .all(),
          30);
    }

    @Test
    void areRestoredInTheMappersOfATransaction() {
      sees(
          database
              .withTransaction(
                  tx ->
                      tx.query("SELECT id FROM entry LIMIT 3")
                          .map(TRACE_IN_MAPPER)
                          .all()
                          .concatWith(tx.query("SELECT 1").map(TRACE_IN_MAPPER).one())
                          .collectList())
              .flatMapIterable(traces -> traces),
          4);
    }

    @Test
    void areRestoredInTheMappersOfASnapshot() {
      sees(
          database.withSnapshotMany(
              snapshot ->
                  snapshot
                      .query("SELECT id FROM entry LIMIT 3")
                      .map(TRACE_IN_MAPPER)
                      .all()
                      .concatWith(snapshot.query("SELECT 1").map(TRACE_IN_MAPPER).one())),
          4);
    }

    @Test
    void areRestoredInUnits() {
      sees(database.read(session -> trace()).flux(), 1);
      sees(database.write(session -> trace()).flux(), 1);
    }

    @Test
    void areRestoredInTheUnitsOfChunks() {
      List<String> seen = new CopyOnWriteArrayList<>();
      sees(
          database
              .writeChunks(
                  Flux.range(1, 30),
                  ChunkOptions.<Integer>ofSize(10),
                  (session, items) -> seen.add(trace()))
              .thenMany(Flux.defer(() -> Flux.fromIterable(seen))),
          3);
    }

    @Test
    void areNotLeftBehindOnTheThread() {
      sees(database.write(session -> trace()).flux(), 1);
      sees(database.read(session -> trace()).flux(), 1);

      assertThat(database.write(session -> trace()).blockOptional(SOON))
          .isEqualTo(Optional.of("null"));
      assertThat(database.read(session -> trace()).blockOptional(SOON))
          .isEqualTo(Optional.of("null"));
    }

    @Test
    void areRestoredAfterWaitingForAnotherConnectionsLock() throws Exception {
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement statement = other.createStatement();
          LogLines log = new LogLines(LockLog.LOGGER)) {
        statement.execute("BEGIN IMMEDIATE");
        Mono<String> waiting = database.write(session -> trace()).contextWrite(TRACED).cache();
        waiting.subscribe();
        log.awaitLine("Database locked");
        statement.execute("ROLLBACK");

        StepVerifier.create(waiting).expectNext("abc").expectComplete().verify(SOON);
        assertThat(database.stats().lock().retries()).isPositive();
      }
    }

    /** A broken deferred constraint of one unit kills the COMMIT of its whole group. */
    @Test
    void areRestoredWhenAUnitRunsAgain() {
      AtomicInteger runs = new AtomicInteger();
      List<String> seen = new CopyOnWriteArrayList<>();
      Mono<String> again =
          database
              .write(
                  session -> {
                    runs.incrementAndGet();
                    seen.add(trace());
                    return trace();
                  })
              .contextWrite(TRACED);
      Mono<Long> culprit =
          database
              .update("INSERT INTO child (parent) VALUES (77)")
              .rowsUpdated()
              .onErrorReturn(-1L)
              .contextWrite(Context.of(KEY, "other"));
      // Both are queued while this transaction holds the writer, so they meet in one group
      Sinks.One<String> answers = Sinks.one();
      Mono<Void> holding =
          database.withTransaction(
              tx ->
                  Mono.fromRunnable(
                      () ->
                          Mono.zip(again, culprit, (trace, rows) -> trace + " and " + rows)
                              .subscribe(answers::tryEmitValue, answers::tryEmitError)));

      StepVerifier.create(holding).expectComplete().verify(SOON);
      StepVerifier.create(answers.asMono()).expectNext("abc and -1").expectComplete().verify(SOON);
      assertThat(runs.get()).isEqualTo(2);
      assertThat(seen).containsExactly("abc", "abc");
    }

    private void sees(Flux<String> traces, int count) {
      StepVerifier.create(traces.contextWrite(TRACED).collectList())
          .assertNext(
              seen -> {
                assertThat(seen).hasSize(count);
                assertThat(seen).containsOnly("abc");
              })
          .expectComplete()
          .verify(SOON);
    }
  }

  private Mono<Long> insert() {
    return database.update("INSERT INTO entry (body) VALUES ('new')").rowsUpdated();
  }

  private Path file() {
    return directory.resolve("context.db");
  }
}
