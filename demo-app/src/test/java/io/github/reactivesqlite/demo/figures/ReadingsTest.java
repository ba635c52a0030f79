package io.github.reactivesqlite.demo.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

class ReadingsTest {

  private static final int PAGE = 4096;
  private static final int WRITES = 100;

  /** 40 MB, all in the cache until the COMMIT. */
  private static final String MANY_PAGES =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
          + " INSERT INTO t SELECT zeroblob(4000) FROM n";

  @TempDir Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private SqliteDatabase db;

  @BeforeEach
  void open() {
    SqliteConfig config = SqliteConfig.builder().meterRegistry(registry).build();
    db = SqliteDatabase.builder(folder.resolve("a.db")).config(config).build();
    db.script("CREATE TABLE t (x)").block(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    db.close();
  }

  /** On most disks a COMMIT takes longer than all else in a small unit. */
  @Test
  void commitIsTimeInWhichTheWriterIsAtWork() {
    Readings before = Readings.of(db, registry, PAGE);
    double earlier = commitSeconds();

    Flux.range(0, WRITES)
        .concatMap(i -> db.update("INSERT INTO t VALUES (1)").rowsUpdated())
        .blockLast(Duration.ofSeconds(30));

    Readings after = Readings.of(db, registry, PAGE);
    Sample sample = after.since(before, 0, Sample.JobCounts.NONE);
    assertThat(sample.commits()).isPositive();
    assertThat(after.writerSeconds() - before.writerSeconds())
        .isGreaterThan(commitSeconds() - earlier);
    assertThat(sample.writerBusy()).isBetween(0.0, 1.0).isPositive();
  }

  /**
   * No time is counted twice: the writer is not at work for longer than everything took. The COMMIT
   * is long here beside all that is not measured, since it writes every page.
   */
  @Test
  void commitOfATransactionIsCountedOnce() {
    Readings before = Readings.of(db, registry, PAGE);
    double earlier = commitSeconds();
    long begun = System.nanoTime();

    db.withTransaction(transaction -> transaction.update(MANY_PAGES).rowsUpdated())
        .block(Duration.ofSeconds(30));
    // The hold of a transaction is told after its answer, and before the next unit has its turn
    db.write(session -> 1).block(Duration.ofSeconds(30));

    double took = (System.nanoTime() - begun) / 1e9;
    double commit = commitSeconds() - earlier;
    double atWork = Readings.of(db, registry, PAGE).writerSeconds() - before.writerSeconds();
    assertThat(commit).isPositive();
    assertThat(atWork).isGreaterThan(commit).isLessThanOrEqualTo(took);
  }

  /** Chunks wait in a lane of their own, and long; whoever writes a little sees none of it. */
  @Test
  void turnsAreToldByLane() {
    Readings before = Readings.of(db, registry, PAGE);

    db.with(OperationOptions.none().lane(Lane.BULK))
        .update("INSERT INTO t VALUES (1)")
        .rowsUpdated()
        .block(Duration.ofSeconds(30));
    Readings bulk = Readings.of(db, registry, PAGE);
    Sample first = bulk.since(before, 0, Sample.JobCounts.NONE);
    assertThat(first.turnBulkP95()).isPositive();
    assertThat(first.turnInteractiveP95()).isNull();

    db.update("INSERT INTO t VALUES (1)").rowsUpdated().block(Duration.ofSeconds(30));
    Sample second = Readings.of(db, registry, PAGE).since(bulk, 0, Sample.JobCounts.NONE);
    assertThat(second.turnBulkP95()).isNull();
    assertThat(second.turnInteractiveP95()).isPositive();
  }

  private double commitSeconds() {
    return registry.get(MeterNames.WRITER_COMMIT).timer().totalTime(TimeUnit.NANOSECONDS) / 1e9;
  }
}
