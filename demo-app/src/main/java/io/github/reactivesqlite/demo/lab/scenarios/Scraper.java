package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.ChildJvm;
import io.github.reactivesqlite.demo.lab.Expectation;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Tally;
import io.github.reactivesqlite.demo.lab.Trial;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A scraper: ten threads with twenty writes each, and five copies of the program side by side. */
final class Scraper implements Scenario {

  static final String ROLE_BEFORE = "scraper-before";
  static final String ROLE_AFTER = "scraper-after";
  static final int PROCESSES = 5;
  static final int WRITES = 20;
  static final int HOSTS = 4;

  /** Fetching a page. */
  static final Duration FETCH = Duration.ofMillis(25);

  static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE page (id INTEGER PRIMARY KEY, process INTEGER NOT NULL, host INTEGER NOT"
              + " NULL, body TEXT NOT NULL)",
          "CREATE TABLE pattern (host INTEGER PRIMARY KEY, seen INTEGER NOT NULL)");

  private static final Duration SAMPLE = Duration.ofMillis(50);

  @Override
  public String name() {
    return "scraper";
  }

  @Override
  public String title() {
    return "Scraper";
  }

  @Override
  public String story() {
    return "10 threads fetch pages and write 20 of them each, all at once, and five copies of the"
        + " program do so on one file. What was learned about a host is a counter that all share:"
        + " read, added to in the program, written back. Every write opens a connection.";
  }

  @Override
  public String operation() {
    return "page with its counter";
  }

  @Override
  public int defaultWorkers() {
    return 10;
  }

  @Override
  public int defaultSeconds() {
    return 15;
  }

  @Override
  public boolean warmsUp() {
    return false;
  }

  @Override
  public List<Step> steps() {
    return List.of(
        Step.before(trial -> run(trial, ROLE_BEFORE)), Step.after(trial -> run(trial, ROLE_AFTER)));
  }

  private static void run(Trial trial, String role) throws Exception {
    Path file = trial.file("pages.db");
    prepare(file);
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int process = 0; process < PROCESSES; process++) {
        children.add(
            trial.child(
                role, file, process, trial.workers(), trial.duration().toMillis(), trial.folder()));
      }
      for (ChildJvm child : children) {
        child.awaitReady();
      }
      trial.begin();
      for (ChildJvm child : children) {
        child.go();
      }
      List<Duration> ends = new ArrayList<>();
      trial.inParallel(
          PROCESSES + 1,
          index -> {
            if (index == PROCESSES) {
              watch(trial, ends);
            } else {
              try {
                children.get(index).awaitDone();
              } finally {
                synchronized (ends) {
                  ends.add(trial.elapsed());
                }
              }
            }
          });
      trial.end();
      long fastest = ends.stream().mapToLong(Duration::toNanos).min().orElse(0);
      long slowest = ends.stream().mapToLong(Duration::toNanos).max().orElse(1);
      trial.tally().set(Metric.FAIRNESS, (double) fastest / slowest);
    } finally {
      children.forEach(ChildJvm::close);
    }
    count(trial, file);
  }

  private static void prepare(Path file) throws Exception {
    try (Connection connection = PlainJdbc.DRIVER_DEFAULTS.open(file)) {
      PlainJdbc.run(connection, SCHEMA);
      for (int host = 0; host < HOSTS; host++) {
        PlainJdbc.update(connection, "INSERT INTO pattern VALUES (?, 0)", host);
      }
    }
  }

  /** Says how far the children are: they tell what they count as they go. */
  static void watch(Trial trial, List<Duration> ends) throws Exception {
    double writes = (double) PROCESSES * trial.workers() * WRITES;
    Tally tally = trial.tally();
    while (!trial.cancelled()) {
      synchronized (ends) {
        if (ends.size() == PROCESSES) {
          return;
        }
      }
      long ended = tally.counted(Metric.OPERATIONS) + tally.counted(Metric.GIVEN_UP);
      trial.progress(ended / writes);
      trial.pause(SAMPLE);
    }
  }

  private static void count(Trial trial, Path file) throws Exception {
    int perProcess = trial.workers() * WRITES;
    try (Connection connection = PlainJdbc.DRIVER_DEFAULTS.open(file)) {
      int complete = 0;
      for (int process = 0; process < PROCESSES; process++) {
        long rows =
            PlainJdbc.number(connection, "SELECT count(*) FROM page WHERE process = ?", process);
        complete += rows == perProcess ? 1 : 0;
      }
      long rows = PlainJdbc.number(connection, "SELECT count(*) FROM page");
      trial.tally().set(Metric.ROWS_EXPECTED, PROCESSES * (long) perProcess);
      trial.tally().set(Metric.ROWS, rows);
      trial.tally().set(Metric.PROCESSES_COMPLETE, complete);
      trial.tally().set(Metric.COUNTER_EXPECTED, rows);
      trial
          .tally()
          .set(Metric.COUNTER, PlainJdbc.number(connection, "SELECT sum(seen) FROM pattern"));
    }
  }

  static String body(int process, int thread, int write) {
    return "Page "
        + write
        + " of thread "
        + thread
        + " of process "
        + process
        + ". "
        + "Some words of a page. ".repeat(40);
  }

  @Override
  public List<Metric> table() {
    return List.of(
        Metric.ROWS_EXPECTED,
        Metric.ROWS,
        Metric.PROCESSES_COMPLETE,
        Metric.COUNTER_EXPECTED,
        Metric.COUNTER,
        Metric.LOCK_ERRORS,
        Metric.RETRIES,
        Metric.GIVEN_UP,
        Metric.WRITE_P50,
        Metric.WRITE_P99,
        Metric.WRITE_MAX,
        Metric.FAIRNESS,
        Metric.CONNECTIONS);
  }

  @Override
  public List<Metric> chart() {
    return List.of(Metric.ROWS, Metric.COUNTER, Metric.LOCK_ERRORS);
  }

  @Override
  public List<Expectation> expectations() {
    return List.of(
        Expectation.sameAs(Metric.ROWS, Metric.ROWS_EXPECTED),
        Expectation.exactly(Metric.PROCESSES_COMPLETE, PROCESSES),
        Expectation.sameAs(Metric.COUNTER, Metric.ROWS_EXPECTED),
        Expectation.none(Metric.LOCK_ERRORS),
        Expectation.none(Metric.GIVEN_UP),
        Expectation.atLeast(Metric.FAIRNESS, 0.5));
  }

  @Override
  public Map<Metric, String> reported() {
    return Map.of(
        Metric.LOCK_ERRORS, "database is locked",
        Metric.COUNTER, "updates lost",
        Metric.CONNECTIONS, "without limits");
  }
}
