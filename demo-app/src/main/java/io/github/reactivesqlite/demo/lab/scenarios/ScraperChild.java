package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.demo.lab.LabChild;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.OpenFiles;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Tally;
import io.github.reactivesqlite.demo.lab.Tally.Timing;
import io.github.reactivesqlite.demo.lab.Trial;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One copy of the scraper. */
final class ScraperChild {

  private static final int WARM_UP_WRITES = 10;

  /** Everything as it was: a connection per write, the driver's settings, no second try. */
  static void before(LabChild child) throws Exception {
    Path file = Path.of(child.argument(0));
    int process = child.number(1);
    int threads = child.number(2);
    Path scratch = Path.of(child.argument(4)).resolve("warm-up-" + process + ".db");
    warmUp(child, scratch, threads);
    Tally tally = child.tally();
    tally.add(Metric.LOCK_ERRORS, 0);
    tally.add(Metric.RETRIES, 0);
    tally.add(Metric.GIVEN_UP, 0);
    Trial trial = child.trial(file, threads, child.number(3));
    child.awaitGo();
    trial.begin();
    trial.inParallel(
        threads,
        thread -> {
          for (int write = 0; write < Scraper.WRITES && !trial.cancelled(); write++) {
            trial.pause(Scraper.FETCH);
            writeCounted(trial, file, process, thread, write);
          }
        });
  }

  private static void warmUp(LabChild child, Path scratch, int threads) throws Exception {
    try (Connection connection = PlainJdbc.DRIVER_DEFAULTS.open(scratch)) {
      PlainJdbc.run(connection, Scraper.SCHEMA);
      PlainJdbc.update(connection, "INSERT INTO pattern VALUES (0, 0)");
    }
    Trial unseen = child.unseenTrial(scratch, threads);
    for (int write = 0; write < WARM_UP_WRITES; write++) {
      writeCounted(unseen, scratch, 0, 0, write);
    }
  }

  private static void writeCounted(Trial trial, Path file, int process, int thread, int write)
      throws SQLException, InterruptedException {
    long since = System.nanoTime();
    boolean done =
        LockRetries.NONE.run(trial, () -> write(trial.tally(), file, process, thread, write));
    trial.tally().time(Timing.WRITE, since);
    trial.tally().count(done ? Metric.OPERATIONS : Metric.GIVEN_UP);
  }

  private static void write(Tally tally, Path file, int process, int thread, int write)
      throws SQLException {
    int host = (thread + write) % Scraper.HOSTS;
    try (Connection connection = PlainJdbc.DRIVER_DEFAULTS.open(file)) {
      PlainJdbc.update(
          connection,
          "INSERT INTO page (process, host, body) VALUES (?, ?, ?)",
          process,
          host,
          Scraper.body(process, thread, write));
      long seen = PlainJdbc.number(connection, "SELECT seen FROM pattern WHERE host = ?", host);
      PlainJdbc.update(connection, "UPDATE pattern SET seen = ? WHERE host = ?", seen + 1, host);
      OpenFiles.count(file).ifPresent(count -> tally.greatest(Metric.CONNECTIONS, count));
    }
  }

  /** The same pages on reactive-sqlite: page and counter are one unit. */
  static void after(LabChild child) throws Exception {
    Path file = Path.of(child.argument(0));
    int process = child.number(1);
    int threads = child.number(2);
    Path scratch = Path.of(child.argument(4)).resolve("warm-up-" + process + ".db");
    warmUpLibrary(child, scratch);
    try (MeasuredDatabase measured = MeasuredDatabase.open(file, child.tally())) {
      Trial trial = child.trial(file, threads, child.number(3));
      child.awaitGo();
      trial.begin();
      pages(trial, measured, process, threads, Scraper.WRITES)
          .blockLast(trial.duration().plus(MeasuredDatabase.BOUND));
      measured.countConnections();
      measured.figures();
    }
  }

  private static void warmUpLibrary(LabChild child, Path scratch) {
    Trial unseen = child.unseenTrial(scratch, 1);
    try (MeasuredDatabase measured = MeasuredDatabase.open(scratch, unseen.tally())) {
      measured.db().script(String.join(";", Scraper.SCHEMA)).block(MeasuredDatabase.BOUND);
      pages(unseen, measured, 0, 1, WARM_UP_WRITES).blockLast(MeasuredDatabase.BOUND);
    }
  }

  private static Flux<Integer> pages(
      Trial trial, MeasuredDatabase measured, int process, int threads, int writes) {
    return Flux.range(0, threads)
        .flatMap(
            thread ->
                Flux.range(0, writes)
                    .takeWhile(write -> !trial.cancelled())
                    .concatMap(
                        write ->
                            Mono.delay(Scraper.FETCH)
                                .then(
                                    measured.timed(
                                        measured
                                            .db()
                                            .write(
                                                session ->
                                                    save(session, process, thread, write))))),
            threads);
  }

  private static int save(WriteSession session, int process, int thread, int write) {
    int host = (thread + write) % Scraper.HOSTS;
    session
        .update("INSERT INTO page (process, host, body) VALUES (?1, ?2, ?3)")
        .bind(1, process)
        .bind(2, host)
        .bind(3, Scraper.body(process, thread, write))
        .execute();
    session.update("UPDATE pattern SET seen = seen + 1 WHERE host = ?1").bind(1, host).execute();
    return write;
  }

  private ScraperChild() {}
}
