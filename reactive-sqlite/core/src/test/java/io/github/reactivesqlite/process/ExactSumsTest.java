package io.github.reactivesqlite.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 64 threads use one database; afterwards every sum is what was done, to the last unit. */
class ExactSumsTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int THREADS = 64;
  private static final int ROUNDS = 100;
  private static final long EACH = (long) THREADS * ROUNDS;

  @TempDir Path directory;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database =
        SqliteDatabase.builder(directory.resolve("sums.db"))
            .config(c -> c.meterRegistry(registry))
            .build();
    database
        .script(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT);"
                + "CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER);"
                + "INSERT INTO counter VALUES (1, 0); INSERT INTO entry VALUES (0, 'taken')")
        .block(SOON);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    database.close();
    registry.close();
  }

  @Test
  void areExactUnder64Threads() throws Exception {
    DatabaseStats before = database.stats();
    long waitsBefore = queueWaits();
    long insertsBefore = timed("INSERT");
    long unitsBefore = timed("WRITE");
    long queriesBefore = timed("SELECT");

    useFromAllThreads();

    DatabaseStats stats = database.stats().since(before);
    assertThat(stats.writes().committedUnits()).isEqualTo(3 * EACH);
    assertThat(stats.writes().failedUnits()).isEqualTo(EACH);
    assertThat(stats.writes().commits()).isBetween(1L, 3 * EACH);
    assertThat(stats.writes().queuedInteractive()).isZero();
    assertThat(stats.lock().attempts()).isEqualTo(4 * EACH);
    assertThat(stats.lock().successes()).isEqualTo(4 * EACH);
    assertThat(stats.lock().failures()).isZero();
    assertThat(stats.lock().retries()).isZero();
    assertThat(stats.reads().completed()).isEqualTo(EACH);
    assertThat(stats.reads().failed()).isZero();
    assertThat(timed("INSERT") - insertsBefore).isEqualTo(2 * EACH);
    assertThat(timed("UPDATE")).isEqualTo(EACH);
    assertThat(timed("WRITE") - unitsBefore).isEqualTo(EACH);
    assertThat(timed("SELECT") - queriesBefore).isEqualTo(EACH);
    assertThat(counted(MeterNames.WRITER_FAILED)).isEqualTo(EACH);
    assertThat(queueWaits() - waitsBefore).isEqualTo(4 * EACH);
    assertThat(database.query("SELECT n FROM counter").mapTo(Long.class).one().blockOptional(SOON))
        .hasValue(EACH);
  }

  private void useFromAllThreads() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> ends = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      ends.add(
          threads.submit(
              () -> {
                if (!start.await(30, TimeUnit.SECONDS)) {
                  throw new AssertionError("never started");
                }
                for (int round = 0; round < ROUNDS; round++) {
                  oneOfEach();
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> end : ends) {
      end.get(60, TimeUnit.SECONDS);
    }
  }

  private void oneOfEach() {
    database.update("INSERT INTO entry (body) VALUES ('one')").rowsUpdated().block(SOON);
    database.update("UPDATE counter SET n = n + 1").rowsUpdated().block(SOON);
    database
        .write(session -> session.update("UPDATE entry SET body = 'two' WHERE id = 0").execute())
        .block(SOON);
    database.query("SELECT n FROM counter").mapTo(Long.class).one().block(SOON);
    database
        .with(OperationOptions.labelled("duplicate"))
        .update("INSERT INTO entry (id, body) VALUES (0, 'again')")
        .rowsUpdated()
        .onErrorReturn(ConstraintViolationException.class, 0L)
        .block(SOON);
  }

  private long timed(String operation) {
    return registry
        .find(MeterNames.OPERATION)
        .tag(MeterNames.TAG_OPERATION, operation)
        .timers()
        .stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private long queueWaits() {
    return registry.find(MeterNames.WRITER_QUEUE_WAIT).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private long counted(String name) {
    return registry.find(name).functionCounters().stream()
        .mapToLong(counter -> (long) counter.count())
        .sum();
  }
}
