package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.demo.lab.ChildJvm;
import io.github.reactivesqlite.demo.lab.LabChild;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.OpenFiles;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Trial;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.error.TransientDatabaseException;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Server and task consumer on reactive-sqlite. A request writes to both databases, the server's
 * first; a task does so the other way round. Neither pipeline is atomic over the two, and neither
 * holds one lock while it asks for the other.
 */
final class TwoProcessesOnLibrary implements Step.Side {

  private static final OperationOptions REQUEST = OperationOptions.labelled("request");
  private static final OperationOptions TASK = OperationOptions.labelled("task");
  private static final int MOST_CONNECTIONS = 1 + SqliteDefaults.READERS + 1;

  @Override
  public void run(Trial trial) throws Exception {
    Path serverFile = trial.file(TwoProcesses.SERVER_DB);
    Path tasksFile = trial.file(TwoProcesses.TASKS_DB);
    trial.tally().add(Metric.TASKS_FAILED, 0);
    try (MeasuredDatabase server = MeasuredDatabase.open(serverFile, trial.tally());
        MeasuredDatabase tasks = MeasuredDatabase.open(tasksFile, trial.tally())) {
      server
          .db()
          .script(String.join(";", TwoProcesses.SERVER_SCHEMA))
          .block(MeasuredDatabase.BOUND);
      tasks.db().script(String.join(";", TwoProcesses.TASKS_SCHEMA)).block(MeasuredDatabase.BOUND);
      server.begin();
      tasks.begin();
      try (ChildJvm consumer =
          trial.child(
              TwoProcesses.ROLE_AFTER, serverFile, tasksFile, trial.duration().toMillis())) {
        consumer.awaitReady();
        trial.begin();
        consumer.go();
        trial.inParallel(
            2,
            index -> {
              if (index == 0) {
                requests(trial, server, tasks)
                    .blockLast(trial.duration().plus(MeasuredDatabase.BOUND));
              } else {
                TwoProcesses.sampleWal(trial, serverFile, tasksFile);
              }
            });
        trial.end();
        consumer.awaitDone();
      }
      trial.tally().set(Metric.WAL_END, TwoProcesses.walBytes(serverFile, tasksFile));
      connections(trial, serverFile);
      connections(trial, tasksFile);
      figures(trial, server);
      figures(trial, tasks);
    }
  }

  private static Flux<Long> requests(Trial trial, MeasuredDatabase server, MeasuredDatabase tasks) {
    ReactiveDatabase serverDb = server.db().with(REQUEST);
    ReactiveDatabase tasksDb = tasks.db().with(REQUEST);
    Mono<Long> request =
        tasksDb
            .query("SELECT count(*) FROM task WHERE done = 0")
            .mapTo(Long.class)
            .one()
            .then(
                serverDb
                    .update("INSERT INTO request (body) VALUES (?1)")
                    .bind(1, TwoProcesses.PAYLOAD)
                    .rowsUpdated())
            .then(
                tasksDb
                    .update("INSERT INTO task (payload) VALUES (?1)")
                    .bind(1, TwoProcesses.PAYLOAD)
                    .rowsUpdated());
    return Flux.range(0, trial.workers())
        .flatMap(
            worker ->
                Mono.delay(TwoProcesses.REQUEST).then(server.timed(request)).repeat(trial::running),
            trial.workers());
  }

  /** The greatest number that a database of ours may have open is no leak. */
  private static void connections(Trial trial, Path file) {
    OpenFiles.count(file)
        .ifPresent(
            open ->
                trial.tally().add(Metric.CONNECTIONS_LEAKED, Math.max(0, open - MOST_CONNECTIONS)));
  }

  private static void figures(Trial trial, MeasuredDatabase measured) {
    trial.tally().add(Metric.RETRIES, measured.stats().lock().retries());
    trial
        .tally()
        .add(
            Metric.UNITS_BLOCKED,
            measured.meters().find(MeterNames.LOCK_WAIT).timers().stream()
                .mapToLong(Timer::count)
                .sum());
  }

  /** The task consumer. */
  static void child(LabChild child) throws Exception {
    Path serverFile = Path.of(child.argument(0));
    Path tasksFile = Path.of(child.argument(1));
    Trial trial = child.trial(serverFile, 1, child.number(2));
    try (MeasuredDatabase server = MeasuredDatabase.open(serverFile, child.tally());
        MeasuredDatabase tasks = MeasuredDatabase.open(tasksFile, child.tally())) {
      child.awaitGo();
      trial.begin();
      for (int turn = 0; trial.running(); turn++) {
        boolean longTask = turn % TwoProcesses.LONG_EVERY == 0;
        if (longTask) {
          holdTooLong(trial, server.db());
          // What the message of the error says: the work first, the transaction after it
          trial.pause(TwoProcesses.hold(trial.duration()));
        }
        boolean done =
            Boolean.TRUE.equals(
                consume(server, tasks.db().with(TASK)).block(MeasuredDatabase.BOUND));
        trial.tally().count(done ? Metric.TASKS_DONE : Metric.TASKS_FAILED);
        trial.pause(TwoProcesses.BETWEEN_TASKS);
      }
      server.figures();
    }
  }

  /** The task as it was: it is stopped at its limit, and the server goes on. */
  private static void holdTooLong(Trial trial, SqliteDatabase server) {
    Duration hold = TwoProcesses.hold(trial.duration());
    server
        .with(TASK.transactionTimeout(hold.dividedBy(2)))
        .withTransaction(
            transaction ->
                transaction
                    .update("INSERT INTO result (task) VALUES (0)")
                    .rowsUpdated()
                    .then(Mono.delay(hold)))
        .onErrorResume(
            TransactionTimeoutException.class,
            capped -> {
              trial.tally().count(Metric.HOLDS_CAPPED);
              return Mono.empty();
            })
        .block(MeasuredDatabase.BOUND);
  }

  private static Mono<Boolean> consume(MeasuredDatabase server, ReactiveDatabase tasks) {
    return tasks
        .query("SELECT id FROM task WHERE done = 0 ORDER BY id LIMIT 1")
        .mapTo(Long.class)
        .one()
        .defaultIfEmpty(0L)
        .flatMap(
            task ->
                tasks
                    .update("UPDATE task SET done = 1 WHERE id = ?1")
                    .bind(1, task)
                    .rowsUpdated()
                    .then(
                        server
                            .db()
                            .with(TASK)
                            .update("INSERT INTO result (task) VALUES (?1)")
                            .bind(1, task)
                            .rowsUpdated()))
        .thenReturn(true)
        .onErrorResume(TransientDatabaseException.class, server::givenUp);
  }
}
