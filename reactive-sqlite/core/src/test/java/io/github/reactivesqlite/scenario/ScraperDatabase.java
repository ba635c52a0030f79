package io.github.reactivesqlite.scenario;

import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A scraper's database: pages, shared counters, the patterns learned for each host, and hosts that
 * are left alone after failures.
 */
final class ScraperDatabase implements AutoCloseable {

  static final int TASKS = 10;
  static final int WRITES = 20;
  static final int HOSTS = 4;
  static final Duration SOON = Duration.ofSeconds(60);

  private final SqliteDatabase database;

  ScraperDatabase(Path file) {
    this.database = SqliteDatabase.open(file);
  }

  SqliteDatabase database() {
    return database;
  }

  void createTables() {
    database
        .script(
            """
            CREATE TABLE IF NOT EXISTS page (
              id INTEGER PRIMARY KEY, program TEXT, task INTEGER, number INTEGER, host TEXT,
              UNIQUE (program, task, number));
            CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS pattern (
              host TEXT, pattern TEXT, seen INTEGER NOT NULL, PRIMARY KEY (host, pattern));
            CREATE TABLE IF NOT EXISTS penalty (host TEXT PRIMARY KEY, failures INTEGER NOT NULL);
            INSERT OR IGNORE INTO counter VALUES ('pages', 0), ('failures', 0);
            """)
        .block(SOON);
  }

  /** All tasks at once, each with all its writes at once. */
  Mono<Void> scrape(String program) {
    return Flux.range(0, TASKS).flatMap(task -> scrapeTask(program, task), TASKS).then();
  }

  private Mono<Void> scrapeTask(String program, int task) {
    return Flux.range(0, WRITES)
        .flatMap(
            number -> database.<Long>write(session -> save(session, program, task, number)), WRITES)
        .then();
  }

  private static long save(WriteSession session, String program, int task, int number) {
    String host = "host-" + (task + number) % HOSTS;
    session
        .update("INSERT INTO page (program, task, number, host) VALUES (?, ?, ?, ?)")
        .bind(1, program)
        .bind(2, task)
        .bind(3, number)
        .bind(4, host)
        .execute();
    session
        .update("INSERT INTO pattern VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET seen = seen + 1")
        .bind(1, host)
        .bind(2, "/item/" + number % 3)
        .execute();
    if (isFailure(number)) {
      session
          .update(
              "INSERT INTO penalty VALUES (?, 1) ON CONFLICT DO UPDATE SET failures = failures + 1")
          .bind(1, host)
          .execute();
      session.update("UPDATE counter SET n = n + 1 WHERE name = 'failures'").execute();
    }
    return session.update("UPDATE counter SET n = n + 1 WHERE name = 'pages'").execute();
  }

  private static boolean isFailure(int number) {
    return number % 5 == 0;
  }

  /** How many of a task's writes meet a failing host. */
  static int failuresPerTask() {
    int failures = 0;
    for (int number = 0; number < WRITES; number++) {
      failures += isFailure(number) ? 1 : 0;
    }
    return failures;
  }

  long number(String sql) {
    return database.query(sql).mapTo(Long.class).one().blockOptional(SOON).orElseThrow();
  }

  @Override
  public void close() {
    database.close();
  }
}
