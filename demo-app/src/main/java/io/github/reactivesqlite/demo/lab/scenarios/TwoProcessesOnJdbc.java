package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.ChildJvm;
import io.github.reactivesqlite.demo.lab.LabChild;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Tally;
import io.github.reactivesqlite.demo.lab.Tally.Timing;
import io.github.reactivesqlite.demo.lab.Trial;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Server and task consumer on the driver. */
final class TwoProcessesOnJdbc implements Step.Side {

  private static final PlainJdbc SERVER = new PlainJdbc(0, List.of("journal_mode=DELETE"));
  private static final PlainJdbc TASKS = new PlainJdbc(-1, List.of("journal_mode=WAL"));

  /** The lab runs in a process that lives on: beyond these, connections are closed after all. */
  private static final int MOST_LEAKED = 400;

  /** Connections that the application forgot, closed when everything is measured. */
  private final Leak<Connection> leaked = new Leak<>(MOST_LEAKED);

  @Override
  public void run(Trial trial) throws Exception {
    Path serverFile = trial.file(TwoProcesses.SERVER_DB);
    Path tasksFile = trial.file(TwoProcesses.TASKS_DB);
    for (Metric zero :
        List.of(
            Metric.LOCK_ERRORS,
            Metric.GIVEN_UP,
            Metric.CONNECTIONS_LEAKED,
            Metric.TASKS_DONE,
            Metric.TASKS_FAILED)) {
      trial.tally().add(zero, 0);
    }
    create(SERVER, serverFile, TwoProcesses.SERVER_SCHEMA);
    create(TASKS, tasksFile, TwoProcesses.TASKS_SCHEMA);
    try (ChildJvm consumer =
        trial.child(TwoProcesses.ROLE_BEFORE, serverFile, tasksFile, trial.duration().toMillis())) {
      consumer.awaitReady();
      trial.begin();
      consumer.go();
      trial.inParallel(
          trial.workers() + 1,
          index -> {
            if (index < trial.workers()) {
              serve(trial, serverFile, tasksFile);
            } else {
              TwoProcesses.sampleWal(trial, serverFile, tasksFile);
            }
          });
      trial.end();
      consumer.awaitDone();
      trial.tally().set(Metric.WAL_END, TwoProcesses.walBytes(serverFile, tasksFile));
    } finally {
      for (Connection connection : leaked.remember()) {
        connection.close();
      }
    }
  }

  private static void create(PlainJdbc jdbc, Path file, List<String> schema) throws SQLException {
    try (Connection connection = jdbc.open(file)) {
      PlainJdbc.run(connection, schema);
    }
  }

  private void serve(Trial trial, Path serverFile, Path tasksFile)
      throws SQLException, InterruptedException {
    while (trial.running()) {
      trial.pause(TwoProcesses.REQUEST);
      long since = System.nanoTime();
      boolean done =
          LockRetries.NONE.run(trial, () -> request(trial.tally(), serverFile, tasksFile));
      trial.tally().time(Timing.WRITE, since);
      trial.tally().count(done ? Metric.OPERATIONS : Metric.GIVEN_UP);
    }
  }

  private void request(Tally tally, Path serverFile, Path tasksFile) throws SQLException {
    Connection tasks = TASKS.open(tasksFile);
    Connection server = null;
    try {
      tasks.setAutoCommit(false);
      PlainJdbc.number(tasks, "SELECT count(*) FROM task WHERE done = 0");
      server = SERVER.open(serverFile);
      PlainJdbc.update(server, "INSERT INTO request (body) VALUES (?)", TwoProcesses.PAYLOAD);
      // A transaction of its own, as the one above has only read
      tasks.commit();
      PlainJdbc.update(tasks, "INSERT INTO task (payload) VALUES (?)", TwoProcesses.PAYLOAD);
      tasks.commit();
      server.close();
      tasks.close();
    } catch (SQLException e) {
      leak(tally, tasks);
      if (server != null) {
        leak(tally, server);
      }
      throw e;
    }
  }

  private void leak(Tally tally, Connection connection) throws SQLException {
    if (leaked.forget(connection)) {
      tally.count(Metric.CONNECTIONS_LEAKED);
    } else {
      connection.close();
    }
  }

  /** The task consumer. */
  static void child(LabChild child) throws Exception {
    Path serverFile = Path.of(child.argument(0));
    Path tasksFile = Path.of(child.argument(1));
    Trial trial = child.trial(serverFile, 1, child.number(2));
    child.awaitGo();
    trial.begin();
    for (int turn = 0; trial.running(); turn++) {
      boolean longTask = turn % TwoProcesses.LONG_EVERY == 0;
      boolean done =
          LockRetries.NONE.run(trial, () -> consume(trial, serverFile, tasksFile, longTask));
      trial.tally().count(done ? Metric.TASKS_DONE : Metric.TASKS_FAILED);
      trial.pause(TwoProcesses.BETWEEN_TASKS);
    }
  }

  private static void consume(Trial trial, Path serverFile, Path tasksFile, boolean longTask)
      throws SQLException, InterruptedException {
    try (Connection tasks = TASKS.open(tasksFile);
        Connection server = SERVER.open(serverFile)) {
      long task = PlainJdbc.number(tasks, "SELECT id FROM task WHERE done = 0 ORDER BY id LIMIT 1");
      server.setAutoCommit(false);
      PlainJdbc.update(server, "INSERT INTO result (task) VALUES (?)", task);
      long held = System.nanoTime();
      try {
        if (longTask) {
          // The work, with the transaction open
          trial.pause(TwoProcesses.hold(trial.duration()));
        }
        server.commit();
      } finally {
        trial.tally().greatest(Metric.HOLD_MAX, (System.nanoTime() - held) / 1e6);
      }
      PlainJdbc.update(tasks, "UPDATE task SET done = 1 WHERE id = ?", task);
    }
  }
}
