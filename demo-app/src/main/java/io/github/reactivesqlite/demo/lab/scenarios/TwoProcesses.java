package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.Expectation;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Trial;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server and a task consumer: two processes on two databases. */
final class TwoProcesses implements Scenario {

  static final String ROLE_BEFORE = "two-processes-before";
  static final String ROLE_AFTER = "two-processes-after";

  static final String SERVER_DB = "server.db";
  static final String TASKS_DB = "tasks.db";

  static final List<String> SERVER_SCHEMA =
      List.of(
          "CREATE TABLE request (id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
          "CREATE TABLE result (id INTEGER PRIMARY KEY, task INTEGER NOT NULL)");
  static final List<String> TASKS_SCHEMA =
      List.of(
          "CREATE TABLE task (id INTEGER PRIMARY KEY, payload TEXT NOT NULL, done INTEGER NOT NULL"
              + " DEFAULT 0)",
          "CREATE INDEX task_open ON task (id) WHERE done = 0");

  /** Between two requests of a thread. */
  static final Duration REQUEST = Duration.ofMillis(100);

  /** Between two tasks. */
  static final Duration BETWEEN_TASKS = Duration.ofMillis(200);

  /** Every so many tasks, one does its work inside the transaction. */
  static final int LONG_EVERY = 5;

  /** About 30 kB. */
  static final String PAYLOAD = "Something that a task needs to know. ".repeat(800);

  /** Minutes in the application. */
  static Duration hold(Duration side) {
    return side.dividedBy(8);
  }

  @Override
  public String name() {
    return "two-processes";
  }

  @Override
  public String title() {
    return "Server and task consumer";
  }

  @Override
  public String story() {
    return "A server and a task consumer share two databases, one with a rollback journal and"
        + " busy_timeout 0, one with a write-ahead log. Tasks hold a transaction while they work;"
        + " a request that fails leaves its connections open, with what they were reading.";
  }

  @Override
  public String operation() {
    return "request, which writes to both databases";
  }

  @Override
  public int defaultWorkers() {
    return 8;
  }

  @Override
  public int defaultSeconds() {
    return 10;
  }

  @Override
  public boolean warmsUp() {
    return false;
  }

  @Override
  public List<Step> steps() {
    return List.of(Step.before(new TwoProcessesOnJdbc()), Step.after(new TwoProcessesOnLibrary()));
  }

  @Override
  public List<Metric> table() {
    return List.of(
        Metric.OPERATIONS,
        Metric.RATE,
        Metric.LOCK_ERRORS,
        Metric.GIVEN_UP,
        Metric.FAILURE_RATE,
        Metric.TASKS_DONE,
        Metric.TASKS_FAILED,
        Metric.RETRIES,
        Metric.UNITS_BLOCKED,
        Metric.HOLDS_CAPPED,
        Metric.HOLD_MAX,
        Metric.WRITE_P50,
        Metric.WRITE_P99,
        Metric.WRITE_MAX,
        Metric.CONNECTIONS_LEAKED,
        Metric.WAL_MAX,
        Metric.WAL_END);
  }

  @Override
  public List<Metric> chart() {
    return List.of(Metric.OPERATIONS, Metric.LOCK_ERRORS, Metric.WAL_MAX);
  }

  @Override
  public List<Expectation> expectations() {
    return List.of(
        Expectation.atLeast(Metric.OPERATIONS, 1),
        Expectation.atLeast(Metric.TASKS_DONE, 1),
        Expectation.none(Metric.LOCK_ERRORS),
        Expectation.none(Metric.GIVEN_UP),
        Expectation.none(Metric.TASKS_FAILED),
        Expectation.atLeast(Metric.HOLDS_CAPPED, 1),
        Expectation.atLeast(Metric.UNITS_BLOCKED, 1),
        Expectation.atMost(Metric.WRITE_MAX, 5_000),
        Expectation.none(Metric.CONNECTIONS_LEAKED),
        Expectation.below(Metric.WAL_MAX, 10e6));
  }

  @Override
  public Map<Metric, String> reported() {
    return Map.of(
        Metric.LOCK_ERRORS, "immediate failures",
        Metric.HOLD_MAX, "minutes",
        Metric.CONNECTIONS_LEAKED, "leaked",
        Metric.WAL_END, "never truncated");
  }

  /** The larger log of the two databases; stat alone, nothing is opened. */
  static long walBytes(Path serverFile, Path tasksFile) {
    return Math.max(new File(serverFile + "-wal").length(), new File(tasksFile + "-wal").length());
  }

  static void sampleWal(Trial trial, Path serverFile, Path tasksFile) throws InterruptedException {
    while (trial.running()) {
      long bytes = walBytes(serverFile, tasksFile);
      trial.tally().greatest(Metric.WAL_MAX, bytes);
      trial.pause(Duration.ofMillis(50));
    }
  }
}
