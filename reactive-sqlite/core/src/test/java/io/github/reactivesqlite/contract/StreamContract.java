package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * Long results under little demand. There are three readers, so that two streams may hold one each
 * and the third stays with the short reads.
 */
abstract class StreamContract extends ReactiveDatabaseContract {

  private static final int ROWS = 10_000;

  @BeforeEach
  void fill() {
    fill(ROWS);
  }

  private Flux<Long> stream() {
    return db().query("SELECT id FROM item ORDER BY id").mapTo(Long.class).all();
  }

  /** A subscriber that takes one row and then waits. */
  private static final class Slow extends BaseSubscriber<Long> {
    final ConcurrentLinkedQueue<Long> rows = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Object> ends = new ConcurrentLinkedQueue<>();

    @Override
    protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
      request(1);
    }

    @Override
    protected void hookOnNext(Long row) {
      rows.add(row);
    }

    @Override
    protected void hookOnComplete() {
      ends.add("complete");
    }

    @Override
    protected void hookOnError(Throwable error) {
      ends.add(error);
    }

    void awaitFirst() {
      eventually("the first row came", () -> !rows.isEmpty());
    }

    void drain() {
      requestUnbounded();
      eventually("the stream ended", () -> !ends.isEmpty());
    }
  }

  @Test
  void rowsThatWereMappedForSomebodyWhoHasLeftAreDiscarded() {
    AtomicInteger mapped = new AtomicInteger();
    ConcurrentLinkedQueue<Long> discarded = new ConcurrentLinkedQueue<>();
    Slow slow = new Slow();
    db().query("SELECT id FROM item ORDER BY id")
        .map(
            row -> {
              if (mapped.incrementAndGet() == 10) {
                slow.cancel();
              }
              return row.get(1, Long.class);
            })
        .all()
        .doOnDiscard(Long.class, discarded::add)
        .subscribe(slow);

    eventually("what was mapped is discarded", () -> discarded.size() == 10);
    assertThat(mapped).hasValue(10);
    assertThat(slow.rows).isEmpty();
  }

  private Slow slow() {
    Slow slow = new Slow();
    stream().subscribe(slow);
    return slow;
  }

  private static List<Long> everyRow() {
    return LongStream.rangeClosed(1, ROWS).boxed().toList();
  }

  @Test
  void everyRowComesOnceUnderUnboundedDemand() {
    assertThat(all(stream())).isEqualTo(everyRow());
  }

  @Test
  void everyRowComesOnceWhenAskedForOneByOne() {
    AtomicInteger most = new AtomicInteger();
    List<Long> rows = new ArrayList<>();
    BaseSubscriber<Long> oneByOne =
        new BaseSubscriber<>() {
          private int outstanding;

          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            outstanding = 1;
            request(1);
          }

          @Override
          protected void hookOnNext(Long row) {
            rows.add(row);
            outstanding--;
            most.accumulateAndGet(-outstanding, Math::max);
            outstanding++;
            request(1);
          }
        };

    stream().subscribe(oneByOne);

    eventually("the stream ended", oneByOne::isDisposed);
    assertThat(rows).isEqualTo(everyRow());
    assertThat(most).as("rows beyond the demand").hasValue(0);
  }

  @Test
  void noRowComesWithoutDemand() {
    StepVerifier.create(stream(), 0)
        .expectSubscription()
        .expectNoEvent(Duration.ofMillis(100))
        .thenRequest(3)
        .expectNext(1L, 2L, 3L)
        .expectNoEvent(Duration.ofMillis(50))
        .thenRequest(Long.MAX_VALUE)
        .expectNextCount(ROWS - 3)
        .expectComplete()
        .verify(LIMIT);
  }

  @Test
  void shortResultLeavesItsReaderHoweverSlowTheSubscriberIs() {
    List<Slow> subscribers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Slow slow = new Slow();
      db().query("SELECT id FROM item WHERE id <= 256 ORDER BY id")
          .mapTo(Long.class)
          .all()
          .subscribe(slow);
      subscribers.add(slow);
    }

    subscribers.forEach(Slow::awaitFirst);
    eventually("no reader is held", () -> db().stats().reads().active() == 0);
    subscribers.forEach(Slow::drain);

    assertThat(subscribers).allSatisfy(slow -> assertThat(slow.rows).hasSize(256));
  }

  @Test
  void slowStreamsHoldAllReadersButOne() {
    Slow first = slow();
    Slow second = slow();
    first.awaitFirst();
    second.awaitFirst();
    Slow third = slow();
    Slow fourth = slow();

    for (int i = 1; i <= 50; i++) {
      assertThat(count()).as("short reads go on").isEqualTo(ROWS);
    }
    await(insert(ROWS + 1L));
    awaitQueuedReads(2);
    assertThat(third.rows).isEmpty();
    assertThat(fourth.rows).isEmpty();

    first.drain();
    third.awaitFirst();
    second.drain();
    fourth.awaitFirst();
    third.drain();
    fourth.drain();

    assertThat(first.rows).containsExactlyElementsOf(everyRow());
    assertThat(second.rows).containsExactlyElementsOf(everyRow());
    assertThat(new HashSet<>(third.rows)).hasSize(ROWS + 1).hasSameSizeAs(third.rows);
    assertThat(new HashSet<>(fourth.rows)).hasSize(ROWS + 1).hasSameSizeAs(fourth.rows);
  }

  @Test
  void manyStreamsAtOnceEachGiveEveryRowOnce() {
    List<Set<Long>> results =
        all(
            Flux.range(0, 24)
                .flatMap(
                    i ->
                        stream()
                            .limitRate(10 + 40 * i)
                            .collectList()
                            .doOnNext(rows -> assertThat(rows).hasSize(ROWS))
                            .map(HashSet::new),
                    24));

    assertThat(results).hasSize(24).allSatisfy(ids -> assertThat(ids).hasSize(ROWS));
  }

  @Test
  void streamThatFindsNoReaderInTimeIsRefused() {
    Slow first = slow();
    Slow second = slow();
    first.awaitFirst();
    second.awaitFirst();

    Throwable error =
        errorOf(
            db().with(OperationOptions.none().acquireTimeout(Duration.ofMillis(50)))
                .query("SELECT id FROM item")
                .mapTo(Long.class)
                .all()
                .then());

    assertThat(error).isInstanceOf(AcquireTimeoutException.class);
    first.cancel();
    second.cancel();
  }

  @Test
  void streamOpenForTooLongEnds() {
    Slow slow = new Slow();
    db().with(OperationOptions.labelled("export").snapshotTimeout(Duration.ofMillis(80)))
        .query("SELECT id FROM item ORDER BY id")
        .mapTo(Long.class)
        .all()
        .subscribe(slow);
    slow.awaitFirst();

    eventually("the reader is free again", () -> db().stats().reads().active() == 0);
    slow.drain();

    assertThat(slow.ends).singleElement().isInstanceOf(SnapshotTimeoutException.class);
    assertThat(slow.ends.peek().toString()).contains("export");
  }

  @Test
  void timeOfASlowSubscriberIsNotTimeInsideTheEngine() {
    List<Long> rows =
        all(
            db().with(OperationOptions.none().executionTimeout(Duration.ofSeconds(2)))
                .query("SELECT id FROM item ORDER BY id")
                .mapTo(Long.class)
                .all()
                .limitRate(500)
                .window(500)
                .concatMap(part -> part.collectList().delayElement(Duration.ofMillis(150)))
                .flatMapIterable(part -> part));

    assertThat(rows).isEqualTo(everyRow());
  }

  @Test
  void streamSeesOneStateWhileWritesGoOn() {
    Slow slow = slow();
    slow.awaitFirst();

    await(db().update("DELETE FROM item WHERE id > 5000").rowsUpdated());
    await(db().update("UPDATE item SET id = -id WHERE id > 100").rowsUpdated());
    slow.drain();

    assertThat(slow.rows).containsExactlyElementsOf(everyRow());
  }

  @Test
  void mapperErrorDeepInAStreamEndsIt() {
    Flux<Long> rows =
        db().query("SELECT id FROM item ORDER BY id")
            .map(
                row -> {
                  long id = row.getLong(1);
                  if (id == 777) {
                    throw new IllegalStateException("enough");
                  }
                  return id;
                })
            .all();

    StepVerifier.create(rows.limitRate(1).skip(500))
        .expectNextSequence(LongStream.rangeClosed(501, 512).boxed().toList())
        .thenConsumeWhile(id -> true)
        .expectError(RowMappingException.class)
        .verify(LIMIT);
  }

  @Test
  void takeEndsTheStreamEarly() {
    for (int i = 0; i < 50; i++) {
      StepVerifier.create(stream().take(300 + i))
          .expectNextCount(300 + i)
          .expectComplete()
          .verify(LIMIT);
    }
  }
}
