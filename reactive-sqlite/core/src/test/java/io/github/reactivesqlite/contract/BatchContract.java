package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.InvalidSqlException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** One statement for many items. */
abstract class BatchContract extends ReactiveDatabaseContract {

  private static final Duration NO_DELAY_SEEN = Duration.ofSeconds(30);

  private Batch batch(int chunkSize) {
    return db().batch(INSERT).chunkSize(chunkSize).maxDelay(NO_DELAY_SEEN);
  }

  private static Flux<BatchResult> execute(Batch batch, Publisher<Integer> ids) {
    return batch.execute(ids, (row, id) -> row.bind("id", id).bind("name", "n" + id));
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void chunksAreCutAndCounted() {
    assertThat(all(execute(batch(4), Flux.range(1, 10))))
        .containsExactly(
            new BatchResult(0, 4, 4, new BatchResult.Totals(1, 4, 4)),
            new BatchResult(4, 4, 4, new BatchResult.Totals(2, 8, 8)),
            new BatchResult(8, 2, 2, new BatchResult.Totals(3, 10, 10)));
    assertThat(ids()).isEqualTo(upTo(10));
  }

  @Test
  void itIsLazyAndSubscribesToTheSourceOncePerSubscription() {
    AtomicInteger subscriptions = new AtomicInteger();
    AtomicInteger next = new AtomicInteger();
    Flux<BatchResult> load =
        execute(
            batch(5),
            Flux.defer(
                () -> {
                  subscriptions.incrementAndGet();
                  return Flux.range(0, 7).map(i -> next.incrementAndGet());
                }));

    assertThat(subscriptions).hasValue(0);
    await(load.then());
    await(load.then());
    assertThat(subscriptions).hasValue(2);
    assertThat(ids()).isEqualTo(upTo(14));
  }

  @Test
  void settingsMakeANewBatch() {
    Batch ofTwo = batch(2);
    ofTwo.chunkSize(5);

    assertThat(all(execute(ofTwo, Flux.range(1, 4)))).hasSize(2);
  }

  @Test
  void emptySourceWritesNothing() {
    StepVerifier.create(execute(batch(5), Flux.empty())).expectComplete().verify(LIMIT);
    assertThat(count()).isZero();
  }

  @Test
  void resultComesAfterTheCommitOfItsChunk() {
    StepVerifier.create(
            execute(batch(10), Flux.range(1, 30))
                .concatMap(
                    result ->
                        db().query("SELECT count(*) FROM item WHERE id <= :last")
                            .bind("last", result.totals().items())
                            .mapTo(Long.class)
                            .one()))
        .expectNext(10L, 20L, 30L)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void chunksAreFullUnderDemandOneByOne() {
    StepVerifier.create(execute(batch(100), Flux.range(1, 1_000)).map(BatchResult::items), 1)
        .expectNext(100)
        .expectNoEvent(Duration.ofMillis(150))
        .thenRequest(1)
        .expectNext(100)
        .expectNoEvent(Duration.ofMillis(150))
        .thenRequest(1)
        .expectNext(100)
        .thenRequest(100)
        .expectNext(100, 100, 100, 100, 100, 100, 100)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void sourceIsHeldBackByDemand() {
    AtomicInteger taken = new AtomicInteger();

    StepVerifier.create(
            execute(batch(10), Flux.range(1, 100_000).doOnNext(i -> taken.incrementAndGet())), 1)
        .expectNextCount(1)
        .expectNoEvent(Duration.ofMillis(100))
        .then(() -> assertThat(taken.get()).isLessThan(200))
        .thenCancel()
        .verify(LIMIT);
  }

  @Test
  void incompleteChunkIsFlushedByTime() {
    StepVerifier.create(
            execute(
                db().batch(INSERT).chunkSize(1_000).maxDelay(Duration.ofMillis(50)),
                Flux.just(1, 2, 3).concatWith(Mono.never())))
        .expectNextMatches(result -> result.items() == 3)
        .thenCancel()
        .verify(LIMIT);

    assertThat(ids()).isEqualTo(upTo(3));
  }

  @Test
  void positionalParametersAreBoundToo() {
    await(
        db().batch("INSERT INTO item (id, name) VALUES (?, ?)")
            .execute(Flux.range(1, 5), (row, id) -> row.bind(1, id).bind(2, "n"))
            .then());

    assertThat(ids()).isEqualTo(upTo(5));
  }

  @Test
  void rowsAreCountedAndNotItems() {
    fill(10);

    assertThat(
            all(
                db().batch("DELETE FROM item WHERE id >= :from AND id < :from + 3")
                    .chunkSize(2)
                    .<Integer>execute(Flux.just(1, 4, 100), (row, from) -> row.bind("from", from))))
        .extracting(BatchResult::rowsUpdated)
        .containsExactly(6L, 0L);
  }

  // ---- errors

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 11, 15, 20, 21, 25})
  void failedItemIsNamedAndExactlyTheChunksBeforeAreCommitted(int bad) {
    Flux<Integer> source = Flux.range(1, 25).map(id -> id == bad ? 1_000 : id);
    await(insert(1_000));

    BatchFailedException error =
        errorOf(BatchFailedException.class, execute(batch(10), source).then());

    long committed = (bad - 1) / 10 * 10L;
    assertThat(error.itemIndex()).isEqualTo(bad - 1);
    assertThat(error.committedItems()).isEqualTo(committed);
    assertThat(error).hasCauseInstanceOf(ConstraintViolationException.class);
    assertThat(count()).isEqualTo(committed + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 11, 15, 20, 21, 25})
  void itemThatCannotBeBoundIsNamed(int bad) {
    IllegalStateException own = new IllegalStateException("mine");
    Flux<BatchResult> load =
        batch(10)
            .<Integer>execute(
                Flux.range(1, 25),
                (row, id) -> {
                  if (id == bad) {
                    throw own;
                  }
                  row.bind("id", id).bind("name", "n");
                });

    BatchFailedException error = errorOf(BatchFailedException.class, load.then());

    long committed = (bad - 1) / 10 * 10L;
    assertThat(error.itemIndex()).isEqualTo(bad - 1);
    assertThat(error.committedItems()).isEqualTo(committed);
    assertThat(error).hasCause(own);
    assertThat(ids()).isEqualTo(upTo(committed));
  }

  @Test
  void missingUnknownAndUnsupportedValuesAreBadItems() {
    assertThat(
            errorOf(
                BatchFailedException.class,
                batch(5).execute(Flux.range(1, 3), (row, id) -> row.bind("id", id)).then()))
        .hasCauseInstanceOf(InvalidSqlException.class);
    assertThat(
            errorOf(
                BatchFailedException.class,
                batch(5).execute(Flux.range(1, 3), (row, id) -> row.bind("nope", id)).then()))
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(
            errorOf(
                BatchFailedException.class,
                batch(5)
                    .execute(Flux.range(1, 3), (row, id) -> row.bind("id", id).bind("name", row))
                    .then()))
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(count()).isZero();
  }

  @Test
  void collectionsAreNotExpanded() {
    Flux<BatchResult> load =
        db().batch("DELETE FROM item WHERE id IN (:ids)")
            .execute(Flux.just(List.of(1, 2)), (row, ids) -> row.bind("ids", ids));

    errorOf(BatchFailedException.class, load.then());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 10, 15, 20, 25})
  void errorOfTheSourceEndsItAndSaysHowMuchIsCommitted(int good) {
    IllegalStateException own = new IllegalStateException("source");
    Flux<Integer> source = Flux.range(1, good).concatWith(Mono.error(own));

    BatchFailedException error =
        errorOf(BatchFailedException.class, execute(batch(10), source).then());

    assertThat(error).hasCause(own);
    assertThat(error.committedItems()).isLessThanOrEqualTo(good);
    assertThat(ids()).isEqualTo(upTo(error.committedItems()));
  }

