package io.github.reactivesqlite.benchmarks.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;

/**
 * JobRunr with its storage for SQLite, over a HikariCP pool. The interval between polls is the
 * shortest it allows; while jobs wait it does not wait for the next poll.
 */
public final class JobRunrJobs implements JobsPeer {

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

  /** Its jobs are calls of static methods; one peer is open at a time. */
  private static volatile Runnable called = () -> {};

  private final HikariDataSource pool;
  private final JobScheduler scheduler;

  static JobsPeer open(PeerSettings settings, Runnable handler) {
    called = handler;
    return new JobRunrJobs(settings);
  }

  private JobRunrJobs(PeerSettings settings) {
    pool = Pools.of(settings);
    scheduler =
        JobRunr.configure()
            .useStorageProvider(SqlStorageProviderFactory.using(pool))
            .useBackgroundJobServer(
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                    .andPollInterval(POLL_INTERVAL),
                false)
            .initialize()
            .getJobScheduler();
  }

  /** What a job does. JobRunr calls it by its name. */
  public static void handle(int number) {
    called.run();
  }

  @Override
  public void enqueue(int jobs) {
    scheduler.<Integer>enqueue(
        IntStream.range(0, jobs).boxed(), number -> JobRunrJobs.handle(number));
  }

  @Override
  public void enqueueOne() {
    scheduler.enqueue(() -> JobRunrJobs.handle(0));
  }

  @Override
  public void start() {
    JobRunr.getBackgroundJobServer().start();
  }

  @Override
  public String unfinished() {
    return "SELECT count(*) FROM jobrunr_jobs WHERE state <> 'SUCCEEDED'";
  }

  @Override
  public void close() {
    JobRunr.destroy();
    pool.close();
  }
}
