package io.github.reactivesqlite.sqlite.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.Engine;
import io.github.reactivesqlite.sqlite.engine.EngineOpening;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.WatchedClock;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/**
 * The snapshot of a batch is taken after the batch is closed, so that no read in it was subscribed
 * to after its snapshot. A write is put exactly between the two:
 *
 * <pre>
 * reader   takes the batch ──┐           ┌── BEGIN, reads
 * writer                     └── COMMIT ─┘
 * </pre>
 */
class BatchSnapshotTest {

  @TempDir Path directory;

  private final AtomicBoolean armed = new AtomicBoolean();
  private final CountDownLatch taken = new CountDownLatch(1);
  private final CountDownLatch written = new CountDownLatch(1);
  private Engine engine;
  private ReactiveDatabase database;

  @BeforeEach
  void open() {
    engine =
        EngineOpening.open(
                directory.resolve("batch.db"),
                SqliteConfig.builder().name("batch").build(),
                EngineTimer.of(new WatchedClock(this::holdOnceAtBatch)))
            .blockOptional(Bounded.PATIENCE)
            .orElseThrow();
    database = engine.root();
    Bounded.get(database.script("CREATE TABLE item (id INTEGER)"));
  }

  @AfterEach
  void close() {
    written.countDown();
    Bounded.get(engine.closeGracefully());
  }

  @Test
  void theSnapshotIsTakenAfterTheBatchIsClosed() {
    assertThat(Bounded.get(count())).isZero();
    armed.set(true);
    Outcome<Long> read = Bounded.start(count());
    Bounded.await(taken);

    Bounded.get(database.update("INSERT INTO item VALUES (1)").rowsUpdated());
    written.countDown();

    assertThat(read.value()).isOne();
  }

  private Mono<Long> count() {
    return database.query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  /** Holds a reader that asks for the time between taking a batch and beginning. */
  private void holdOnceAtBatch() {
    if (armed.get()
        && WatchedClock.isAskedBy(Reader.class, "runBatch")
        && armed.compareAndSet(true, false)) {
      taken.countDown();
      Bounded.await(written);
    }
  }
}