  @Test
  void errorOfTheSourceHasNoItemToBlame() {
    TestPublisher<Integer> source = TestPublisher.create();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Queue<BatchResult> results = new ConcurrentLinkedQueue<>();
    execute(batch(2), source.flux()).subscribe(results::add, failure::set);
    source.next(1, 2, 3);
    eventually("a chunk is written", () -> !results.isEmpty());

    source.error(new IllegalStateException("source"));

    eventually("the stream ended", () -> failure.get() != null);
    assertThat(failure.get()).isInstanceOf(BatchFailedException.class);
    BatchFailedException error = (BatchFailedException) failure.get();
    assertThat(error.itemIndex()).isEqualTo(-1);
    assertThat(error.committedItems()).isBetween(2L, 3L).isEqualTo(count());
  }

  @Test
  void errorsCarryTheLabelButNoValue() {
    await(insert(7));

    BatchFailedException error =
        errorOf(
            BatchFailedException.class,
            db().with(OperationOptions.labelled("import"))
                .batch(INSERT)
                .execute(Flux.just(7), (row, id) -> row.bind("id", id).bind("name", "very-secret"))
                .then());

    assertThat(error.label()).contains("import");
    assertThat(error.toString() + error.getCause()).doesNotContain("very-secret");
  }

  @Test
  void failureDiscardsWhatIsNotCommitted() {
    Queue<Integer> received = new ConcurrentLinkedQueue<>();
    Queue<Integer> discarded = new ConcurrentLinkedQueue<>();
    await(insert(15));

    errorOf(
        BatchFailedException.class,
        execute(batch(10), Flux.range(1, 1_000).doOnNext(received::add))
            .doOnDiscard(Integer.class, discarded::add)
            .then());

    assertThat(count()).isEqualTo(11);
    eventually("all are accounted for", () -> discarded.size() == received.size() - 10);
    assertThat(discarded).doesNotHaveDuplicates().allMatch(id -> id > 10);
    assertThat(db().stats().writes().discardedItems()).isEqualTo(discarded.size());
  }

