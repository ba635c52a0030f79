package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.reliability.history.Asking.Expected;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes that are meant to succeed: every way of writing that the library has. */
final class RandomWrites {

  static final String INSERT =
      "INSERT INTO entry (unit, n, first, size) VALUES (:unit, :n, :first, :size)";
  static final String INSERT_MANY =
      """
      WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :size)
      INSERT INTO entry (unit, n, first, size) SELECT :unit, n, 0, :size FROM numbers
      """;
  private static final int KEYS = 2_000;

  private final ReactiveDatabase interactive;
  private final ReactiveDatabase bulk;
  private final Asking asking;
  private final RecentUnits recent;

  RandomWrites(ReactiveDatabase database, Asking asking, RecentUnits recent) {
    this.interactive = database;
    this.bulk = database.with(OperationOptions.none().lane(Lane.BULK));
    this.asking = asking;
    this.recent = recent;
  }

  Mono<Void> any(String client, Random random) {
    ReactiveDatabase database = random.nextInt(8) == 0 ? bulk : interactive;
    int rows = 2 + random.nextInt(4);
    return switch (random.nextInt(10)) {
      case 0 -> unit(client, 1, Expected.SUCCESS, id -> single(database, id));
      case 1 -> unit(client, 1, Expected.SUCCESS, id -> returning(database, id));
      case 2 -> unit(client, rows, Expected.SUCCESS, id -> many(database, id, rows));
      case 3 ->
          unit(client, rows, Expected.SUCCESS, id -> closure(database, id, rows, random.nextInt()));
      case 4 -> unit(client, 2, Expected.SUCCESS, id -> childBeforeParent(database, id));
      case 5 ->
          random.nextInt(3) == 0
              ? unit(client, rows, Expected.SUCCESS, id -> transaction(id, rows, random.nextInt()))
              : unit(
                  client,
                  rows,
                  Expected.SUCCESS,
                  id -> closure(database, id, rows, random.nextInt()));
      case 6 -> cancelled(client, rows, random);
      case 7 -> increment(client, random, database);
      case 8 -> swap(client, random, database);
      default -> claim(client, random, database);
    };
  }

  /** A unit of entries. */
  Mono<Void> unit(String client, int rows, Expected expected, Function<String, Mono<String>> work) {
    return asking.ask(
        client,
        Kind.WRITE,
        expected,
        "rows=" + rows,
        id -> {
          recent.add(id);
          return work.apply(id);
        });
  }

  private static Mono<String> single(ReactiveDatabase database, String id) {
    return database
        .update(INSERT)
        .bind("unit", id)
        .bind("n", 0)
        .bind("first", 0)
        .bind("size", 1)
        .rowsUpdated()
        .map(rows -> "changed=" + rows);
  }

  private static Mono<String> returning(ReactiveDatabase database, String id) {
    return database
        .update(INSERT + " RETURNING seq")
        .bind("unit", id)
        .bind("n", 0)
        .bind("first", 0)
        .bind("size", 1)
        .returning(Long.class)
        .one()
        .map(seq -> "seq=" + seq);
  }

  private static Mono<String> many(ReactiveDatabase database, String id, int rows) {
    return database
        .update(INSERT_MANY)
        .bind("unit", id)
        .bind("size", rows)
        .rowsUpdated()
        .map(changed -> "changed=" + changed);
  }

  private static Mono<String> closure(
      ReactiveDatabase database, String id, int rows, int transfer) {
    return database.write(
        session -> {
          transfer(session, transfer % 50, Math.floorMod(transfer, HistoryFile.SIDE_ROWS));
          long first = insertEntries(session, id, 0, rows, rows);
          return "seq=" + first;
        });
  }

  private static void transfer(WriteSession session, long amount, int row) {
    session
        .update("UPDATE left_side SET n = n - :amount WHERE id = :row")
        .bind("amount", amount)
        .bind("row", row)
        .execute();
    session
        .update("UPDATE right_side SET n = n + :amount WHERE id = :row")
        .bind("amount", amount)
        .bind("row", row)
        .execute();
  }

  /** The number of the first one. */
  static long insertEntries(WriteSession session, String id, long from, long rows, long size) {
    long first = 0;
    for (long n = from; n < from + rows; n++) {
      long seq =
          session
              .update(INSERT + " RETURNING seq")
              .bind("unit", id)
              .bind("n", n)
              .bind("first", from)
              .bind("size", size)
              .returning(Long.class)
              .one()
              .orElseThrow();
      first = n == from ? seq : first;
    }
    return first;
  }

  private static Mono<String> childBeforeParent(ReactiveDatabase database, String id) {
    return database.write(
        session -> {
          session.update("INSERT INTO child VALUES (?)").bind(1, id).execute();
          long first = insertEntries(session, id, 0, 2, 2);
          session.update("INSERT INTO parent VALUES (?)").bind(1, id).execute();
          return "seq=" + first;
        });
  }

  private Mono<String> transaction(String id, int rows, int transfer) {
    int row = Math.floorMod(transfer, HistoryFile.SIDE_ROWS);
    return interactive.withTransaction(
        transaction ->
            move(transaction, "left_side", -(transfer % 50), row)
                .then(entries(transaction, id, rows))
                .then(move(transaction, "right_side", transfer % 50, row))
                .then(ownEntries(transaction, id)));
  }

  private static Mono<Long> move(Transaction transaction, String side, long amount, int row) {
    return transaction
        .update("UPDATE " + side + " SET n = n + :amount WHERE id = :row")
        .bind("amount", amount)
        .bind("row", row)
        .rowsUpdated();
  }

