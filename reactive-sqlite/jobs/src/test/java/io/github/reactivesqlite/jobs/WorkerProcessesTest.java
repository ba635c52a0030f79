package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/**
 * Three worker processes on one queue: one is killed again and again, one is stopped past its lease
 * and goes on, and the wall clock jumps. Every job is completed once, by the token it has.
 */
@Tag("reliability")
@Tag("process")
class WorkerProcessesTest {

  private static final boolean LONG =
      "long".equals(System.getProperty("reliability.scale", "short"));
  private static final int JOBS = LONG ? 10_000 : 1_500;
  private static final int KILLS = LONG ? 10 : 3;
  private static final Duration BETWEEN_KILLS = Duration.ofMillis(LONG ? 2_000 : 800);
  private static final int CONCURRENCY = 4;
  private static final long LEASE_MILLIS = 1_000;
  private static final long YEAR = Duration.ofDays(365).toSeconds();
  private static final long[] CLOCKS = {-7_200, YEAR, 0};

  @TempDir Path dir;

  private final List<ChildProcess> children = new ArrayList<>();

  private ChildProcess start(long clock) throws Exception {
    ChildProcess child =
        new ChildProcess(
            dir, WorkerProcess.class, dir.resolve("jobs.db"), CONCURRENCY, LEASE_MILLIS, clock);
    children.add(child);
    return child;
  }

  @Test
  void everyJobIsCompletedOnceByItsTokenWhateverHappensToTheWorkers() throws Exception {
    try (SqliteDatabase db = SqliteDatabase.open(dir.resolve("jobs.db"));
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(jobs.migrate().thenReturn(1));
      // No key: a second completion would leave a second row
      Bounded.get(db.script("CREATE TABLE done (job_id INTEGER, token INTEGER)").thenReturn(1));
      Bounded.get(
          jobs.enqueueAll(
              IntStream.range(0, JOBS).mapToObj(n -> WorkerProcess.TYPE.job("" + n)).toList()));
      ChildProcess steady = start(0);
      ChildProcess stopped = start(0);
      ChildProcess victim = start(0);
      for (ChildProcess child : children) {
        child.awaitLine("ready");
      }
      long begun = System.nanoTime();
      for (int kill = 0; kill < KILLS; kill++) {
        long clock = CLOCKS[kill % CLOCKS.length];
        Bounded.get(Mono.delay(BETWEEN_KILLS));
        victim.kill();
        if (kill == 0) {
          stopped.signal("STOP");
        } else if (kill == 2) {
          stopped.signal("CONT");
        }
        steady.say("clock " + clock);
        stopped.say("clock " + clock);
        victim = start(clock);
        victim.awaitLine("ready");
      }
      for (ChildProcess child : List.of(steady, stopped, victim)) {
        child.say("clock 0");
      }
      Bounded.until(
          Duration.ofSeconds(LONG ? 300 : 180),
          () -> "all completed, it is " + Bounded.get(jobs.queue().counts()),
          () -> Bounded.get(jobs.queue().counts()).get(JobState.COMPLETED) == JOBS);
      long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
      for (ChildProcess child : List.of(steady, stopped, victim)) {
        child.say("stop");
        assertThat(Integer.parseInt(child.awaitLine("most")))
            .as("handlers executing at once")
            .isLessThanOrEqualTo(CONCURRENCY);
      }
      assertEveryJobWasCompletedOnce(db, jobs);
      long again =
          count(
              db,
              "SELECT coalesce(sum(attempt - 1), 0) FROM jobs_job WHERE error LIKE '%sign of life%'");
      System.out.printf(
          "workers: %d jobs, %d kills, 1 stop past the lease, clock -2 h and +1 y: all completed"
              + " in %d ms, %d orphaned attempts came back%n",
          JOBS, KILLS, millis, again);
    } finally {
      for (ChildProcess child : children) {
        child.close();
      }
    }
  }

  private static long count(SqliteDatabase db, String sql) {
    return Bounded.get(db.query(sql).mapTo(Long.class).one());
  }

  private static void assertEveryJobWasCompletedOnce(SqliteDatabase db, Jobs jobs) {
    Map<JobState, Long> counts = Bounded.get(jobs.queue().counts());
    assertThat(counts.get(JobState.COMPLETED)).isEqualTo(JOBS);
    assertThat(counts.values().stream().mapToLong(n -> n).sum()).isEqualTo(JOBS);
    assertThat(count(db, "SELECT count(*) FROM done")).isEqualTo(JOBS / 2);
    assertThat(
            count(
                db,
                "SELECT count(*) FROM done d JOIN jobs_job j ON j.id = d.job_id"
                    + " WHERE j.token = d.token"))
        .isEqualTo(JOBS / 2);
    assertThat(count(db, "SELECT count(*) FROM jobs_job WHERE attempt > 1")).isPositive();
  }
}
