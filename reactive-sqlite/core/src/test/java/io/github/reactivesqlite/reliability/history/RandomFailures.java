package io.github.reactivesqlite.reliability.history;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.reliability.history.Asking.Expected;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Writes that fail after they have written something: nothing of it may stay. */
final class RandomFailures {

  private static final int ROWS = 3;

  private final ReactiveDatabase database;
  private final Asking asking;
  private final RandomWrites writes;

  RandomFailures(ReactiveDatabase database, Asking asking, RandomWrites writes) {
    this.database = database;
    this.asking = asking;
    this.writes = writes;
  }

  Mono<Void> any(String client, Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> failing(client, id -> conflict("OR FAIL", id));
      case 1 -> failing(client, id -> conflict("OR ROLLBACK", id));
      case 2 -> failing(client, id -> conflict("OR ABORT", id));
      case 3 -> failing(client, id -> trip("trip_fail", id));
      case 4 ->
          failing(client, id -> trip(random.nextBoolean() ? "trip_abort" : "trip_rollback", id));
      case 5 -> failing(client, id -> trippingUnit(random, id));
      case 6 -> failing(client, this::orphan);
      case 7 -> thrown(client, random);
      case 8 -> failing(client, id -> failedTransaction(random, id));
      default -> failing(client, id -> check(id));
    };
  }

  private Mono<Void> failing(String client, Function<String, Mono<String>> work) {
    return writes.unit(client, ROWS, Expected.FAILURE, work);
  }

  /** The third row repeats the first. */
  private Mono<String> conflict(String how, String id) {
    return database
        .update(
            "INSERT "
                + how
                + " INTO entry (unit, n, first, size)"
                + " VALUES (:unit, 0, 0, 3), (:unit, 1, 0, 3), (:unit, 0, 0, 3)")
        .bind("unit", id)
        .rowsUpdated()
        .map(changed -> "changed=" + changed);
  }

  private Mono<String> trip(String table, String id) {
    return database
        .update("INSERT INTO " + table + " (unit, n) VALUES (:unit, 0), (:unit, 1), (:unit, 2)")
        .bind("unit", id)
        .rowsUpdated()
        .map(changed -> "changed=" + changed);
  }

  private Mono<String> trippingUnit(Random random, String id) {
    String table = List.of("trip_fail", "trip_abort", "trip_rollback").get(random.nextInt(3));
    return database.write(
        session -> {
          RandomWrites.insertEntries(session, id, 0, 2, ROWS);
          session.update("INSERT INTO " + table + " (unit, n) VALUES (?, 2)").bind(1, id).execute();
          return "changed=3";
        });
  }

  /** Found out at COMMIT only. */
  private Mono<String> orphan(String id) {
    return database.write(
        session -> {
          RandomWrites.insertEntries(session, id, 0, ROWS, ROWS);
          session.update("INSERT INTO child VALUES (?)").bind(1, id).execute();
          return "changed=4";
        });
  }

  private Mono<Void> thrown(String client, Random random) {
    if (random.nextBoolean()) {
      return failing(
          client,
          id ->
              database.write(
                  session -> {
                    RandomWrites.insertEntries(session, id, 0, ROWS, ROWS);
                    throw new IllegalStateException("thrown on purpose");
                  }));
    }
    int counter = random.nextInt(HistoryFile.COUNTERS);
    return asking.ask(
        client,
        Kind.INCREMENT,
        Expected.FAILURE,
        "counter=" + counter,
        id ->
            database.write(
                session -> {
                  session
                      .update("UPDATE counter SET n = n + 1 WHERE id = ?")
                      .bind(1, counter)
                      .execute();
                  throw new StackOverflowError("thrown on purpose");
                }));
  }

  private Mono<String> failedTransaction(Random random, String id) {
    return switch (random.nextInt(3)) {
      case 0 ->
          database.withTransaction(
              transaction ->
                  RandomWrites.entries(transaction, id, ROWS)
                      .then(Mono.error(new IllegalStateException("thrown on purpose"))));
      case 1 ->
          database
              .<String>withTransaction(
                  transaction ->
                      RandomWrites.entries(transaction, id, ROWS)
                          .then(transaction.rollback())
                          .then(Mono.just("rolledback=1")))
              .flatMap(told -> Mono.error(new IllegalStateException("rolled back as asked")));
      default ->
          database
              .<String>withTransaction(
                  transaction -> RandomWrites.entries(transaction, id, ROWS).then(Mono.never()))
              .timeout(Duration.ofMillis(1 + random.nextInt(10)));
    };
  }

  private Mono<String> check(String id) {
    return database
        .update(
            "INSERT INTO entry (unit, n, first, size)"
                + " VALUES (:unit, 0, 0, 3), (:unit, 1, 0, 3), (:unit, -1, 0, 3)")
        .bind("unit", id)
        .rowsUpdated()
        .map(changed -> "changed=" + changed);
  }
}
