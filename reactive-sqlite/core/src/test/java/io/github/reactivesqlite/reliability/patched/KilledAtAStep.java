package io.github.reactivesqlite.reliability.patched;

import io.github.reactivesqlite.reliability.disk.Ledger;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes units in every way at once, good ones and such that must fail, until it is killed at one
 * of the library's own steps. Every unit's start and answer is in a ledger beside the database.
 */
final class KilledAtAStep {

  static final String READY = "ready";

  private static final Duration FOREVER = Duration.ofMinutes(2);
  private static final int IN_FLIGHT = 48;
  private static final int ONE_IN_SO_MANY_FAILS = 5;
  private static final int REFUSED_PART = 13;

  private final SqliteDatabase database;
  private final Ledger ledger;

  private KilledAtAStep(SqliteDatabase database, Ledger ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    long first = Long.parseLong(arguments[2]);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println(READY);
    if (commands.readLine() == null) {
      return;
    }
    try (Ledger ledger = new Ledger(Path.of(arguments[1]));
        SqliteDatabase database =
            SqliteDatabase.builder(file).config(c -> c.walCheckpointFrames(64)).build()) {
      createTable(database);
      KillSwitch.arm(KillPoint.valueOf(arguments[3]), Integer.parseInt(arguments[4]));
      new KilledAtAStep(database, ledger).write(first);
    }
  }

  /** No key, so that a unit that is written twice shows; one number that no part may have. */
  private static void createTable(SqliteDatabase database) {
    database
        .script(
            "CREATE TABLE IF NOT EXISTS entry (unit INTEGER, part INTEGER CHECK (part <> "
                + REFUSED_PART
                + "), body BLOB)")
        .block(FOREVER);
  }

  private void write(long first) {
    Flux.<Long, Long>generate(
            () -> first,
            (next, sink) -> {
              sink.next(next);
              return next + 1;
            })
        .flatMap(this::unit, IN_FLIGHT, 1)
        .then()
        .block(FOREVER);
  }

  private Mono<Void> unit(long unit) {
    boolean fails = unit % ONE_IN_SO_MANY_FAILS == 0;
    long turn = unit / ONE_IN_SO_MANY_FAILS + unit;
    Way way = Way.REPEATABLE.get((int) (turn % Way.REPEATABLE.size()));
    Mono<?> write = fails ? failing(unit, (int) (turn % 4)) : way.write(database, unit);
    return Mono.defer(
        () -> {
          ledger.note(Fate.STARTED, way, unit);
          return write
              .then()
              .doOnSuccess(
                  done -> {
                    ledger.note(Fate.ACKNOWLEDGED, way, unit);
                    if (fails) {
                      System.out.println("error: a unit that must fail succeeded");
                    }
                  })
              .onErrorResume(
                  failed -> {
                    ledger.note(Fate.FAILED, way, unit);
                    if (!fails) {
                      System.out.println("error: " + failed);
                    }
                    return Mono.empty();
                  });
        });
  }

  /** A unit that has written a row when it fails. */
  private Mono<?> failing(long unit, int kind) {
    return switch (kind) {
      case 0 -> refused("FAIL", unit);
      case 1 -> refused("ROLLBACK", unit);
      case 2 ->
          database.write(
              session -> {
                session
                    .update("INSERT INTO entry (unit, part) VALUES (?, 0)")
                    .bind(1, unit)
                    .execute();
                throw new IllegalStateException("The unit gives up");
              });
      default ->
          database.withTransaction(
              transaction ->
                  transaction
                      .update("INSERT INTO entry (unit, part) VALUES (?, 0)")
                      .bind(1, unit)
                      .rowsUpdated()
                      .then(Mono.error(new IllegalStateException("The transaction gives up"))));
    };
  }

  private Mono<Long> refused(String conflict, long unit) {
    return database
        .update(
            "INSERT OR "
                + conflict
                + " INTO entry (unit, part) VALUES (?1, 0), (?1, "
                + REFUSED_PART
                + ")")
        .bind(1, unit)
        .rowsUpdated();
  }
}