  // ---- the lane

  @Test
  void chunksGoThroughTheBulkLaneAndLetShortWritesPass() {
    try (Gate writer = holdWriter()) {
      Flux<BatchResult> load = execute(batch(50), Flux.range(1, 1_000));
      Mono<Long> written = load.count().cache();
      written.subscribe();
      eventually("a chunk is queued", () -> db().stats().writes().queuedBulk() > 0);
      Mono<Long> lone = insert(5_000).cache();
      lone.subscribe();
      awaitQueuedWrites(1);
      writer.open();

      assertThat(get(lone)).isEqualTo(1);
      assertThat(get(written)).isEqualTo(20);
    }
    assertThat(count()).isEqualTo(1_001);
  }

  @Test
  void manyBatchesAtOnceKeepTheirResultsApart() {
    List<Long> totals =
        all(
            Flux.range(0, 16)
                .flatMap(
                    part ->
                        execute(batch(37), Flux.range(1 + part * 1_000, 500))
                            .last()
                            .map(result -> result.totals().items()),
                    16));

    assertThat(totals).hasSize(16).containsOnly(500L);
    assertThat(count()).isEqualTo(8_000);
  }

  // ---- refused at the call

  @Test
  void onlyPlainWritesAreTaken() {
    for (String sql :
        List.of(
            "INSERT INTO item (id) VALUES (?) RETURNING id",
            "SELECT 1",
            "CREATE TABLE x (id INTEGER)",
            "COMMIT",
            "DELETE FROM item; DELETE FROM note")) {
      assertThat(thrownBy(() -> db().batch(sql))).isInstanceOf(InvalidSqlException.class);
    }
  }

  @Test
  void sizesAndDelaysArePositive() {
    assertThatIllegalArgumentException().isThrownBy(() -> db().batch(INSERT).chunkSize(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> db().batch(INSERT).maxDelay(Duration.ZERO));
  }
}
