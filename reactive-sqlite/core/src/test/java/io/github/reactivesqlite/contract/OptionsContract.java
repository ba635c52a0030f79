package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Views with other options, bounded queues and bounded waits. */
abstract class OptionsContract extends ReactiveDatabaseContract {

  private static final Duration NO_DELAY_SEEN = Duration.ofSeconds(30);

  @Override
  Backend.Setup setup() {
    return Backend.Setup.ofDefaults().withWriteQueue(20).withReadQueue(10);
  }

  private ReactiveDatabase with(OperationOptions options) {
    return db().with(options);
  }

  private static Mono<Long> started(Mono<Long> mono) {
    Mono<Long> cached = mono.cache();
    cached.subscribe(done -> {}, failed -> {});
    return cached;
  }

  // ---- labels

  @Test
  void labelIsInEveryError() {
    ReactiveDatabase labelled = with(OperationOptions.labelled("nightly"));

    for (Mono<?> failing :
        List.<Mono<?>>of(
            labelled.query("SELECT nope").mapTo(Long.class).one(),
            labelled.query("SELECT nope").mapTo(Long.class).all().then(),
            labelled.update("DELETE FROM nope").rowsUpdated(),
            labelled.update("DELETE FROM nope RETURNING id").returning(Long.class).one(),
            labelled.script("DELETE FROM nope"),
            labelled.read(session -> session.query("SELECT nope").mapTo(Long.class).one()),
            labelled.write(session -> session.update("DELETE FROM nope").execute()),
            labelled.withTransaction(open -> open.update("DELETE FROM nope").rowsUpdated()),
            labelled.withSnapshot(open -> open.query("SELECT nope").mapTo(Long.class).one()),
            labelled
                .query("SELECT 1")
                .map(
                    row -> {
                      throw new IllegalStateException("mine");
                    })
                .one())) {
      assertThat(errorOf(DatabaseException.class, failing).label()).contains("nightly");
    }
    assertThat(errorOf(DatabaseException.class, insert(db(), 1).then(insert(db(), 1))).label())
        .as("the view it was made from")
        .isEmpty();
  }

  @Test
  void viewsInheritAndOverride() {
    ReactiveDatabase outer =
        with(OperationOptions.labelled("outer").executionTimeout(Duration.ofMillis(50)));
    ReactiveDatabase inner = outer.with(OperationOptions.labelled("inner"));
    ReactiveDatabase same = outer.with(OperationOptions.none());

    assertThat(errorOf(QueryTimeoutException.class, endless(inner)).label()).contains("inner");
    assertThat(errorOf(QueryTimeoutException.class, endless(same)).label()).contains("outer");
  }

  private static Mono<Long> endless(ReactiveDatabase through) {
    return through.query(ENDLESS).mapTo(Long.class).one();
  }

