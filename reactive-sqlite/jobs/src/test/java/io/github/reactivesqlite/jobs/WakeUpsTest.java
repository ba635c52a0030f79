package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Workers that would look by themselves once in hours start what a commit brought at once. */
class WakeUpsTest {

  private static final JobType<String> TEXT = JobsFixture.TEXT;
  private static final JobsOptions HOURLY =
      JobsOptions.defaults().pollInterval(Duration.ofHours(3));

  private static long claims(SimpleMeterRegistry registry) {
    return registry.get("jobs.claim.size").summary().count();
  }

  /** Waits until several looks that are far apart have seen the same number. */
  private static long claimsOfStillWorkers(SimpleMeterRegistry registry) {
    AtomicLong before = new AtomicLong(-1);
    AtomicInteger same = new AtomicInteger();
    Bounded.until(
        "no more claims",
        () -> {
          Bounded.get(Mono.delay(Duration.ofMillis(200)));
          long now = claims(registry);
          same.set(before.getAndSet(now) == now ? same.get() + 1 : 0);
          return same.get() == 3;
        });
    return before.get();
  }

  @Nested
  class InThisProcess extends JobsFixture {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Override
    JobsOptions options() {
      return HOURLY.meterRegistry(registry);
    }

    /** Idle workers, which have looked and found nothing. */
    private void idle(WorkersBuilder builder) {
      long first = enqueue("first");
      start(builder);
      untilState(first, JobState.COMPLETED);
    }

    /** A claim that finds nothing is no commit, so it does not lead to the next one. */
    @Test
    void idleWorkersAreStill() {
      idle(workers(job -> Mono.empty()));
      untilState(enqueue("x"), JobState.COMPLETED);
      assertThat(claimsOfStillWorkers(registry)).isLessThan(20);
    }

    @Test
    void aJobOfTheCallersTransactionStarts() {
      idle(workers(job -> Mono.empty()));
      untilState(
          Bounded.get(db.withTransaction(tx -> jobs.enqueue(tx, TEXT.job("x")))).id(),
          JobState.COMPLETED);
    }

    @Test
    void aJobOfTheCallersUnitStarts() {
      idle(workers(job -> Mono.empty()));
      untilState(
          Bounded.get(db.write(session -> jobs.enqueue(session, TEXT.job("x")))).id(),
          JobState.COMPLETED);
    }

    @Test
    void aJobThatOtherCodeWroteStarts() {
      idle(workers(job -> Mono.empty()));
      long id =
          Bounded.get(
              db.update(
                      "INSERT INTO jobs_job (queue, type, state, priority, run_at, max_attempts,"
                          + " enqueued_at, payload)"
                          + " VALUES ('default', 'text', 'available', 0, 0, 1, 0, 'x') RETURNING id")
                  .returning(Long.class)
                  .one());
      untilState(id, JobState.COMPLETED);
    }

    /** The due time passes while the transaction is open, so it is too late to wait for it. */
    @Test
    void aDelayThatEndsBeforeItsTransactionDoesHoldsNothingUp() {
      idle(workers(job -> Mono.empty()));
      Sinks.Empty<Void> due = Sinks.empty();
      Mono<Enqueued> transaction =
          db.withTransaction(
                  tx ->
                      jobs.enqueue(tx, TEXT.job("x").delay(Duration.ofMillis(5)))
                          .delayUntil(enqueued -> due.asMono()))
              .cache();
      AtomicReference<Enqueued> committed = new AtomicReference<>();
      transaction.subscribe(committed::set);
      Bounded.get(Mono.delay(Duration.ofMillis(200)));
      assertThat(committed.get()).isNull();
      due.tryEmitEmpty();

      untilState(Bounded.get(transaction).id(), JobState.COMPLETED);
    }

    @Test
    void aJobOfAKeyThatWasAtItsLimitStarts() {
      Sinks.Empty<Void> end = Sinks.empty();
      idle(
          workers(job -> job.payload().equals("busy") ? end.asMono() : Mono.empty())
              .concurrencyPerKey(1)
              .concurrency(4));
      long busy = enqueue(TEXT.job("busy").key("host"));
      untilState(busy, JobState.RUNNING);
      long waits = enqueue(TEXT.job("waits").key("host"));
      // A job without a key shows that a claim has passed over the waiting one
      untilState(enqueue("other"), JobState.COMPLETED);
      assertThat(info(waits).state()).isEqualTo(JobState.AVAILABLE);
      end.tryEmitEmpty();

      untilState(waits, JobState.COMPLETED);
    }

