package io.github.reactivesqlite.reliability.hazards;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Starts random operations with random subscribers. Used by one thread. */
final class SoakOperations {

  private static final int KINDS = 24;

  /** Those that hold the writer or a reader for as long as they may. */
  private static final List<Integer> HOLDING = List.of(7, 9, 17, 21, 22);

  private static final String ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
  private static final String INSERT = "INSERT INTO item VALUES (?)";
  private static final String ROWS = "SELECT id FROM fixed";

  private final SqliteDatabase database;
  private final SoakTally tally;
  private final Random random;

  SoakOperations(SqliteDatabase database, SoakTally tally, Random random) {
    this.database = database;
    this.tally = tally;
    this.random = random;
  }

  void startOne() {
    int kind = random.nextInt(KINDS);
    if (HOLDING.contains(kind) && random.nextInt(8) != 0) {
      // Seldom, or nothing else would ever have a turn
      kind = random.nextInt(HOLDING.get(0));
    }
    SoakSubscriber.Demand[] demands = SoakSubscriber.Demand.values();
    // Most ask for everything
    SoakSubscriber.Demand demand =
        demands[random.nextInt(4) > 0 ? 0 : random.nextInt(demands.length)];
    SoakSubscriber subscriber = new SoakSubscriber("kind " + kind, tally, demand);
    Flux<?> operation = Flux.from(operation(kind));
    if (random.nextInt(10) == 0) {
      operation = operation.subscribeOn(Schedulers.parallel());
    }
    tally.started(subscriber);
    operation.subscribe(subscriber);
    if (subscriber.asksForTooLittle() || random.nextInt(4) == 0) {
      // Mostly soon, while it is queued, runs or is answered
      int latest = random.nextInt(3) == 0 ? 60_000 : 2_000;
      Schedulers.parallel()
          .schedule(subscriber::cancel, random.nextInt(latest), TimeUnit.MICROSECONDS);
    }
  }

  private <T> Mono<T> noted(long id, Mono<T> write) {
    return write
        .doOnSuccess(done -> tally.acknowledged(id))
        .doOnError(
            error -> {
              if (HangSoakTest.saysNothingWritten(error)) {
                tally.refused(id);
              }
            });
  }

  private Publisher<?> operation(int kind) {
    long id = tally.nextId();
    return switch (kind) {
      case 0, 1 ->
          noted(
              id,
              database
                  .update("INSERT INTO item VALUES (:id), (-:id)")
                  .bind("id", id)
                  .rowsUpdated());
      case 2 ->
          noted(
              id,
              database
                  .update("INSERT INTO item VALUES (:id), (-:id) RETURNING id")
                  .bind("id", id)
                  .returning(Long.class)
                  .first());
      case 3, 4 -> noted(id, database.write(session -> pair(session, id)));
      case 5 ->
          noted(
              id,
              database.write(
                  session -> {
                    pair(session, id);
                    throw new IllegalArgumentException("provoked");
                  }));
      case 6 ->
          noted(
              id,
              database.write(
                  session -> {
                    pair(session, id);
                    throw new StackOverflowError("provoked");
                  }));
      case 7 ->
          noted(
              id,
              database.write(
                  session -> {
                    pair(session, id);
                    return session.query(ENDLESS).mapTo(Long.class).one();
                  }));
      case 8 -> noted(id, database.withTransaction(tx -> inTransaction(tx, id)));
      case 9 -> noted(id, database.withTransaction(tx -> inTransaction(tx, id).then(Mono.never())));
      case 10 ->
          noted(
              id,
              database.withTransaction(
                  tx -> inTransaction(tx, id).then(Mono.error(new RuntimeException("provoked")))));
      case 11 ->
          database
              .batch(INSERT)
              .chunkSize(3)
              .execute(
                  Flux.range(0, 10).map(i -> 1_000_000_000L + tally.nextId()),
                  (row, item) -> row.bind(1, -item));
      case 12 ->
          database.writeChunks(
              Flux.interval(Duration.ofMillis(2))
                  .take(10)
                  .map(i -> 1_000_000_000L + tally.nextId()),
              ChunkOptions.<Long>ofSize(2).maxDelay(Duration.ofMillis(3)),
              (session, items) ->
                  items.forEach(item -> session.update(INSERT).bind(1, -item).execute()));
      case 13 ->
          noted(
              id,
              database
                  .writeChunks(
                      Flux.just(id, -id),
                      ChunkOptions.<Long>ofSize(1).atomic(),
                      (session, items) ->
                          items.forEach(item -> session.update(INSERT).bind(1, item).execute()))
                  .then());
      case 14 -> database.query(ROWS + " WHERE id = 7").mapTo(Long.class).one();
      case 15, 16 -> database.query(ROWS).mapTo(Long.class).all();
      case 17 -> database.query(ENDLESS).mapTo(Long.class).one();
      case 18 -> database.query("SELECT * FROM nowhere").mapTo(Long.class).all();
      case 19 -> database.read(session -> session.query(ROWS).mapTo(Long.class).all());
      case 20 ->
          database.withSnapshotMany(snapshot -> snapshot.query(ROWS).mapTo(Long.class).all());
      case 21 -> database.withSnapshot(snapshot -> Mono.never());
      case 22 -> database.maintenance().checkpoint(CheckpointMode.TRUNCATE);
      default ->
          noted(
              id,
              database
                  .with(OperationOptions.none().lockTimeout(Duration.ofMillis(5)))
                  .update("INSERT INTO item SELECT :id WHERE length(:big) > 0 UNION SELECT -:id")
                  .bind("id", id)
                  .bind("big", "x".repeat(20_000))
                  .rowsUpdated());
    };
  }

  private static long pair(WriteSession session, long id) {
    session.update(INSERT).bind(1, id).execute();
    return session.update(INSERT).bind(1, -id).execute();
  }

  private static Mono<Long> inTransaction(Transaction tx, long id) {
    return tx.update(INSERT)
        .bind(1, id)
        .rowsUpdated()
        .then(tx.update(INSERT).bind(1, -id).rowsUpdated());
  }
}
