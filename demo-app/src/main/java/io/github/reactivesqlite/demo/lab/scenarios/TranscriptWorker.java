package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Trial;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A worker as it was.
 *
 * @param trial time and tally
 * @param jdbc settings
 * @param file the database
 * @param port of the service
 * @param process which process it is in
 */
record TranscriptWorker(Trial trial, PlainJdbc jdbc, Path file, int port, String process) {

  private static final Duration IDLE = Duration.ofMillis(50);

  /** 5 s in the application, whose side lasts hours. */
  private static final Duration AFTER_ERROR = Duration.ofMillis(200);

  void run() throws SQLException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    try (Connection connection = jdbc.open(file)) {
      while (trial.running()) {
        long job;
        try {
          job = claim(connection);
        } catch (SQLException e) {
          countLock(e);
          trial.pause(AFTER_ERROR);
          continue;
        }
        if (job == 0) {
          trial.pause(IDLE);
        } else {
          handle(client, connection, job);
        }
      }
    }
  }

  /** Two workers can see the same job before either has marked it. */
  private long claim(Connection connection) throws SQLException {
    long job =
        PlainJdbc.number(
            connection,
            "SELECT id FROM job WHERE status = 'pending' ORDER BY priority DESC, id LIMIT 1");
    if (job != 0) {
      PlainJdbc.update(
          connection, "UPDATE job SET status = 'running', worker = ? WHERE id = ?", process, job);
    }
    return job;
  }

  private void handle(HttpClient client, Connection connection, long job)
      throws SQLException, InterruptedException {
    try {
      HttpResponse<String> answer =
          client.send(TranscriptService.request(port, job, process), BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        save(connection, job, answer.body());
        trial.tally().count(Metric.OPERATIONS);
      } else {
        fail(connection, job, "HTTP " + answer.statusCode());
        trial.tally().count(Metric.OPERATIONS);
      }
    } catch (IOException e) {
      fail(connection, job, "HTTP: " + e.getClass().getSimpleName());
    } catch (SQLException e) {
      countLock(e);
      fail(connection, job, "database is locked");
    }
  }

  private void save(Connection connection, long job, String text) throws SQLException {
    connection.setAutoCommit(false);
    try {
      // Is it still wanted?
      if (PlainJdbc.number(connection, "SELECT count(*) FROM episode WHERE id = ?", job) == 1) {
        PlainJdbc.update(connection, "INSERT INTO transcript VALUES (?, ?)", job, text);
        PlainJdbc.update(connection, "UPDATE job SET status = 'completed' WHERE id = ?", job);
      }
      connection.commit();
    } catch (SQLException e) {
      PlainJdbc.rollback(connection);
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void fail(Connection connection, long job, String error) throws SQLException {
    try {
      PlainJdbc.update(
          connection, "UPDATE job SET status = 'failed', error = ? WHERE id = ?", error, job);
    } catch (SQLException e) {
      countLock(e);
      trial.tally().count(Metric.OUTCOMES_LOST);
    }
  }

  private void countLock(SQLException error) throws SQLException {
    if (!PlainJdbc.isLock(error)) {
      throw error;
    }
    trial.tally().count(Metric.LOCK_ERRORS);
  }
}
