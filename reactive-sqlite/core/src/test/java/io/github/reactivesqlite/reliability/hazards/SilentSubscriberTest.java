package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Subscribers that never ask for a row. Each loses its snapshot at its limit, with nobody helping:
 * the readers are free again, the log can be cut back, and who asks in the end is told why.
 */
@Tag("reliability")
class SilentSubscriberTest {

  private static final int SUBSCRIBERS = Scale.of(40, 600);
  private static final int READERS = 3;
  private static final int ROWS = 5_000;
  private static final Duration LIMIT = Duration.ofMillis(20);

  @TempDir Path directory;

  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database =
        SqliteDatabase.builder(directory.resolve("silent.db"))
            .config(config -> config.readers(READERS).snapshotTimeout(LIMIT))
            .build();
    Bounded.get(
        database.script(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, body TEXT);"
                + "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                + ROWS
                + ") INSERT INTO item SELECT i, printf('%.*c', 100, 'x') FROM n"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static final class Silent extends BaseSubscriber<Object> {
    final AtomicInteger rows = new AtomicInteger();
    volatile @Nullable Throwable error;

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      // It does not ask
    }

    @Override
    protected void hookOnNext(Object row) {
      rows.incrementAndGet();
    }

    @Override
    protected void hookOnError(Throwable failure) {
      error = failure;
    }
  }

  @Test
  void streamsLoseTheirSnapshotsAtTheirLimit() {
    List<Silent> silent =
        subscribeAll(database.query("SELECT id, body FROM item").map(row -> row.getLong(1)).all());

    Bounded.until("all have had a reader", () -> database.stats().reads().queued() == 0);
    nothingIsHeld();

    for (Silent subscriber : silent) {
      assertThat(subscriber.rows).hasValue(0);
      subscriber.requestUnbounded();
      Bounded.until("it is told", () -> subscriber.error != null);
      assertThat(subscriber.error).isInstanceOf(SnapshotTimeoutException.class);
      // What had been read ahead is given first, and no more than that is kept
      assertThat(subscriber.rows.get()).isBetween(1, 512);
    }
  }

  @Test
  void snapshotsEndAtTheirLimit() {
    List<Silent> silent =
        subscribeAll(
            database.withSnapshotMany(
                snapshot ->
                    snapshot.query("SELECT id, body FROM item").map(row -> row.getLong(1)).all()));

    for (Silent subscriber : silent) {
      Bounded.until("it is told without asking", () -> subscriber.error != null);
      assertThat(subscriber.error).isInstanceOf(SnapshotTimeoutException.class);
      assertThat(subscriber.rows).hasValue(0);
    }
    nothingIsHeld();
  }

  /** Its work begins when it is asked for, and the writer does not wait for that. */
  @Test
  void transactionEndsAtItsLimit() {
    AtomicInteger begun = new AtomicInteger();
    Silent silent = new Silent();
    database
        .with(OperationOptions.none().transactionTimeout(LIMIT))
        .withTransaction(
            tx -> {
              begun.incrementAndGet();
              return tx.update("DELETE FROM item").rowsUpdated();
            })
        .subscribe(silent);

    for (int i = 0; i < SUBSCRIBERS; i++) {
      Bounded.get(database.update("UPDATE item SET body = body WHERE id < 50").rowsUpdated());
    }
    assertThat(begun).hasValue(0);
    silent.requestUnbounded();
    Bounded.until("it is told", () -> silent.error != null);

    assertThat(silent.error).isInstanceOf(TransactionTimeoutException.class);
    assertThat(Bounded.get(database.query("SELECT count(*) FROM item").mapTo(Long.class).one()))
        .isEqualTo(ROWS);
  }

  /** Writes go on meanwhile, so that every snapshot held would keep the log from shrinking. */
  private List<Silent> subscribeAll(Flux<?> rows) {
    List<Silent> silent = new ArrayList<>();
    for (int i = 0; i < SUBSCRIBERS; i++) {
      Silent subscriber = new Silent();
      silent.add(subscriber);
      rows.subscribe(subscriber);
      Bounded.get(database.update("UPDATE item SET body = body WHERE id < 50").rowsUpdated());
    }
    return silent;
  }

  private void nothingIsHeld() {
    Bounded.until("no reader is held", () -> database.stats().reads().active() == 0);
    assertThat(Bounded.get(database.query("SELECT count(*) FROM item").mapTo(Long.class).one()))
        .isEqualTo(ROWS);
    assertThat(Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE)).busy())
        .isFalse();
  }
}
