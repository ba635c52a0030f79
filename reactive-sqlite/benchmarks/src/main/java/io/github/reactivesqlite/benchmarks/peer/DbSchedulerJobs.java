package io.github.reactivesqlite.benchmarks.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * db-scheduler over a HikariCP pool: its own table, the threads and limits that its documentation
 * measured, a short interval between polls, and immediate execution.
 */
final class DbSchedulerJobs implements JobsPeer {

  private static final int THREADS = 20;
  private static final double LOWER = 4.0;
  private static final double UPPER = 20.0;
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final String[] SCHEMA = {
    "CREATE TABLE scheduled_tasks (task_name TEXT NOT NULL, task_instance TEXT NOT NULL,"
        + " task_data BLOB, execution_time TIMESTAMP NOT NULL, picked BIT NOT NULL,"
        + " picked_by TEXT, last_success TIMESTAMP, last_failure TIMESTAMP,"
        + " consecutive_failures INT, last_heartbeat TIMESTAMP, version BIGINT NOT NULL,"
        + " priority SMALLINT, PRIMARY KEY (task_name, task_instance))",
    "CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time)",
    "CREATE INDEX scheduled_tasks_beat ON scheduled_tasks (last_heartbeat)"
  };

  private final HikariDataSource pool;
  private final OneTimeTask<Void> task;
  private final Scheduler scheduler;
  private long added;

  DbSchedulerJobs(PeerSettings settings, Runnable handler) {
    pool = Pools.of(settings);
    createTables();
    task = Tasks.oneTime("empty").execute((instance, context) -> handler.run());
    scheduler =
        Scheduler.create(pool, task)
            .threads(THREADS)
            .pollUsingFetch(LOWER, UPPER)
            .pollingInterval(POLL_INTERVAL)
            .enableImmediateExecution()
            .build();
  }

  private void createTables() {
    try (Connection connection = pool.getConnection();
        java.sql.Statement statement = connection.createStatement()) {
      for (String sql : SCHEMA) {
        statement.execute(sql);
      }
    } catch (SQLException failed) {
      throw new IllegalStateException("The tables of db-scheduler could not be made", failed);
    }
  }

  private TaskInstance<Void> next() {
    return task.instance(Long.toString(added++));
  }

  @Override
  public void enqueue(int jobs) {
    List<TaskInstance<?>> instances = new ArrayList<>(jobs);
    for (int i = 0; i < jobs; i++) {
      instances.add(next());
    }
    scheduler.scheduleBatch(instances, Instant.now());
  }

  @Override
  public void enqueueOne() {
    scheduler.schedule(next(), Instant.now());
  }

  @Override
  public void start() {
    scheduler.start();
  }

  /** It deletes what has finished. */
  @Override
  public String unfinished() {
    return "SELECT count(*) FROM scheduled_tasks";
  }

  @Override
  public void close() {
    scheduler.stop();
    pool.close();
  }
}
