package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.noop.NoopTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/**
 * Closing stops what SQLite is running before it comes to tell those that hold a reader why. They
 * are answered as closed all the same.
 */
class ClosingWhatRunsTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String NUMBERS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ";
  private static final String NO_MORE_ROWS_AFTER_MANY = NUMBERS + "SELECT i FROM n WHERE i <= 5000";
  private static final String NO_ROW = NUMBERS + "SELECT count(*) FROM n";

  @TempDir Path directory;

  /** What is stopped while it runs. */
  enum Running {
    STREAM(
        (database, begun) ->
            database
                .query(NO_MORE_ROWS_AFTER_MANY)
                .mapTo(Long.class)
                .all()
                .doOnNext(row -> begun.countDown())
                .count()),
    STREAM_OF_A_SNAPSHOT(
        (database, begun) ->
            database.withSnapshot(
                snapshot ->
                    snapshot
                        .query(NO_MORE_ROWS_AFTER_MANY)
                        .mapTo(Long.class)
                        .all()
                        .doOnNext(row -> begun.countDown())
                        .count())),
    QUERY_OF_A_SNAPSHOT(
        (database, begun) ->
            database.withSnapshot(
                snapshot ->
                    snapshot
                        .query("SELECT 1")
                        .mapTo(Long.class)
                        .one()
                        .doOnNext(row -> begun.countDown())
                        .then(snapshot.query(NO_ROW).mapTo(Long.class).one()))),
    UNIT(
        (database, begun) ->
            database.read(
                session -> {
                  begun.countDown();
                  return session.query(NO_ROW).mapTo(Long.class).one().orElseThrow();
                }));

    private final BiFunction<SqliteDatabase, CountDownLatch, Mono<Long>> work;

    Running(BiFunction<SqliteDatabase, CountDownLatch, Mono<Long>> work) {
      this.work = work;
    }
  }

  @ParameterizedTest
  @EnumSource(Running.class)
  void isAnsweredAsClosed(Running running) {
    GatedTimers timers = new GatedTimers("refused");
    SqliteDatabase database =
        SqliteDatabase.builder(directory.resolve("closing.db"))
            .config(
                config ->
                    config
                        .readers(2)
                        .closeTimeout(Duration.ofMillis(100))
                        .executionTimeout(LONG)
                        .snapshotTimeout(LONG)
                        .meterRegistry(timers))
            .build();
    CountDownLatch begun = new CountDownLatch(1);
    Outcome<Long> stopped = Bounded.start(running.work.apply(database, begun));
    Bounded.await(begun);
    CountDownLatch besideIt = new CountDownLatch(1);
    Outcome<Boolean> beside =
        Bounded.start(
            database
                .query(NUMBERS + "SELECT i FROM n WHERE i = 1")
                .map(
                    row -> {
                      besideIt.countDown();
                      return true;
                    })
                .one());
    Bounded.await(besideIt);
    Outcome<Long> refused =
        Bounded.start(
            database
                .with(OperationOptions.labelled("refused"))
                .query("SELECT 1")
                .mapTo(Long.class)
                .one());
    Bounded.until("one waits for both", () -> database.stats().reads().queued() == 1);

    // It holds the close up where what is queued has been refused and nothing else has been done
    Outcome<Void> closing = Bounded.start(database.closeGracefully());
    Bounded.await(timers.reached);

    assertThat(stopped.error()).isInstanceOf(DatabaseClosedException.class);
    assertThat(beside.error()).isInstanceOf(DatabaseClosedException.class);
    assertThat(closing.isDone()).isFalse();
    timers.goOn.countDown();
    assertThat(refused.error()).isInstanceOf(DatabaseClosedException.class);
    closing.value();
  }

  /** Whose timers of one label wait. */
  private static final class GatedTimers extends SimpleMeterRegistry {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final String label;

    GatedTimers(String label) {
      this.label = label;
    }

    @Override
    protected Timer newTimer(
        Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
      if (!label.equals(id.getTag("label"))) {
        return super.newTimer(id, statistics, pauses);
      }
      return new NoopTimer(id) {
        @Override
        public void record(long amount, TimeUnit unit) {
          reached.countDown();
          // On a thread of the timer, where BlockHound lets nobody park, nor say that he spins
          long end = System.nanoTime() + Bounded.PATIENCE.toNanos();
          while (goOn.getCount() > 0) {
            if (System.nanoTime() - end >= 0) {
              throw new AssertionError("It was never let go");
            }
          }
        }
      };
    }
  }
}
