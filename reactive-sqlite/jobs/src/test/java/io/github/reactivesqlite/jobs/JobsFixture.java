package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with the tables of the jobs, for one test. */
abstract class JobsFixture {

  static final JobType<String> TEXT =
      JobType.of("text", PayloadCodec.text()).backoff(Backoff.fixed(Duration.ofMillis(10)));

  SqliteDatabase db;
  Jobs jobs;
  private final List<Workers> workers = new ArrayList<>();
  private final List<Jobs> others = new ArrayList<>();

  JobsOptions options() {
    return JobsOptions.defaults();
  }

  @BeforeEach
  void open() {
    db = SqliteDatabase.temporary();
    jobs = Jobs.of(db, options());
    jobs.migrate().block(Bounded.LIMIT);
  }

  @AfterEach
  void close() {
    for (Workers started : workers) {
      started.stop(Duration.ofMillis(200)).block(Bounded.LIMIT);
    }
    others.forEach(Jobs::close);
    jobs.close();
    db.close();
  }

  /** As another process would have it, apart from the file. */
  Jobs another(JobsOptions options) {
    Jobs other = Jobs.of(db, options);
    others.add(other);
    return other;
  }

  /** Workers of the default queue that do this; how many and how often is for the test to say. */
  WorkersBuilder workers(JobHandler<String> handler) {
    return jobs.queue().workers().handle(TEXT, handler);
  }

  /** Starts workers of the default queue that do this. */
  Workers work(JobHandler<String> handler) {
    return start(workers(handler));
  }

  Workers start(WorkersBuilder builder) {
    Workers started = builder.start();
    workers.add(started);
    return started;
  }

  long enqueue(String payload) {
    return enqueue(TEXT.job(payload));
  }

  long enqueue(NewJob<String> job) {
    return Bounded.get(jobs.enqueue(job)).id();
  }

  /** Jobs that differ by their number only. */
  void enqueueMany(int count) {
    Bounded.get(
        jobs.enqueueAll(IntStream.range(0, count).mapToObj(n -> TEXT.job("" + n)).toList()));
  }

  /** How many jobs of the default queue there are. */
  long inState(JobState state) {
    return Bounded.get(jobs.queue().counts()).get(state);
  }

  JobInfo info(long id) {
    return Bounded.get(jobs.find(id));
  }

  void untilState(long id, JobState state) {
    Bounded.until(
        Bounded.LIMIT,
        () -> "job " + id + " " + state + ", it is " + info(id),
        () -> info(id).state() == state);
  }
}
