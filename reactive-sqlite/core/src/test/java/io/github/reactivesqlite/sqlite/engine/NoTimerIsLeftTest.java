package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import io.github.reactivesqlite.sqlite.support.WatchedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A timer that outlives what it watches over keeps that in memory for as long as it would have been
 * allowed to take: with a deadline of an hour, an hour's transactions.
 */
@Tag("reliability")
class NoTimerIsLeftTest {

  private static final int TIMES = 40;

  /** One alarm for each queue, the look at who holds the writer, upkeep. */
  private static final int TIMERS_OF_THE_ENGINE = 8;

  @TempDir Path directory;

  private final AtomicInteger waiting = new AtomicInteger();
  private Engine engine;
  private ReactiveDatabase database;

  @BeforeEach
  void open() {
    Duration hour = Duration.ofHours(1);
    SqliteConfig config =
        SqliteConfig.builder()
            .name("timers")
            .readers(2)
            .transactionTimeout(hour)
            .snapshotTimeout(hour)
            .commitTimeout(hour)
            .acquireTimeout(hour)
            .build();
    engine =
        EngineOpening.open(
                directory.resolve("timers.db"), config, EngineTimer.of(new CountingScheduler()))
            .blockOptional(Bounded.PATIENCE)
            .orElseThrow();
    database = engine.root();
    Bounded.get(database.update("CREATE TABLE item (n INTEGER)").rowsUpdated());
  }

  @AfterEach
  void close() {
    Bounded.get(engine.closeGracefully());
  }

  @Test
  void behindTransactions() {
    for (int i = 0; i < TIMES; i++) {
      Bounded.get(database.withTransaction(tx -> tx.update(INSERT).rowsUpdated()));
    }
    onlyTheEnginesOwnAreLeft();
  }

  @Test
  void behindTransactionsThatAreRolledBack() {
    for (int i = 0; i < TIMES; i++) {
      Bounded.start(
              database.withTransaction(
                  tx -> tx.update(INSERT).rowsUpdated().then(Mono.error(new Exception("no")))))
          .error();
    }
    onlyTheEnginesOwnAreLeft();
  }

  @Test
  void behindSnapshots() {
    for (int i = 0; i < TIMES; i++) {
      Bounded.get(
          database.withSnapshot(
              snapshot -> snapshot.query("SELECT count(*) FROM item").mapTo(Long.class).one()));
    }
    onlyTheEnginesOwnAreLeft();
  }

  @Test
  void behindStreams() {
    for (int i = 0; i < TIMES; i++) {
      Bounded.get(
          database
              .query(
                  "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
                      + " SELECT n FROM c")
              .mapTo(Long.class)
              .all()
              .limitRate(100)
              .take(700)
              .count());
    }
    onlyTheEnginesOwnAreLeft();
  }

  /** Each waits less long than those before it, so that the queue's alarm is set anew. */
  @Test
  void behindWritesThatWaited() {
    List<Outcome<?>> writes = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      for (int i = 0; i < TIMES; i++) {
        Duration patience = Duration.ofSeconds(3_000 - i);
        writes.add(
            Bounded.start(
                database
                    .with(OperationOptions.none().acquireTimeout(patience))
                    .update(INSERT)
                    .rowsUpdated()));
      }
      writer.release();
    }
    writes.forEach(Outcome::value);
    onlyTheEnginesOwnAreLeft();
  }

  private static final String INSERT = "INSERT INTO item VALUES (1)";

  private void onlyTheEnginesOwnAreLeft() {
    // The engine's own come and go, so they are not counted a second time
    Bounded.until(
        "at most " + TIMERS_OF_THE_ENGINE + " timers wait, now " + waiting.get(),
        () -> waiting.get() <= TIMERS_OF_THE_ENGINE);
  }

  /** Counts the tasks that wait for their time. */
  private final class CountingScheduler extends WatchedClock {

    private CountingScheduler() {
      super(() -> {});
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      waiting.incrementAndGet();
      AtomicBoolean ended = new AtomicBoolean();
      Runnable end =
          () -> {
            if (ended.compareAndSet(false, true)) {
              waiting.decrementAndGet();
            }
          };
      Disposable timer =
          super.schedule(
              () -> {
                end.run();
                task.run();
              },
              delay,
              unit);
      return () -> {
        end.run();
        timer.dispose();
      };
    }
  }
}
