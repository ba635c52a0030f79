package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadOnlyViolationException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** One unchanging state for several queries. */
abstract class SnapshotContract extends ReactiveDatabaseContract {

  private static Mono<Long> countIn(Snapshot snapshot) {
    return snapshot.query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  @Test
  void queriesSeeOneStateWhileWritesGoOn() {
    fill(10);

    List<Long> counts =
        get(
            db().withSnapshot(
                    snapshot ->
                        Flux.range(11, 20)
                            .concatMap(id -> insert(id).then(countIn(snapshot)))
                            .collectList()));

    assertThat(counts).hasSize(20).containsOnly(10L);
    assertThat(count()).isEqualTo(30);
  }

  @Test
  void stateIsTakenWhenItBegins() {
    await(
        db().withSnapshot(
                snapshot ->
                    insert(1)
                        .then(countIn(snapshot))
                        .doOnNext(counted -> assertThat(counted).isZero())));
  }

  @Test
  void stateHasAllThatWasAcknowledgedBefore() {
    for (long id = 1; id <= 100; id++) {
      long expected = id;
      StepVerifier.create(insert(id).then(db().withSnapshot(SnapshotContract::countIn)))
          .expectNext(expected)
          .expectComplete()
          .verify(LIMIT);
    }
  }

  @Test
  void queriesMayRunConcurrently() {
    fill(2_000);

    List<Long> sums =
        get(
            db().withSnapshot(
                    snapshot ->
                        Flux.range(0, 8)
                            .flatMap(
                                i ->
                                    snapshot
                                        .query("SELECT id FROM item ORDER BY id")
                                        .mapTo(Long.class)
                                        .all()
                                        .limitRate(50 + i)
                                        .reduce(0L, Long::sum),
                                8)
                            .collectList()));

    assertThat(sums).hasSize(8).containsOnly(2_001_000L);
  }

  @Test
  void manyResultsAreStreamed() {
    fill(3_000);

    StepVerifier.create(
            db().withSnapshotMany(
                    snapshot ->
                        snapshot.query("SELECT id FROM item ORDER BY id").mapTo(Long.class).all()),
            0)
        .thenRequest(10)
        .expectNextCount(10)
        .then(() -> await(db().update("DELETE FROM item").rowsUpdated()))
        .thenRequest(Long.MAX_VALUE)
        .expectNextCount(2_990)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void itIsLazyAndEachSubscriptionTakesANewState() {
    Mono<Long> counted = db().withSnapshot(SnapshotContract::countIn);

    assertThat(get(counted)).isZero();
    await(insert(1));
    assertThat(get(counted)).isEqualTo(1);
  }

  @Test
  void errorOfTheWorkReachesTheSubscriberAndFreesTheReader() {
    IllegalStateException own = new IllegalStateException("mine");

    for (int i = 0; i < 5; i++) {
      assertThat(errorOf(db().withSnapshot(snapshot -> Mono.error(own)))).isSameAs(own);
      assertThat(
              errorOf(
                  db().withSnapshot(
                          snapshot -> {
                            throw own;
                          })))
          .isSameAs(own);
      assertThat(errorOf(db().withSnapshotMany(snapshot -> Flux.error(own)).then())).isSameAs(own);
    }
    eventually("no reader is held", () -> db().stats().reads().active() == 0);
  }

  @Test
  void cancelFreesTheReader() {
    for (int i = 0; i < 5; i++) {
      AtomicReference<Long> inside = new AtomicReference<>();
      Disposable held =
          db().withSnapshot(snapshot -> countIn(snapshot).doOnNext(inside::set).then(Mono.never()))
              .subscribe();
      eventually("the snapshot is open", () -> inside.get() != null);
      held.dispose();
    }
    eventually("no reader is held", () -> db().stats().reads().active() == 0);
  }

  @Test
  void snapshotOpenForTooLongEnds() {
    SnapshotTimeoutException error =
        errorOf(
            SnapshotTimeoutException.class,
            db().with(OperationOptions.labelled("report").snapshotTimeout(Duration.ofMillis(60)))
                .withSnapshot(snapshot -> countIn(snapshot).then(Mono.never())));

    assertThat(error.label()).contains("report");
    assertThat(error.timeout()).isEqualTo(Duration.ofMillis(60));
    eventually("no reader is held", () -> db().stats().reads().active() == 0);
  }

  @Test
  void snapshotOpenForTooLongStopsItsRunningQuery() {
    StepVerifier.create(
            db().with(OperationOptions.none().snapshotTimeout(Duration.ofMillis(60)))
                .withSnapshot(snapshot -> snapshot.query(ENDLESS).mapTo(Long.class).one()))
        .expectError(SnapshotTimeoutException.class)
        .verify(LIMIT);

    eventually("no reader is held", () -> db().stats().reads().active() == 0);
  }

  @Test
  void queryInsideHasItsOwnTime() {
    errorOf(
        QueryTimeoutException.class,
        db().with(OperationOptions.none().executionTimeout(Duration.ofMillis(60)))
            .withSnapshot(snapshot -> snapshot.query(ENDLESS).mapTo(Long.class).one()));
  }

  @Test
  void snapshotEndsWithItsWork() {
    AtomicReference<Snapshot> kept = new AtomicReference<>();
    await(
        db().withSnapshot(
                snapshot -> {
                  kept.set(snapshot);
                  return countIn(snapshot);
                }));

    eventually("it has ended", () -> errorOf(countIn(kept.get())) instanceof IllegalStateException);
  }

  @Test
  void snapshotsHoldAllReadersButOne() {
    List<Mono<Long>> held =
        List.of(
            db().withSnapshot(snapshot -> countIn(snapshot).then(Mono.<Long>never())),
            db().withSnapshot(snapshot -> countIn(snapshot).then(Mono.<Long>never())));
    List<Disposable> open = held.stream().map(Mono::subscribe).toList();
    eventually("two readers are held", () -> db().stats().reads().active() == 2);
    AtomicReference<Long> third = new AtomicReference<>();
    db().withSnapshot(SnapshotContract::countIn).subscribe(third::set);
    awaitQueuedReads(1);

    assertThat(count()).isZero();
    assertThat(third.get()).isNull();
    open.get(0).dispose();
    eventually("the third snapshot had its turn", () -> third.get() != null);
    open.get(1).dispose();
  }

  @Test
  void snapshotRefusesWrites() {
    errorOf(
        ReadOnlyViolationException.class,
        db().withSnapshot(snapshot -> snapshot.query("DELETE FROM item").mapTo(Long.class).one()));
    errorOf(
        InvalidSqlException.class,
        db().withSnapshot(snapshot -> snapshot.query("COMMIT").mapTo(Long.class).one()));
  }

  @Test
  void writesThroughTheDatabaseInsideASnapshotAreFine() {
    assertThat(get(db().<Long>withSnapshot(snapshot -> insert(1)))).isEqualTo(1);
    assertThat(count()).isEqualTo(1);
  }
}
