package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Somebody else holds the file's lock, or the writer, while an outcome is to be written. */
class LostOutcomesTest {

  private static final int JOBS = 20;
  private static final JobType<String> TEXT =
      JobType.of("text", PayloadCodec.text()).maxAttempts(1);

  @TempDir Path dir;

  /** The queue has no room, not even that which is kept for outcomes. */
  @Test
  void noOutcomeIsLostToAFullQueue() {
    try (SqliteDatabase db =
            SqliteDatabase.builder(dir.resolve("jobs.db"))
                .config(config -> config.interactiveQueueCapacity(4))
                .build();
        Jobs jobs = Jobs.of(db, JobsOptions.defaults().flushSize(1))) {
      Bounded.get(jobs.migrate().thenReturn(1));
      CountDownLatch started = new CountDownLatch(JOBS);
      Sinks.Empty<Void> end = Sinks.empty();
      Workers workers =
          jobs.queue()
              .workers()
              .handle(TEXT, job -> end.asMono().doOnSubscribe(s -> started.countDown()))
              .concurrency(JOBS)
              .start();
      Bounded.get(
          jobs.enqueueAll(IntStream.range(0, JOBS).mapToObj(n -> TEXT.job("" + n)).toList()));
      Bounded.await(started);
      BusyWriter busy = new BusyWriter(db);
      List<Disposable> others = new ArrayList<>();
      AtomicInteger refused = new AtomicInteger();
      for (int i = 0; i < 10; i++) {
        others.add(
            db.with(OperationOptions.labelled("other").reservedRoom(true))
                .write(session -> 1)
                .subscribe(done -> {}, error -> refused.incrementAndGet()));
      }
      Bounded.until("the queue is full", () -> refused.get() >= 6);
      end.tryEmitEmpty();
      Bounded.until("all handlers ended", () -> workers.running() == 0);
      assertThat(jobs.engine().acknowledgements().unwritten()).isEqualTo(JOBS);
      busy.letGo();

      Bounded.until(
          "all completed",
          () -> Bounded.get(jobs.queue().counts()).get(JobState.COMPLETED) == JOBS);
      assertThat(others).hasSize(10);
      workers.stop().block(Bounded.LIMIT);
    }
  }

  @Test
  void noOutcomeIsLostToALock() throws Exception {
    Path file = dir.resolve("jobs.db");
    try (SqliteDatabase db =
            SqliteDatabase.builder(file)
                .config(config -> config.lockTimeout(Duration.ofMillis(50)))
                .build();
        Jobs jobs = Jobs.of(db)) {
      Bounded.get(jobs.migrate().thenReturn(1));
      Bounded.get(db.script("CREATE TABLE done (id INTEGER)").thenReturn(1));
      CountDownLatch started = new CountDownLatch(2);
      Sinks.Empty<Void> locked = Sinks.empty();
      Workers workers =
          jobs.queue()
              .workers()
              .handle(
                  TEXT,
                  job ->
                      locked
                          .asMono()
                          .doOnSubscribe(s -> started.countDown())
                          .then(
                              job.payload().equals("plain")
                                  ? Mono.empty()
                                  : job.completeWith(
                                          session ->
                                              session
                                                  .update("INSERT INTO done VALUES (1)")
                                                  .execute())
                                      .then()))
              .start();
      long plain = Bounded.get(jobs.enqueue(TEXT.job("plain"))).id();
      long unit = Bounded.get(jobs.enqueue(TEXT.job("unit"))).id();
      Bounded.await(started);
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        locked.tryEmitEmpty();
        Bounded.until("outcomes met the lock", () -> db.stats().lock().failures() >= 3);
        statement.execute("ROLLBACK");
      }
      for (long id : new long[] {plain, unit}) {
        Bounded.until("completed", () -> Bounded.get(jobs.find(id)).state() == JobState.COMPLETED);
      }
      assertThat(Bounded.get(db.query("SELECT count(*) FROM done").mapTo(Long.class).one()))
          .isEqualTo(1);
      workers.stop().block(Bounded.LIMIT);
    }
  }
}
