package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.ChildJvm;
import io.github.reactivesqlite.demo.lab.LabChild;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Trial;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The transcripts on the driver, with its defaults. */
final class TranscriptsOnJdbc implements Step.Side {

  private static final PlainJdbc JDBC = PlainJdbc.DRIVER_DEFAULTS;
  private static final Duration SAMPLE = Duration.ofMillis(200);
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE episode (id INTEGER PRIMARY KEY)",
          "CREATE TABLE job (id INTEGER PRIMARY KEY, priority INTEGER NOT NULL DEFAULT 0, status TEXT"
              + " NOT NULL DEFAULT 'pending', worker TEXT, error TEXT)",
          "CREATE TABLE transcript (episode INTEGER NOT NULL, text TEXT NOT NULL)");

  @Override
  public void run(Trial trial) throws Exception {
    Path file = trial.file("transcripts.db");
    try (Connection connection = JDBC.open(file)) {
      PlainJdbc.run(connection, SCHEMA);
    }
    for (Metric zero :
        List.of(Metric.LOCK_ERRORS, Metric.RETRIES, Metric.OUTCOMES_LOST, Metric.JOBS_RESCUED)) {
      trial.tally().add(zero, 0);
    }
    try (TranscriptService service = new TranscriptService(trial);
        ChildJvm other =
            trial.child(
                Transcripts.ROLE_BEFORE,
                file,
                trial.workers(),
                service.port(),
                trial.duration().toMillis())) {
      other.awaitReady();
      AtomicBoolean killed = new AtomicBoolean();
      trial.begin();
      other.go();
      trial.inParallel(
          trial.workers() + 2,
          index -> {
            if (index < trial.workers()) {
              new TranscriptWorker(trial, JDBC, file, service.port(), Transcripts.PARENT).run();
            } else if (index == trial.workers()) {
              refresh(trial, file, service, other, killed);
            } else {
              sample(trial, file, killed);
            }
          });
      trial.end();
    }
    count(trial, file);
  }

  /** A second process of it. */
  static void child(LabChild child) throws Exception {
    Path file = Path.of(child.argument(0));
    int workers = child.number(1);
    Trial trial = child.trial(file, workers, child.number(3));
    child.awaitGo();
    trial.begin();
    trial.inParallel(
        workers,
        index ->
            new TranscriptWorker(trial, JDBC, file, child.number(2), Transcripts.KILLED).run());
  }

  private static void refresh(
      Trial trial, Path file, TranscriptService service, ChildJvm other, AtomicBoolean killed)
      throws Exception {
    try (Connection connection = JDBC.open(file)) {
      connection.setAutoCommit(false);
      for (int burst = 0; burst < Transcripts.BURSTS && trial.running(); burst++) {
        List<Long> episodes = Transcripts.burst(trial, burst);
        insertUntilDone(trial, connection, episodes);
        if (!killed.get()) {
          killed.set(Transcripts.kill(trial, service, other, burst));
        }
        trial.pause(Transcripts.betweenBursts(trial));
      }
    }
  }

  /** A feed comes again with the next refresh, so nothing of it is lost for good. */
  private static void insertUntilDone(Trial trial, Connection connection, List<Long> episodes)
      throws SQLException, InterruptedException {
    while (!trial.cancelled()) {
      try {
        for (long episode : episodes) {
          trial.pause(Transcripts.PARSE);
          PlainJdbc.update(connection, "INSERT INTO episode VALUES (?)", episode);
          PlainJdbc.update(connection, "INSERT INTO job (id) VALUES (?)", episode);
        }
        connection.commit();
        trial.tally().add(Metric.JOBS, episodes.size());
        return;
      } catch (SQLException e) {
        PlainJdbc.rollback(connection);
        if (!PlainJdbc.isLock(e)) {
          throw e;
        }
        trial.tally().count(Metric.LOCK_ERRORS);
        trial.tally().count(Metric.RETRIES);
      }
    }
  }

  private static void sample(Trial trial, Path file, AtomicBoolean killed)
      throws SQLException, InterruptedException {
    try (Connection connection = JDBC.open(file)) {
      while (trial.running()) {
        try {
          long running =
              PlainJdbc.number(connection, "SELECT count(*) FROM job WHERE status = 'running'");
          trial.tally().greatest(Metric.ROWS_RUNNING, running);
          if (killed.get()) {
            trial.tally().greatest(Metric.ROWS_ORPHANED, orphans(connection));
          }
        } catch (SQLException e) {
          if (!PlainJdbc.isLock(e)) {
            throw e;
          }
        }
        trial.pause(SAMPLE);
      }
    }
  }

  private static long orphans(Connection connection) throws SQLException {
    return PlainJdbc.number(
        connection,
        "SELECT count(*) FROM job WHERE status = 'running' AND worker = ?",
        Transcripts.KILLED);
  }

  private static void count(Trial trial, Path file) throws SQLException {
    try (Connection connection = JDBC.open(file)) {
      trial.tally().set(Metric.WORKERS, trial.workers());
      figure(
          trial,
          connection,
          Metric.JOBS_ONCE,
          "SELECT count(*) FROM job WHERE status = 'completed' AND (SELECT count(*) FROM transcript"
              + " WHERE episode = job.id) = 1 OR status = 'failed' AND error LIKE 'HTTP%' AND NOT"
              + " EXISTS (SELECT 1 FROM transcript WHERE episode = job.id)");
      figure(
          trial,
          connection,
          Metric.JOBS_TWICE,
          "SELECT count(*) FROM (SELECT 1 FROM transcript GROUP BY episode HAVING count(*) > 1)");
      figure(
          trial,
          connection,
          Metric.JOBS_DISCARDED,
          "SELECT count(*) FROM job WHERE status = 'failed' AND error LIKE 'HTTP%'");
      figure(
          trial,
          connection,
          Metric.JOBS_FAILED_BY_LOCK,
          "SELECT count(*) FROM job WHERE status = 'failed' AND error NOT LIKE 'HTTP%'");
      // All workers have stopped
      figure(
          trial,
          connection,
          Metric.JOBS_STUCK,
          "SELECT count(*) FROM job WHERE status = 'running'");
    }
  }

  private static void figure(Trial trial, Connection connection, Metric metric, String query)
      throws SQLException {
    trial.tally().set(metric, PlainJdbc.number(connection, query));
  }
}
