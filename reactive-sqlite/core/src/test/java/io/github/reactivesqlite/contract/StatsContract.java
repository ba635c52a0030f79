package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.InvalidSqlException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The neutral figures. */
abstract class StatsContract extends ReactiveDatabaseContract {

  private DatabaseStats since(DatabaseStats earlier) {
    return db().stats().since(earlier);
  }

  @Test
  void committedAndFailedUnitsAreCounted() {
    DatabaseStats before = db().stats();

    await(insert(1));
    await(insert(2));
    errorOf(ConstraintViolationException.class, insert(1));
    await(db().withTransaction(open -> Mono.just(1)));

    DatabaseStats.WriteStats writes = since(before).writes();
    assertThat(writes.committedUnits()).isEqualTo(3);
    assertThat(writes.failedUnits()).isEqualTo(1);
    assertThat(writes.commits()).isEqualTo(3);
  }

  @Test
  void commitsAreFewerThanUnitsInAGroup() {
    DatabaseStats before = db().stats();
    Mono<Long> all = Flux.range(1, 200).flatMap(id -> insert(id), 200).count().cache();
    try (Gate writer = holdWriter()) {
      all.subscribe();
      awaitQueuedWrites(200);
      assertThat(db().stats().writes().queuedInteractive()).isEqualTo(200);
      writer.open();
    }

    assertThat(get(all)).isEqualTo(200);
    DatabaseStats.WriteStats writes = since(before).writes();
    assertThat(writes.committedUnits()).isEqualTo(201);
    assertThat(writes.commits()).isLessThan(20);
    assertThat(writes.queuedInteractive()).isZero();
  }

  @Test
  void readsAreCountedByTheirEnd() {
    DatabaseStats before = db().stats();

    await(db().query("SELECT 1").mapTo(Long.class).one());
    await(db().query("SELECT 1").mapTo(Long.class).all().then());
    await(db().read(session -> 1));
    await(db().withSnapshot(open -> Mono.just(1)));
    errorOf(InvalidSqlException.class, db().query("SELECT nope").mapTo(Long.class).one());

    eventually("the snapshot has ended", () -> since(before).reads().completed() == 4);
    assertThat(since(before).reads().failed()).isEqualTo(1);
    assertThat(since(before).reads().cancelled()).isZero();
  }

  @Test
  void readersAtWorkAndIdleAreShown() {
    try (Gate one = holdReader();
        Gate two = holdReader()) {
      eventually("both are at work", () -> db().stats().reads().active() == 2);
    }
    eventually("all are idle", () -> db().stats().reads().idle() >= 2);
    eventually("none is at work", () -> db().stats().reads().active() == 0);
  }

  @Test
  void everyTransactionAsksForTheLock() {
    DatabaseStats before = db().stats();

    for (int id = 1; id <= 5; id++) {
      await(insert(id));
    }

    DatabaseStats.LockStats lock = since(before).lock();
    assertThat(lock.attempts()).isEqualTo(5);
    assertThat(lock.successes()).isEqualTo(5);
    assertThat(lock.failures()).isZero();
    assertThat(lock.retries()).isZero();
    assertThat(lock.totalWait()).isEqualTo(Duration.ZERO);
    assertThat(lock.averageWait()).isEqualTo(Duration.ZERO);
    assertThat(lock.failureRate()).isZero();
    assertThat(lock.lastEvent()).isEmpty();
  }

  @Test
  void differenceToItselfIsNothing() {
    await(insert(1));
    DatabaseStats now = db().stats();

    DatabaseStats none = now.since(now);

    assertThat(none.writes().committedUnits()).isZero();
    assertThat(none.reads().completed()).isZero();
    assertThat(none.lock().attempts()).isZero();
    assertThat(none.lock().averageWait()).isEqualTo(Duration.ZERO);
  }
}
