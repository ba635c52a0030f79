package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Operators behind an answer that block, or cancel their neighbours. They hold up their own thread
 * of the result scheduler, never the writer. Those that throw are in {@link ThrowingCodeTest}.
 */
@Tag("reliability")
class ContinuationTest {

  private static final int THREADS = 6;
  private static final int GROUP = 40;
  private static final int WRITES = Scale.of(200, 5_000);

  @TempDir Path directory;

  /** Its threads may block. */
  private final Scheduler results = Schedulers.newBoundedElastic(THREADS, 100_000, "answers");

  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database =
        SqliteDatabase.builder(directory.resolve("continuation.db"))
            .config(config -> config.resultScheduler(results))
            .build();
    Bounded.get(database.script("CREATE TABLE item (id INTEGER PRIMARY KEY)"));
  }

  @AfterEach
  void close() {
    database.close();
    results.dispose();
  }

  @Test
  void continuationsThatBlockHoldUpNoWriteAndNoRead() {
    CountDownLatch release = new CountDownLatch(1);
    List<Outcome<Long>> blocking = new ArrayList<>();
    for (int i = 0; i < THREADS - 2; i++) {
      // One after the other: those of a group are answered on one thread
      CountDownLatch blocked = new CountDownLatch(1);
      Mono<Long> answer = i % 2 == 0 ? insert() : count();
      blocking.add(
          Bounded.start(
              answer.doOnNext(
                  value -> {
                    blocked.countDown();
                    Bounded.await(release);
                  })));
      Bounded.await(blocked);
    }

    for (int i = 0; i < WRITES; i++) {
      assertThat(Bounded.get(insert())).isOne();
    }
    assertThat(Bounded.get(count())).isEqualTo(WRITES + (THREADS - 2) / 2);
    assertThat(blocking).noneMatch(Outcome::isDone);
    release.countDown();
    blocking.forEach(Outcome::value);
  }

  @Test
  void continuationsMayWaitForWritesOfTheirOwn() {
    List<Outcome<Long>> nested = new ArrayList<>();
    for (int i = 0; i < THREADS / 2; i++) {
      nested.add(Bounded.start(insert().map(value -> insert().block(Bounded.PATIENCE))));
    }

    nested.forEach(outcome -> assertThat(outcome.value()).isOne());
    assertThat(Bounded.get(count())).isEqualTo(THREADS / 2 * 2L);
  }

  @Test
  void oneThatBlocksInsideItsGroupHoldsUpNoLaterGroup() {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<Outcome<Long>> group = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      group.add(
          Bounded.start(
              insert()
                  .doOnNext(
                      value -> {
                        blocked.countDown();
                        Bounded.await(release);
                      })));
      for (int i = 1; i < GROUP; i++) {
        group.add(Bounded.start(insert()));
      }
      writer.release();
    }
    // Now its group is complete: what comes next is of a later one
    Bounded.await(blocked);

    assertThat(Bounded.get(insert())).isOne();
    assertThat(Bounded.get(count())).isEqualTo(GROUP + 1);
    release.countDown();
    group.forEach(outcome -> assertThat(outcome.value()).isOne());
  }

  @Test
  void oneThatCancelsItsNeighboursLosesNoWrite() {
    DatabaseStats before = database.stats();
    AtomicInteger reported = new AtomicInteger();
    List<Disposable> neighbours = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      Outcome<Long> first =
          Bounded.start(
              insert()
                  .doOnNext(
                      value -> {
                        reported.incrementAndGet();
                        neighbours.forEach(Disposable::dispose);
                      }));
      for (int i = 1; i < GROUP; i++) {
        neighbours.add(insert().subscribe(value -> reported.incrementAndGet()));
      }
      writer.release();
      first.value();
    }

    assertThat(Bounded.get(count())).isEqualTo(GROUP);
    Bounded.until(
        "each is reported or counted",
        () ->
            reported.get() + database.stats().since(before).writes().cancelledAfterCommit()
                == GROUP);
    assertThat(Bounded.get(insert())).isOne();
  }

  private Mono<Long> insert() {
    return database.update("INSERT INTO item DEFAULT VALUES").rowsUpdated();
  }

  private Mono<Long> count() {
    return database.query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }
}
