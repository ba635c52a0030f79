package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Somebody else holds the file's lock while an outcome is to be written. */
class ForeignLockTest {

  private static final JobType<String> TEXT =
      JobType.of("text", PayloadCodec.text()).maxAttempts(1);

  @TempDir Path dir;

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
