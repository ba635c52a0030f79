package io.github.reactivesqlite.blockhound;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * Every call of the facade is assembled, subscribed to and answered on threads that must not block,
 * under BlockHound. {@link BlockHoundWouldNoticeTest} shows that it would notice.
 */
class NoBlockingCallTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final RowMapper<Long> FIRST_COLUMN = row -> row.getLong(1);

  @TempDir Path directory;

  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("calls.db"));
    database
        .script(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT UNIQUE);"
                + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                + " INSERT INTO entry SELECT i, 'entry ' || i FROM n")
        .block(SOON);
    DriverCalls.forget();
  }

  @AfterEach
  void close() {
    database.close();
    assertThat(DriverCalls.stopped()).as("blocking calls on non-blocking threads").isEmpty();
  }

  /** A named call of the facade. */
  record Call(String name, Made made) {

    interface Made {
      Publisher<?> on(SqliteDatabase database, Path directory);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Call> calls() {
    return Stream.of(reads(), writes(), sessions(), upkeep()).flatMap(List::stream);
  }

  private static List<Call> reads() {
    return List.of(
        new Call(
            "query one",
            (db, dir) -> db.query("SELECT count(*) FROM entry").mapTo(Long.class).one()),
        new Call(
            "query first", (db, dir) -> db.query("SELECT id FROM entry").mapTo(Long.class).first()),
        new Call(
            "query all, materialised",
            (db, dir) -> db.query("SELECT id FROM entry LIMIT 10").map(FIRST_COLUMN).all()),
        new Call(
            "query all, streamed to a slow subscriber",
            (db, dir) -> db.query("SELECT id FROM entry").map(FIRST_COLUMN).all().limitRate(7)),
        new Call(
            "query all, cancelled",
            (db, dir) -> db.query("SELECT id FROM entry").map(FIRST_COLUMN).all().take(600)),
        new Call(
            "query with a collection",
            (db, dir) ->
                db.query("SELECT id FROM entry WHERE id IN (:ids)")
                    .bind("ids", List.of(1, 2, 3))
                    .map(FIRST_COLUMN)
                    .all()),
        new Call(
            "query that fails",
            (db, dir) ->
                db.query("SELECT no FROM entry").mapTo(Long.class).one().onErrorReturn(0L)),
        new Call(
            "read unit",
            (db, dir) ->
                db.read(s -> s.query("SELECT count(*) FROM entry").mapTo(Long.class).one())),
        new Call(
            "snapshot",
            (db, dir) ->
                db.withSnapshot(
                    s -> s.query("SELECT count(*) FROM entry").mapTo(Long.class).one())),
        new Call(
            "snapshot of many",
            (db, dir) ->
                db.withSnapshotMany(s -> s.query("SELECT id FROM entry").map(FIRST_COLUMN).all())),
        new Call("stats", (db, dir) -> Mono.fromSupplier(db::stats)),
        new Call(
            "view",
            (db, dir) ->
                db.with(OperationOptions.labelled("blockhound"))
                    .query("SELECT 1")
                    .mapTo(Long.class)
                    .one()));
  }

  private static List<Call> writes() {
    return List.of(
        new Call("update", (db, dir) -> insert(db, "one")),
        new Call(
            "update that fails",
            (db, dir) ->
                insert(db, "entry 1")
                    .onErrorResume(ConstraintViolationException.class, e -> Mono.just(0L))),
        new Call(
            "many updates at once",
            (db, dir) -> Flux.range(1, 500).flatMap(i -> insert(db, "many " + i), 64)),
        new Call(
            "updates cancelled while queued and running",
            (db, dir) ->
                Flux.range(1, 200)
                    .flatMap(
                        i -> Mono.firstWithSignal(insert(db, "race " + i), Mono.just(0L)), 64)),
        new Call(
            "returning one",
            (db, dir) ->
                db.update("INSERT INTO entry (body) VALUES ('returned') RETURNING id")
                    .returning(Long.class)
                    .one()),
        new Call(
            "returning all",
            (db, dir) ->
                db.update("UPDATE entry SET body = body || '!' WHERE id < 400 RETURNING id")
                    .returning(FIRST_COLUMN)
                    .all()),
        new Call(
            "batch",
            (db, dir) ->
                db.batch("INSERT INTO entry (body) VALUES (:body)")
                    .chunkSize(50)
                    .execute(Flux.range(1, 500), (p, i) -> p.bind("body", "batch " + i))),
        new Call(
            "batch with a bad item",
            (db, dir) ->
                db.batch("INSERT INTO entry (body) VALUES (:body)")
                    .execute(Flux.range(1, 5), (p, i) -> p.bind("body", "entry " + i))
                    .onErrorComplete()),
        new Call("chunks", (db, dir) -> chunks(db, ChunkOptions.ofSize(20))),
        new Call(
            "chunks by key",
            (db, dir) -> chunks(db, ChunkOptions.<Integer>ofSize(20).boundary(i -> i / 30))),
        new Call(
            "chunks in one transaction",
            (db, dir) -> chunks(db, ChunkOptions.<Integer>ofSize(20).atomic())),
        new Call(
            "chunks with pauses",
            (db, dir) ->
                chunks(
                    db, ChunkOptions.<Integer>ofSize(50).pauseBetweenChunks(Duration.ofMillis(1)))),
        new Call("script", (db, dir) -> db.script("CREATE TABLE a (i); CREATE TABLE b (i)")),
        new Call(
            "migrate",
            (db, dir) ->
                db.migrate(List.of(Migration.of(1, "another", "CREATE TABLE another (i)")))));
  }

  private static List<Call> sessions() {
    return List.of(
        new Call(
            "write unit",
            (db, dir) ->
                db.write(s -> s.update("INSERT INTO entry (body) VALUES ('unit')").execute())),
        new Call(
            "transaction",
            (db, dir) ->
                db.withTransaction(
                    tx ->
                        tx.update("INSERT INTO entry (body) VALUES ('tx')")
                            .rowsUpdated()
                            .then(tx.query("SELECT count(*) FROM entry").mapTo(Long.class).one()))),
        new Call(
            "transaction with a savepoint",
            (db, dir) ->
                db.withTransaction(
                    tx ->
                        tx.withSavepoint(
                            same -> same.update("DELETE FROM entry WHERE id = 1").rowsUpdated()))),
        new Call(
            "transaction that fails",
            (db, dir) ->
                db.withTransaction(tx -> Mono.error(new IllegalArgumentException("on purpose")))
                    .onErrorReturn(0L)),
        new Call(
            "transaction cancelled",
            (db, dir) ->
                Mono.firstWithSignal(
                    db.withTransaction(tx -> Mono.never()), Mono.delay(Duration.ofMillis(20)))),
        new Call(
            "begin and roll back",
            (db, dir) ->
                db.begin(TransactionOptions.ofDefaults())
                    .flatMap(
                        tx ->
                            tx.update("DELETE FROM entry")
                                .rowsUpdated()
                                .then(tx.rollback().thenReturn(1)))));
  }

  private static List<Call> upkeep() {
    return List.of(
        new Call("settings", (db, dir) -> db.maintenance().settings()),
        new Call(
            "passive checkpoint", (db, dir) -> db.maintenance().checkpoint(CheckpointMode.PASSIVE)),
        new Call("truncate", (db, dir) -> db.maintenance().checkpoint(CheckpointMode.TRUNCATE)),
        new Call("size of the log", (db, dir) -> db.maintenance().walSize()),
        new Call("optimize", (db, dir) -> db.maintenance().optimize()),
        new Call("analyze", (db, dir) -> db.maintenance().analyze()),
        new Call("vacuum", (db, dir) -> db.maintenance().vacuum()),
        new Call("integrity check", (db, dir) -> db.maintenance().integrityCheck()),
        new Call("release idle", (db, dir) -> db.maintenance().releaseIdle()),
        new Call("backup", (db, dir) -> db.maintenance().backup(dir.resolve("copy.db"))),
        new Call(
            "open and close",
            (db, dir) ->
                SqliteDatabase.openAsync(dir.resolve("another.db"))
                    .flatMap(
                        opened ->
                            opened.script("CREATE TABLE t (i)").then(opened.closeGracefully()))),
        new Call(
            "open that fails", (db, dir) -> SqliteDatabase.openAsync(dir).then().onErrorComplete()),
        new Call(
            "close, which only starts here",
            (db, dir) ->
                SqliteDatabase.openAsync(dir.resolve("third.db"))
                    .publishOn(Schedulers.parallel())
                    .doOnNext(SqliteDatabase::close)
                    .flatMap(SqliteDatabase::closeGracefully)));
  }

  private static Mono<Long> insert(SqliteDatabase db, String body) {
    return db.update("INSERT INTO entry (body) VALUES (:body)").bind("body", body).rowsUpdated();
  }

  private static Flux<?> chunks(SqliteDatabase db, ChunkOptions<Integer> options) {
    return db.writeChunks(
        Flux.range(1, 200),
        options,
        (session, items) -> {
          for (Integer item : items) {
            session
                .update("INSERT INTO entry (body) VALUES (?)")
                .bind(1, "chunk " + item)
                .execute();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("calls")
  void blocksNoThread(Call call) {
    completesOnParallel(() -> call.made().on(database, directory));
  }

  @Nested
  class UnderContention {

    /** Hand-overs to an engine thread meet each other; none may wait for a lock of a queue. */
    @Test
    void manyThreadsHandOverWithoutBlocking() {
      Flux<Long> mixed =
          Flux.range(1, 20_000)
              .parallel(8)
              .runOn(Schedulers.newParallel("contending", 8))
              .flatMap(
                  i ->
                      ThreadLocalRandom.current().nextInt(4) == 0
                          ? insert(database, "contended " + i)
                          : database
                              .query("SELECT id FROM entry WHERE id = ?")
                              .bind(1, i % 5_000 + 1)
                              .mapTo(Long.class)
                              .one(),
                  false,
                  32)
              .sequential();

      StepVerifier.create(mixed.count()).expectNext(20_000L).expectComplete().verify(SOON);
    }
  }

  private static void completesOnParallel(Supplier<Publisher<?>> call) {
    Mono<Void> all =
        Flux.defer(
                () -> {
                  assertThat(Schedulers.isInNonBlockingThread()).isTrue();
                  return call.get();
                })
            .subscribeOn(Schedulers.parallel())
            .then();
    StepVerifier.create(all).expectComplete().verify(SOON);
  }
}
