package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.WatchedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class ChunkCutterTest {

  private static final int SIZE = 3;
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Bounded.PATIENCE;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final TestPublisher<Integer> source = TestPublisher.create();
  private final ConcurrentLinkedQueue<Object> discarded = new ConcurrentLinkedQueue<>();

  private Flux<List<Integer>> chunks() {
    return ChunkCutter.<Integer, List<Integer>>cut(
            source.flux(), SIZE, DELAY.toNanos(), EngineTimer.of(time), ArrayList::new)
        .doOnDiscard(Object.class, discarded::add);
  }

  @Test
  void aFullChunkGoesOutAtOnce() {
    StepVerifier.create(chunks())
        .then(() -> source.next(1, 2, 3))
        .expectNext(List.of(1, 2, 3))
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void aChunkWaitsForItsTimeAndNoLonger() {
    StepVerifier.create(chunks())
        .then(() -> source.next(1))
        .then(() -> time.advanceTimeBy(DELAY.minusMillis(1)))
        .then(() -> source.next(2))
        .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
        .expectNext(List.of(1, 2))
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void theTimeOfAChunkThatHasGoneDoesNotCutTheNext() {
    StepVerifier.create(chunks())
        .then(() -> source.next(1))
        .then(() -> time.advanceTimeBy(DELAY.dividedBy(2)))
        .then(() -> source.next(2, 3, 4))
        .expectNext(List.of(1, 2, 3))
        .then(() -> time.advanceTimeBy(DELAY.minusMillis(1)))
        .then(() -> source.next(5))
        .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
        .expectNext(List.of(4, 5))
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void anAlarmThatComesLateTakesNothingFromTheNextChunk() {
    List<Runnable> alarms = new ArrayList<>();
    Flux<List<Integer>> chunks =
        ChunkCutter.cut(
            source.flux(), SIZE, DELAY.toNanos(), EngineTimer.of(byHand(alarms)), ArrayList::new);
    StepVerifier.create(chunks, 1)
        .then(() -> source.next(1))
        .then(() -> alarms.get(0).run())
        .expectNext(List.of(1))
        .then(() -> source.next(2))
        .then(() -> alarms.get(1).run())
        .then(() -> alarms.get(0).run())
        .thenRequest(1)
        .expectNext(List.of(2))
        .thenCancel()
        .verify(PATIENCE);
  }

  /** A scheduler whose alarms the test sets off. */
  private static Scheduler byHand(List<Runnable> alarms) {
    return new WatchedClock(() -> {}) {
      @Override
      public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        alarms.add(task);
        return Disposables.disposed();
      }
    };
  }

  @Test
  void anErrorOfItsOwnEndsTheChunks() {
    Flux<List<Integer>> chunks =
        ChunkCutter.cut(
            source.flux(),
            SIZE,
            DELAY.toNanos(),
            EngineTimer.of(time),
            () -> {
              throw new StackOverflowError("provoked");
            });
    StepVerifier.create(chunks)
        .then(() -> source.next(1))
        .expectErrorSatisfies(
            error -> assertThat(error).hasCauseInstanceOf(StackOverflowError.class))
        .verify(PATIENCE);
    assertThat(source.wasCancelled()).isTrue();
  }

  @Test
  void withoutDemandAChunkGrowsAndTheSourceIsNotAskedForMore() {
    AtomicLong asked = new AtomicLong();
    Flux<List<Integer>> chunks =
        ChunkCutter.cut(
            source.flux().doOnRequest(asked::addAndGet),
            SIZE,
            DELAY.toNanos(),
            EngineTimer.of(time),
            ArrayList::new);
    StepVerifier.create(chunks, 1)
        .then(() -> assertThat(asked).hasValue(SIZE))
        .then(() -> source.next(1))
        .then(() -> time.advanceTimeBy(DELAY))
        .expectNext(List.of(1))
        .then(() -> source.next(2))
        .then(() -> time.advanceTimeBy(DELAY))
        .then(() -> source.next(3))
        .then(() -> assertThat(asked).as("the rest of the first chunk's demand").hasValue(SIZE))
        .thenRequest(1)
        .expectNext(List.of(2, 3))
        .thenRequest(1)
        .then(() -> assertThat(asked.get()).isBetween(2L * SIZE, 3L * SIZE))
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void theEndBringsTheRest() {
    StepVerifier.create(chunks())
        .then(() -> source.next(1, 2, 3, 4).complete())
        .expectNext(List.of(1, 2, 3), List.of(4))
        .expectComplete()
        .verify(PATIENCE);
  }

  @Test
  void anErrorDiscardsWhatIsNotFull() {
    StepVerifier.create(chunks())
        .then(() -> source.next(1, 2, 3, 4).error(new IllegalStateException("source")))
        .expectNext(List.of(1, 2, 3))
        .expectErrorMessage("source")
        .verify(PATIENCE);
    assertThat(discarded).containsExactly(List.of(4));
  }

  @Test
  void aCancelDiscardsWhatHasNotGoneOut() {
    StepVerifier.create(chunks(), 1).then(() -> source.next(1, 2)).thenCancel().verify(PATIENCE);
    assertThat(discarded).containsExactly(List.of(1, 2));
  }

  /** The source pauses for about the time that cuts, and the chunks are taken at any moment. */
  @Test
  void nothingIsLeftBehindHoweverTimeSizeAndDemandMeet() {
    for (int round = 0; round < 15; round++) {
      Random random = new Random(round);
      int items = 400;
      Sinks.Many<Integer> sink = Sinks.many().unicast().onBackpressureBuffer();
      Bounded.Outcome<List<Integer>> all =
          Bounded.start(
              ChunkCutter.<Integer, List<Integer>>cut(
                      sink.asFlux(),
                      16,
                      Duration.ofMillis(1).toNanos(),
                      EngineTimer.of(Schedulers.parallel()),
                      ArrayList::new)
                  .concatMap(
                      chunk ->
                          Mono.delay(Duration.ofNanos(random.nextInt(2_000_000))).thenReturn(chunk),
                      1)
                  .concatMapIterable(chunk -> chunk)
                  .collectList());
      for (int item = 0; item < items; item++) {
        sink.tryEmitNext(item).orThrow();
        if (item % 5 == 0) {
          LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(1_500)));
        }
      }
      // The last ones are cut by time, and not by the end
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
      sink.tryEmitComplete().orThrow();
      assertThat(all.value())
          .as("round " + round)
          .isEqualTo(IntStream.range(0, items).boxed().toList());
    }
  }
}
