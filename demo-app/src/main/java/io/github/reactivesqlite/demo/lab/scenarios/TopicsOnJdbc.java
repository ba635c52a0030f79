package io.github.reactivesqlite.demo.lab.scenarios;

import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.OpenFiles;
import io.github.reactivesqlite.demo.lab.PlainJdbc;
import io.github.reactivesqlite.demo.lab.Step;
import io.github.reactivesqlite.demo.lab.Tally.Timing;
import io.github.reactivesqlite.demo.lab.Trial;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The content generator on the driver.
 *
 * @param jdbc settings of the connections
 * @param retries what happens on a lock
 * @param contentFirst whether content is generated before the transaction begins, and a batch
 *     written at once, instead of item by item while it is open
 */
record TopicsOnJdbc(PlainJdbc jdbc, LockRetries retries, boolean contentFirst)
    implements Step.Side {

  private static final int POOLED = 5;
  private static final Duration SAMPLE = Duration.ofMillis(100);

  @Override
  public void run(Trial trial) throws Exception {
    Path file = trial.file("topics.db");
    trial.tally().add(Metric.RETRIES, 0);
    trial.tally().add(Metric.LOCK_ERRORS, 0);
    trial.tally().add(Metric.GIVEN_UP, 0);
    BlockingQueue<Connection> pool = new LinkedBlockingQueue<>();
    List<Connection> pooled = new ArrayList<>();
    try {
      for (int i = 0; i < POOLED; i++) {
        pooled.add(jdbc.open(file));
      }
      PlainJdbc.run(pooled.get(0), Topics.SCHEMA);
      for (int topic = 0; topic < trial.workers(); topic++) {
        PlainJdbc.update(pooled.get(0), "INSERT INTO topic VALUES (?, 0)", topic);
      }
      pool.addAll(pooled);
      trial.begin();
      trial.inParallel(
          trial.workers() + 1,
          index -> {
            if (index == trial.workers()) {
              sample(trial, file);
            } else {
              generate(trial, file, index, pool);
            }
          });
      trial.end();
    } finally {
      for (Connection connection : pooled) {
        connection.close();
      }
    }
  }

  private static void sample(Trial trial, Path file) throws InterruptedException {
    while (trial.running()) {
      OpenFiles.count(file).ifPresent(count -> trial.tally().greatest(Metric.CONNECTIONS, count));
      trial.pause(SAMPLE);
    }
  }

  private void generate(Trial trial, Path file, int topic, BlockingQueue<Connection> pool)
      throws SQLException, InterruptedException {
    while (trial.running()) {
      if (contentFirst) {
        trial.pause(Topics.GENERATION.multipliedBy(Topics.BATCH));
      }
      long since = System.nanoTime();
      // Part of the program has learned to use the pool, part has not
      boolean usesPool = topic % 2 == 0;
      boolean done =
          retries.run(
              trial,
              () -> {
                Connection connection = usesPool ? pool.take() : jdbc.open(file);
                try {
                  write(trial, connection, topic);
                } finally {
                  if (usesPool) {
                    pool.add(connection);
                  } else {
                    connection.close();
                  }
                }
              });
      trial.tally().time(Timing.WRITE, since);
      trial.tally().count(done ? Metric.OPERATIONS : Metric.GIVEN_UP);
    }
  }

  private void write(Trial trial, Connection connection, int topic)
      throws SQLException, InterruptedException {
    connection.setAutoCommit(false);
    long held = 0;
    try {
      long next =
          1
              + PlainJdbc.number(
                  connection, "SELECT coalesce(max(seq), 0) FROM item WHERE topic_id = ?", topic);
      for (int i = 0; i < Topics.BATCH; i++) {
        if (!contentFirst) {
          trial.pause(Topics.GENERATION);
        }
        PlainJdbc.update(
            connection,
            "INSERT INTO item (topic_id, seq, body) VALUES (?, ?, ?)",
            topic,
            next + i,
            TopicContent.body(topic, next + i));
        held = held == 0 ? System.nanoTime() : held;
        for (String word : TopicContent.keywords(topic, next + i)) {
          PlainJdbc.update(connection, "INSERT INTO keyword VALUES (last_insert_rowid(), ?)", word);
        }
      }
      PlainJdbc.update(
          connection, "UPDATE topic SET items = items + ? WHERE id = ?", Topics.BATCH, topic);
      connection.commit();
      trial.tally().count(Metric.COMMITS);
    } catch (SQLException e) {
      PlainJdbc.rollback(connection);
      throw e;
    } finally {
      if (held != 0) {
        trial.tally().greatest(Metric.HOLD_MAX, (System.nanoTime() - held) / 1e6);
      }
      connection.setAutoCommit(true);
    }
  }
}