  @Test
  void optionsAreChecked() {
    OperationOptions none = OperationOptions.none();
    assertThatIllegalArgumentException().isThrownBy(() -> none.label(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> none.label("x".repeat(65)));
    assertThatIllegalArgumentException().isThrownBy(() -> none.label("two\nlines"));
    assertThatIllegalArgumentException().isThrownBy(() -> none.acquireTimeout(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> none.lockTimeout(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> none.executionTimeout(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> none.transactionTimeout(Duration.ofMillis(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> none.snapshotTimeout(Duration.ZERO));
  }

  // ---- lanes

  @Test
  void laneIsChosenByTheView() {
    try (Gate writer = holdWriter()) {
      Mono<Long> bulk = started(insert(with(OperationOptions.none().lane(Lane.BULK)), 1));
      Mono<Long> interactive = started(insert(2));
      eventually("one waits in each", () -> db().stats().writes().queuedBulk() == 1);
      awaitQueuedWrites(1);
      writer.open();

      assertThat(get(bulk)).isEqualTo(1);
      assertThat(get(interactive)).isEqualTo(1);
    }
  }

  @Test
  void batchMayUseTheInteractiveLane() {
    try (Gate writer = holdWriter()) {
      Mono<Long> load =
          started(
              with(OperationOptions.none().lane(Lane.INTERACTIVE))
                  .batch("INSERT INTO item (id) VALUES (?)")
                  .maxDelay(NO_DELAY_SEEN)
                  .execute(Flux.range(1, 5), (row, id) -> row.bind(1, id))
                  .count());
      awaitQueuedWrites(1);
      writer.open();

      assertThat(get(load)).isEqualTo(1);
    }
  }

  @Test
  void bulkWritesAreNotStarvedByInteractiveOnes() {
    Mono<Long> bulk =
        Flux.range(1, 20)
            .concatMap(i -> insert(with(OperationOptions.none().lane(Lane.BULK)), 1_000_000L + i))
            .count();
    Flux<Long> load = Flux.range(1, 1_000_000).flatMap(id -> insert(id), 12).takeUntilOther(bulk);

    await(load.then());

    assertThat(
            get(db().query("SELECT count(*) FROM item WHERE id > 1000000").mapTo(Long.class).one()))
        .isEqualTo(20);
  }

  // ---- waits

  @Test
  void writeWithoutATurnInTimeNeverRuns() {
    Gate writer = holdWriter();

    AcquireTimeoutException error =
        errorOf(
            AcquireTimeoutException.class,
            insert(
                with(OperationOptions.labelled("hasty").acquireTimeout(Duration.ofMillis(50))), 1));

    assertThat(error.label()).contains("hasty");
    assertThat(error.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    assertThat(error.isTransient()).isTrue();
    awaitQueuedWrites(0);
    writer.open();
    assertThat(get(insert(2))).isEqualTo(1);
    assertThat(ids()).containsExactly(2L);
  }

  @Test
  void readWithoutAReaderInTimeNeverRuns() {
    ReactiveDatabase hasty =
        with(OperationOptions.labelled("hasty").acquireTimeout(Duration.ofMillis(50)));
    try (Gate first = holdReader();
        Gate second = holdReader();
        Gate last = holdReaderByMapper()) {
      for (Mono<?> read :
          List.<Mono<?>>of(
              hasty.query("SELECT 1").mapTo(Long.class).one(),
              hasty.query("SELECT 1").mapTo(Long.class).all().then(),
              hasty.read(session -> 1),
              hasty.withSnapshot(open -> Mono.just(1)))) {
        AcquireTimeoutException error = errorOf(AcquireTimeoutException.class, read);
        assertThat(error.label()).contains("hasty");
        assertThat(error.isTransient()).isTrue();
      }
    }
  }

  @Test
  void writeStoppedAtItsTimeLeavesItsNeighboursAlone() {
    Mono<Long> before;
    Mono<Long> endless;
    Mono<Long> after;
    try (Gate writer = holdWriter()) {
      before = started(insert(1));
      endless =
          started(
              with(OperationOptions.none().executionTimeout(Duration.ofMillis(80)))
                  .update("INSERT INTO item (id) " + ENDLESS.replace("count(*)", "i + 10"))
                  .rowsUpdated());
      after = started(insert(2));
      awaitQueuedWrites(3);
      writer.open();
    }

    assertThat(get(before)).isEqualTo(1);
    assertThat(errorOf(QueryTimeoutException.class, endless).timeout())
        .isEqualTo(Duration.ofMillis(80));
    assertThat(get(after)).isEqualTo(1);
    assertThat(ids()).containsExactly(1L, 2L);
  }

  // ---- overload

  @Test
  void fullWriteQueueRefusesAtOnceWithItsDepth() {
    try (Gate writer = holdWriter()) {
      List<Mono<Long>> queued =
          Flux.range(1, 18).map(id -> started(insert(id))).collectList().block(LIMIT);
      awaitQueuedWrites(18);

      WriteQueueFullException error = errorOf(WriteQueueFullException.class, insert(100));
      assertThat(error.depth()).isEqualTo(18);
      assertThat(error.capacity()).isEqualTo(18);
      assertThat(error.isTransient()).isTrue();

      ReactiveDatabase reserved = with(OperationOptions.none().reservedRoom(true));
      Mono<Long> first = started(insert(reserved, 200));
      Mono<Long> second = started(insert(reserved, 201));
      awaitQueuedWrites(20);
      assertThat(errorOf(WriteQueueFullException.class, insert(reserved, 202)).depth())
          .isEqualTo(20);
      writer.open();

      assertThat(get(first)).isEqualTo(1);
      assertThat(get(second)).isEqualTo(1);
      queued.forEach(write -> assertThat(get(write)).isEqualTo(1));
    }
    assertThat(count()).isEqualTo(20);
  }

  @Test
  void fullReadQueueRefusesAtOnceWithItsDepth() {
    Mono<Long> read = db().query("SELECT 1").mapTo(Long.class).one();
    try (Gate first = holdReader();
        Gate second = holdReader();
        Gate last = holdReaderByMapper()) {
      List<Mono<Long>> queued =
          Flux.range(1, 10).map(i -> started(read)).collectList().block(LIMIT);
      awaitQueuedReads(10);

      ReadQueueFullException error = errorOf(ReadQueueFullException.class, read);
      assertThat(error.depth()).isEqualTo(10);
      assertThat(error.capacity()).isEqualTo(10);
      assertThat(error.isTransient()).isTrue();
      last.open();

      queued.forEach(waiting -> assertThat(get(waiting)).isEqualTo(1));
    }
  }

  @Test
  void batchesAreHeldBackInsteadOfRefused() {
    long written =
        get(
            Flux.range(0, 64)
                .flatMap(
                    part ->
                        db().batch("INSERT INTO item (id) VALUES (?)")
                            .chunkSize(5)
                            .maxDelay(NO_DELAY_SEEN)
                            .execute(Flux.range(part * 1_000, 50), (row, id) -> row.bind(1, id)),
                    64)
                .count());

    assertThat(written).isEqualTo(640);
    assertThat(count()).isEqualTo(3_200);
  }
}
