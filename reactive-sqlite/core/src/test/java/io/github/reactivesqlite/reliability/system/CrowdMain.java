package io.github.reactivesqlite.reliability.system;

import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Hundreds of reads, streams, snapshots, writes and transactions at once, each begun anew when it
 * has ended; then the database is closed under them, and the program ends.
 */
final class CrowdMain {

  static final String RUNNING = "running ";
  static final String CLOSED = "closed ";

  private static final int OF_EACH = 40;

  private final AtomicLong started = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final Map<String, AtomicLong> errors = new ConcurrentSkipListMap<>();
  private final SqliteDatabase database;
  private final Trials trials;

  private CrowdMain(SqliteDatabase database, Trials trials) {
    this.database = database;
    this.trials = trials;
  }

  public static void main(String[] arguments) throws Exception {
    try (SqliteDatabase database =
            SqliteDatabase.builder(Path.of(arguments[0]))
                .config(
                    config -> config.closeTimeout(Duration.ofMillis(Long.parseLong(arguments[2]))))
                .build();
        Trials trials = new Trials(Path.of(arguments[1]), 0)) {
      Trials.prepare(database);
      Bounded.get(
          database.script(
              "CREATE TABLE number (i INTEGER PRIMARY KEY); WITH RECURSIVE n(i) AS (SELECT 1"
                  + " UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO number SELECT i FROM n"));
      CrowdMain crowd = new CrowdMain(database, trials);
      crowd.begin();
      Bounded.until("all kinds were answered", () -> crowd.answered.get() > 20 * OF_EACH);
      System.out.println(RUNNING + crowd.started.get());
      long begun = System.nanoTime();
      database.close();
      long took = (System.nanoTime() - begun) / 1_000_000;
      Bounded.until("everybody is answered", () -> crowd.answered.get() == crowd.started.get());
      System.out.println(
          CLOSED
              + took
              + " ms, "
              + crowd.started.get()
              + " subscriptions, "
              + crowd.answered.get()
              + " answered, "
              + crowd.errors);
    }
  }

  private void begin() {
    for (Way way : Way.REPEATABLE) {
      repeat(
          () ->
              trials
                  .attempt(database, way)
                  .flatMap(
                      answer ->
                          answer.isAcknowledged() ? Mono.empty() : Mono.error(answer.failure())));
    }
    repeat(() -> database.query("SELECT count(*) FROM number").mapTo(Long.class).one());
    repeat(
        () -> database.query("SELECT i FROM number").mapTo(Long.class).all().limitRate(16).then());
    repeat(
        () ->
            database
                .query("SELECT i FROM number")
                .mapTo(Long.class)
                .all()
                .delayUntil(i -> i % 300 == 0 ? Mono.delay(Duration.ofMillis(1)) : Mono.empty())
                .then());
    repeat(
        () ->
            database.withSnapshot(
                snapshot ->
                    snapshot
                        .query("SELECT max(i) FROM number")
                        .mapTo(Long.class)
                        .one()
                        .delayElement(Duration.ofMillis(3))));
    repeat(
        () ->
            database.read(
                session -> session.query("SELECT 1").mapTo(Long.class).one().orElseThrow()));
    repeat(
        () ->
            database.withTransaction(
                transaction ->
                    transaction
                        .query("SELECT min(i) FROM number")
                        .mapTo(Long.class)
                        .one()
                        .delayElement(Duration.ofMillis(2))));
  }

  /** So many at a time, each until the database is closed. */
  private void repeat(Supplier<Mono<?>> operation) {
    Flux.range(0, OF_EACH)
        .flatMap(
            i ->
                Mono.defer(
                        () -> {
                          started.incrementAndGet();
                          return operation
                              .get()
                              .then()
                              .doOnError(this::count)
                              .onErrorComplete()
                              .doOnTerminate(answered::incrementAndGet);
                        })
                    .repeat(() -> !errors.containsKey("DatabaseClosedException"))
                    .then(),
            OF_EACH)
        .subscribe();
  }

  private void count(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null
        && !root.getClass().getSimpleName().equals("DatabaseClosedException")) {
      root = root.getCause();
    }
    errors
        .computeIfAbsent(root.getClass().getSimpleName(), name -> new AtomicLong())
        .incrementAndGet();
  }
}