  static Mono<Void> entries(Transaction transaction, String id, int rows) {
    return Flux.range(0, rows)
        .concatMap(
            n ->
                transaction
                    .update(INSERT)
                    .bind("unit", id)
                    .bind("n", n)
                    .bind("first", 0)
                    .bind("size", rows)
                    .rowsUpdated())
        .then();
  }

  private static Mono<String> ownEntries(Transaction transaction, String id) {
    return transaction
        .query("SELECT min(seq) FROM entry WHERE unit = ?")
        .bind(1, id)
        .mapTo(Long.class)
        .one()
        .map(seq -> "seq=" + seq);
  }

  private Mono<Void> cancelled(String client, int rows, Random random) {
    Duration patience = Duration.ofNanos(random.nextInt(4_000_000));
    boolean isClosure = random.nextBoolean();
    int transfer = random.nextInt();
    return unit(
        client,
        rows,
        Expected.CANCEL,
        id ->
            (isClosure ? closure(interactive, id, rows, transfer) : many(interactive, id, rows))
                .timeout(patience));
  }

  private Mono<Void> increment(String client, Random random, ReactiveDatabase database) {
    int counter = random.nextInt(HistoryFile.COUNTERS);
    boolean isTold = random.nextBoolean();
    String sql = "UPDATE counter SET n = n + 1 WHERE id = :id";
    return asking.ask(
        client,
        Kind.INCREMENT,
        Expected.SUCCESS,
        "counter=" + counter,
        id ->
            isTold
                ? database
                    .update(sql + " RETURNING n")
                    .bind("id", counter)
                    .returning(Long.class)
                    .one()
                    .map(n -> "n=" + n)
                : database.update(sql).bind("id", counter).rowsUpdated().map(n -> "changed=" + n));
  }

  /** Reads the version, and makes the next one unless somebody was faster. */
  private Mono<Void> swap(String client, Random random, ReactiveDatabase database) {
    int row = random.nextInt(HistoryFile.ROWS);
    return database
        .query("SELECT version FROM versioned WHERE id = :id")
        .bind("id", row)
        .mapTo(Long.class)
        .one()
        .flatMap(
            version ->
                asking.ask(
                    client,
                    Kind.SWAP,
                    Expected.SUCCESS,
                    "row=" + row + " version=" + version,
                    id ->
                        database
                            .update(
                                """
                                UPDATE versioned SET version = version + 1, writer = :writer
                                WHERE id = :id AND version = :version
                                """)
                            .bind("writer", id)
                            .bind("id", row)
                            .bind("version", version)
                            .rowsUpdated()
                            .map(changed -> "changed=" + changed)));
  }

  private Mono<Void> claim(String client, Random random, ReactiveDatabase database) {
    int key = random.nextInt(KEYS);
    boolean isDoomed = random.nextInt(4) == 0;
    if (isDoomed) {
      // Its neighbours must not be refused for a key that it does not get
      return asking.ask(
          client,
          Kind.CLAIM,
          Expected.FAILURE,
          "key=" + key,
          id ->
              database.write(
                  session -> {
                    session
                        .update("INSERT INTO claim VALUES (?, ?)")
                        .bind(1, key)
                        .bind(2, id)
                        .execute();
                    session.update("INSERT INTO child VALUES (?)").bind(1, id).execute();
                    return "changed=2";
                  }));
    }
    return asking.ask(
        client,
        Kind.CLAIM,
        Expected.SUCCESS,
        "key=" + key,
        id ->
            database
                .update("INSERT INTO claim VALUES (?, ?)")
                .bind(1, key)
                .bind(2, id)
                .rowsUpdated()
                .map(changed -> "changed=" + changed));
  }

  Mono<Void> stream(Random random) {
    return random.nextBoolean() ? batch(random) : chunks(random);
  }

  /** A stream of chunks, each of one statement for each item. */
  private Mono<Void> batch(Random random) {
    int items = 20 + random.nextInt(120);
    int bad = random.nextInt(3) == 0 ? random.nextInt(items) : -1;
    Batch batch = interactive.batch(INSERT).chunkSize(10 + random.nextInt(30));
    return asking.ask(
        Operation.ANYBODY,
        Kind.STREAM,
        bad < 0 ? Expected.SUCCESS : Expected.FAILURE,
        "items=" + items,
        id ->
            batch
                .<Integer>execute(
                    Flux.range(0, items),
                    (parameters, n) ->
                        parameters
                            .bind("unit", id)
                            .bind("n", n == bad ? -1 : n)
                            .bind("first", 0)
                            .bind("size", 0))
                .doOnNext(result -> progress(id, result))
                .then(Mono.just("chunks=done")));
  }

  /** A stream of chunks, each one unit. */
  private Mono<Void> chunks(Random random) {
    int items = 20 + random.nextInt(120);
    int bad = random.nextInt(3) == 0 ? random.nextInt(items) : -1;
    return asking.ask(
        Operation.ANYBODY,
        Kind.STREAM,
        bad < 0 ? Expected.SUCCESS : Expected.FAILURE,
        "items=" + items,
        id ->
            interactive
                .<Integer>writeChunks(
                    Flux.range(0, items),
                    ChunkOptions.ofSize(5 + random.nextInt(30)),
                    (session, chunk) -> {
                      insertEntries(session, id, chunk.get(0), chunk.size(), chunk.size());
                      if (chunk.contains(bad)) {
                        throw new IllegalStateException("a bad item");
                      }
                    })
                .doOnNext(result -> progress(id, result))
                .then(Mono.just("chunks=done")));
  }

  private void progress(String id, BatchResult result) {
    asking.log().progress(id, System.nanoTime(), result.totals().items());
  }
}
