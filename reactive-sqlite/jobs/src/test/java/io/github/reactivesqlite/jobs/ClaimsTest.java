package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Demand is what is leased; what is not taken goes back. */
class ClaimsTest extends JobsFixture {

  private Claims claims(JobsOptions options) {
    return claims(options, Mono.never());
  }

  private Claims claims(JobsOptions options, Mono<Void> end) {
    Engine engine = jobs.engine();
    KeyCircuits circuits = new KeyCircuits(Duration.ZERO, Duration.ZERO, System::nanoTime);
    QueueSource source = new QueueSource("default", Set.of("text"), 0, circuits, null, engine);
    return new Claims(source, end, Schedulers.parallel(), options.pollInterval(), error -> {});
  }

  @Test
  void nothingIsLeasedWithoutDemand() {
    enqueueMany(10);
    StepVerifier.create(claims(options()), 0)
        .expectSubscription()
        .then(() -> assertThat(inState(JobState.RUNNING)).isZero())
        .thenRequest(3)
        .expectNextCount(3)
        .then(() -> assertThat(inState(JobState.RUNNING)).isEqualTo(3))
        .thenRequest(2)
        .expectNextCount(2)
        .then(() -> assertThat(inState(JobState.RUNNING)).isEqualTo(5))
        .thenCancel()
        .verify(Bounded.LIMIT);
  }

  @Test
  void aCancelHandsBackWhatItsSubscriberDidNotTake() {
    enqueueMany(10);
    // take(n) cancels while the rest of the claim is still to be emitted
    List<ClaimedJob> taken =
        Bounded.get(claims(options()).limitRate(8).take(3, false).collectList());
    assertThat(taken).hasSize(3);
    Bounded.until("handed back", () -> inState(JobState.AVAILABLE) == 7);
    assertThat(
            Bounded.get(
                db.query("SELECT count(*) FROM jobs_job WHERE state = 'available' AND attempt = 0")
                    .mapTo(Long.class)
                    .one()))
        .isEqualTo(7);
  }

  @Test
  void aClaimThatArrivesAfterTheCancelIsHandedBack() {
    enqueueMany(20);
    BusyWriter busy = new BusyWriter(db);
    for (int round = 0; round < 50; round++) {
      claims(options()).subscribe().dispose();
    }
    var behind = db.write(session -> 2).toFuture();
    busy.letGo();
    // After all of the claims
    assertThat(Bounded.get(Mono.fromFuture(behind))).isEqualTo(2);
    assertThat(
            Bounded.get(
                db.query("SELECT count(*) FROM jobs_job WHERE token IS NOT NULL")
                    .mapTo(Long.class)
                    .one()))
        .as("were claimed")
        .isEqualTo(20);
    Bounded.until("all back", () -> inState(JobState.AVAILABLE) == 20);
  }

  /**
   *
   *
   * <pre>
   * claims   one of four jobs is being handed over ───────────────── goes on
   * test                                            tells the end
   * </pre>
   */
  @Test
  void anEndWhileAJobIsHandedOverComesAfterItAndHandsBackTheRest() {
    enqueueMany(4);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Sinks.Empty<Void> end = Sinks.empty();
    List<String> signals = new CopyOnWriteArrayList<>();
    CountDownLatch over = new CountDownLatch(1);
    claims(options(), end.asMono())
        .subscribe(
            new BaseSubscriber<>() {
              @Override
              protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(4);
              }

              @Override
              protected void hookOnNext(ClaimedJob job) {
                inside.countDown();
                Bounded.await(goOn);
                signals.add(job.payload());
              }

              @Override
              protected void hookOnComplete() {
                signals.add("end");
                over.countDown();
              }
            });
    Bounded.await(inside);
    end.tryEmitEmpty();
    goOn.countDown();
    Bounded.await(over);

    assertThat(signals).containsExactly("0", "end");
    Bounded.until("handed back", () -> inState(JobState.AVAILABLE) == 3);
  }

  /** Handlers that never end by themselves: whoever is not stopped would be waited for. */
  @Test
  void aHardStopRightAfterTheStartStopsEveryHandler() {
    enqueueMany(50);
    for (int round = 0; round < 100; round++) {
      Workers workers = workers(job -> Mono.never()).concurrency(4).start();
      workers.stop(Duration.ZERO).block(Bounded.LIMIT);
      assertThat(inState(JobState.AVAILABLE)).isEqualTo(50);
    }
  }

  @Test
  void aStopRightAfterTheStartLeavesNoLease() {
    enqueueMany(50);
    ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < 20; round++) {
      Workers workers =
          workers(job -> Mono.fromRunnable(() -> ran.add(job.payload()))).concurrency(2).start();
      workers.stop(Duration.ofSeconds(5)).block(Bounded.LIMIT);
      assertThat(inState(JobState.RUNNING)).isZero();
    }
    assertThat(new ArrayList<>(ran)).doesNotHaveDuplicates();
    assertThat(inState(JobState.COMPLETED)).isEqualTo(ran.size());
  }
}