    @Test
    void aJobOfAKeyThatWasLeftAloneStartsWhenThePauseEnds() {
      idle(
          workers(
                  job ->
                      job.payload().equals("fails")
                          ? Mono.error(new IllegalStateException("down"))
                          : Mono.empty())
              .circuitBreaker(Duration.ofMillis(300), Duration.ofMillis(300)));
      long fails = enqueue(TEXT.job("fails").key("host").maxAttempts(1));
      untilState(fails, JobState.DISCARDED);
      long waits = enqueue(TEXT.job("waits").key("host"));
      untilState(enqueue("other"), JobState.COMPLETED);

      untilState(waits, JobState.COMPLETED);
    }

    @Test
    void aRedrivenJobStarts() {
      idle(workers(job -> Mono.empty()));
      long id = enqueue(TEXT.job("x").queue("elsewhere"));
      Bounded.get(
          db.update(
                  "UPDATE jobs_job SET state = 'discarded', finished_at = 1, queue = 'default'"
                      + " WHERE id = :id")
              .bind("id", id)
              .rowsUpdated());
      assertThat(Bounded.get(another(HOURLY).redrive(id))).isTrue();
      untilState(id, JobState.COMPLETED);
    }
  }

  @Nested
  @Tag("process")
  class FromAnotherProcess {

    @TempDir Path dir;

    @Test
    void whatItCommitsIsSeenAtOnce() throws Exception {
      Path file = dir.resolve("jobs.db");
      try (SqliteDatabase db = SqliteDatabase.open(file);
          Jobs jobs = Jobs.of(db, HOURLY)) {
        Bounded.get(jobs.migrate().thenReturn(1));
        Workers workers = jobs.queue().workers().handle(TEXT, job -> Mono.empty()).start();
        try (ChildProcess other = new ChildProcess(dir, EnqueuingProcess.class, file)) {
          other.awaitLine("ready");
          for (String command : new String[] {"now", "delayed 300", "now"}) {
            other.say(command);
            untilCompleted(jobs, Long.parseLong(other.awaitLine("job")));
          }
          Bounded.get(jobs.queue().pause().thenReturn(1));
          long held = Bounded.get(jobs.enqueue(TEXT.job("held"))).id();
          other.say("resume");
          other.awaitLine("resumed");
          untilCompleted(jobs, held);
        }
        workers.stop().block(Bounded.LIMIT);
      }
    }

    /** Nobody knows what the others touched, so it is looked up, without taking the lock. */
    @Test
    void commitsThatBringNoJobLeadToNoClaim() throws Exception {
      Path file = dir.resolve("jobs.db");
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      try (SqliteDatabase db = SqliteDatabase.open(file);
          Jobs jobs = Jobs.of(db, HOURLY.meterRegistry(registry))) {
        Bounded.get(jobs.migrate().thenReturn(1));
        Bounded.get(db.script("CREATE TABLE other (n)").thenReturn(1));
        Workers workers = jobs.queue().workers().handle(TEXT, job -> Mono.empty()).start();
        untilCompleted(jobs, Bounded.get(jobs.enqueue(TEXT.job("first"))).id());
        long before = claimsOfStillWorkers(registry);
        AtomicInteger heard = new AtomicInteger();
        Disposable listening = db.changes("other").subscribe(change -> heard.incrementAndGet());
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
            Statement statement = other.createStatement()) {
          for (int commit = 1; commit <= 10; commit++) {
            int next = heard.get() + 1;
            statement.execute("INSERT INTO other VALUES (1)");
            Bounded.until("heard", () -> heard.get() >= next);
          }
        }
        assertThat(claims(registry)).isEqualTo(before);
        listening.dispose();
        workers.stop().block(Bounded.LIMIT);
      }
    }

    /** The backstop: a database that does not look for others, and workers that do. */
    @Test
    void withoutASignalTheNextLookFindsIt() throws Exception {
      Path file = dir.resolve("jobs.db");
      try (SqliteDatabase db =
              SqliteDatabase.builder(file)
                  .config(config -> config.foreignChangePolling(Duration.ZERO))
                  .build();
          Jobs jobs = Jobs.of(db, JobsOptions.defaults().pollInterval(Duration.ofMillis(100)))) {
        Bounded.get(jobs.migrate().thenReturn(1));
        Workers workers = jobs.queue().workers().handle(TEXT, job -> Mono.empty()).start();
        untilCompleted(jobs, Bounded.get(jobs.enqueue(TEXT.job("first"))).id());
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
            Statement statement = other.createStatement()) {
          statement.execute(
              "INSERT INTO jobs_job (id, queue, type, state, priority, run_at, max_attempts,"
                  + " enqueued_at, payload)"
                  + " VALUES (77, 'default', 'text', 'available', 0, 0, 1, 0, 'x')");
        }
        untilCompleted(jobs, 77);
        workers.stop().block(Bounded.LIMIT);
      }
    }

    private void untilCompleted(Jobs jobs, long id) {
      Bounded.until(
          Bounded.LIMIT,
          () -> "completed, it is " + Bounded.get(jobs.find(id)),
          () -> Bounded.get(jobs.find(id)).state() == JobState.COMPLETED);
    }
  }
}
