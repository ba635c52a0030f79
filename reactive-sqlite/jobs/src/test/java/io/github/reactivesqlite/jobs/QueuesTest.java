package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Pauses, limits, keys, and what other processes do to a queue. */
class QueuesTest extends JobsFixture {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Override
  JobsOptions options() {
    return JobsOptions.defaults()
        .lease(Duration.ofMillis(400))
        .pollInterval(Duration.ofMillis(100))
        .meterRegistry(registry);
  }

  private void staysAvailable(long id) {
    Bounded.get(Mono.delay(Duration.ofMillis(250)));
    assertThat(info(id).state()).isEqualTo(JobState.AVAILABLE);
  }

  @Nested
  class Pauses {

    @Test
    void aPausedQueueStartsNothingUntilItIsResumedByAnyProcess() {
      work(job -> Mono.empty());
      Jobs other = another(options().meterRegistry(new SimpleMeterRegistry()));
      Bounded.get(other.queue().pause().thenReturn(1));
      Bounded.get(other.queue().pause().thenReturn(1));
      long id = enqueue("x");
      staysAvailable(id);
      assertThat(Bounded.get(jobs.queue().isPaused())).isTrue();

      Bounded.get(other.queue().resume().thenReturn(1));
      untilState(id, JobState.COMPLETED);
    }

    @Test
    void severalHeldPausesCount() {
      work(job -> Mono.empty());
      Sinks.Empty<Void> first = Sinks.empty();
      Sinks.Empty<Void> second = Sinks.empty();
      var firstHold = jobs.queue().pausedWhile(first.asMono()).subscribe();
      var secondHold = jobs.queue().pausedWhile(second.asMono()).subscribe();
      Bounded.until(
          "both hold",
          () ->
              Bounded.get(db.query("SELECT count(*) FROM jobs_pause").mapTo(Long.class).one())
                  == 2);
      long id = enqueue("x");
      first.tryEmitEmpty();
      Bounded.until("released", firstHold::isDisposed);
      staysAvailable(id);

      secondHold.dispose();
      untilState(id, JobState.COMPLETED);
    }

    @Test
    void aFailedWorkReleasesItsPause() {
      StepVerifier.create(jobs.queue().pausedWhile(Mono.error(new IllegalStateException("failed"))))
          .expectError(IllegalStateException.class)
          .verify(Bounded.LIMIT);
      assertThat(Bounded.get(jobs.queue().isPaused())).isFalse();
    }

    @Test
    void aPauseEndsAfterItsSafetyTime() {
      CountDownLatch held = new CountDownLatch(1);
      Mono<Object> work = Mono.never().doOnSubscribe(s -> held.countDown());
      var holding = jobs.queue().pausedWhile(work, Duration.ofMillis(150)).subscribe();
      // The work begins when the pause is durable
      Bounded.await(held);
      Bounded.until("released", () -> !Bounded.get(jobs.queue().isPaused()));
      holding.dispose();
    }

    @Test
    void thePauseOfAVanishedProcessIsReleasedByThoseWhoWatch() {
      work(job -> Mono.empty());
      long begun = System.nanoTime();
      Bounded.get(
          db.update("INSERT INTO jobs_pause VALUES ('default', 'gone', 300, 0)").rowsUpdated());
      untilState(enqueue("x"), JobState.COMPLETED);
      // Nobody can have watched it for longer than it has been there
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(300));
    }
  }

  @Nested
  class Keys {

    @Test
    void jobsOfOneKeyRunWithinItsLimitOverAllWorkers() {
      Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
      AtomicInteger most = new AtomicInteger();
      AtomicInteger done = new AtomicInteger();
      JobHandler<String> handler =
          job ->
              Mono.fromRunnable(
                      () ->
                          most.accumulateAndGet(
                              running
                                  .computeIfAbsent("" + job.key(), k -> new AtomicInteger())
                                  .incrementAndGet(),
                              Math::max))
                  .then(Mono.delay(Duration.ofMillis(5)))
                  // Before the signal that frees the worker; doFinally would come after it
                  .doOnTerminate(
                      () -> {
                        running.get("" + job.key()).decrementAndGet();
                        done.incrementAndGet();
                      })
                  .doOnCancel(() -> running.get("" + job.key()).decrementAndGet())
                  .then();
      Bounded.get(
          jobs.enqueueAll(
              IntStream.range(0, 60).mapToObj(n -> TEXT.job("" + n).key("host" + n % 3)).toList()));
      Jobs other = another(options().meterRegistry(new SimpleMeterRegistry()));
      for (Jobs process : List.of(jobs, other)) {
        start(process.queue().workers().handle(TEXT, handler).concurrency(8).concurrencyPerKey(2));
      }
      // A lease that ran out on a machine that stood still is work done twice
      Bounded.until("all done", () -> done.get() >= 60);
      assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void aFailingKeyIsLeftAloneAndOthersAreNot() {
      Set<String> tried = ConcurrentHashMap.newKeySet();
      start(
          workers(
                  job -> {
                    tried.add(job.payload());
                    return "bad".equals(job.key())
                        ? Mono.error(new IllegalStateException("down"))
                        : Mono.empty();
                  })
              .concurrency(1)
              .circuitBreaker());
      long failing = enqueue(TEXT.job("a").key("bad"));
      untilState(failing, JobState.AVAILABLE);
      long held = enqueue(TEXT.job("b").key("bad"));
      long fine = enqueue(TEXT.job("c").key("good"));
      long keyless = enqueue("d");

      untilState(fine, JobState.COMPLETED);
      untilState(keyless, JobState.COMPLETED);
      assertThat(info(held).state()).isEqualTo(JobState.AVAILABLE);
      assertThat(tried).doesNotContain("b");
    }

    @Test
    void thePauseOfACircuitDoublesToItsMaximumAndEndsWithASuccess() {
      long[] now = {0};
      KeyCircuits circuits =
          new KeyCircuits(Duration.ofSeconds(30), Duration.ofSeconds(900), () -> now[0]);
      for (int seconds : new int[] {30, 60, 120, 240, 480, 900, 900}) {
        circuits.failed("host");
        circuits.failed("host");
        now[0] += Duration.ofSeconds(seconds).toNanos() - 1;
        assertThat(circuits.leftAlone().keys()).containsExactly("host");
        now[0] += 1;
        assertThat(circuits.leftAlone().keys()).isEmpty();
      }
      circuits.succeeded("host");
      circuits.failed("host");
      now[0] += Duration.ofSeconds(30).toNanos();
      assertThat(circuits.leftAlone().keys()).isEmpty();
    }
  }

  @Test
  void aRateIsKept() {
    ConcurrentLinkedQueue<Long> starts = new ConcurrentLinkedQueue<>();
    enqueueMany(15);
    long begun = System.nanoTime();
    start(
        workers(job -> Mono.fromRunnable(() -> starts.add(System.nanoTime())))
            .concurrency(8)
            .rateLimit(5, Duration.ofMillis(200)));
    Bounded.until("all ran", () -> starts.size() == 15);
    List<Long> times = starts.stream().sorted().toList();
    // Five at once, the other ten at one per 40 ms
    assertThat(times.get(14) - begun).isGreaterThan(Duration.ofMillis(390).toNanos());
  }

  @Test
  void noErrorOfClaimingEndsTheWorkers() {
    Bounded.get(db.script("ALTER TABLE jobs_pause RENAME TO gone").thenReturn(1));
    work(job -> Mono.empty());
    long id = enqueue("x");
    Bounded.until(
        "claims failed",
        () -> {
          var errors = registry.find("jobs.errors").tag("operation", "claim").counter();
          return errors != null && errors.count() >= 2;
        });
    Bounded.get(db.script("ALTER TABLE gone RENAME TO jobs_pause").thenReturn(1));
    untilState(id, JobState.COMPLETED);
  }

  @Test
  void aWaitingJobIsNotHeldUpByAClockThatWentBack() {
    var ahead = Clock.offset(Clock.systemUTC(), Duration.ofDays(365));
    Jobs other = another(options().clock(ahead).meterRegistry(new SimpleMeterRegistry()));
    long delayed = Bounded.get(other.enqueue(TEXT.job("x").delay(Duration.ofMillis(50)))).id();
    long at =
        Bounded.get(other.enqueue(TEXT.job("y").runAt(ahead.instant().plus(Duration.ofDays(1)))))
            .id();
    work(job -> Mono.empty());
    untilState(delayed, JobState.COMPLETED);
    assertThat(info(at).state()).isEqualTo(JobState.SCHEDULED);
  }

  @Test
  void theClaimUsesItsPartialIndex() {
    List<String> plan =
        Bounded.get(
            db.query(
                    "EXPLAIN QUERY PLAN SELECT j.id FROM jobs_job j WHERE j.state = 'available'"
                        + " AND j.queue = 'q' AND j.type IN ('a', 'b')"
                        + " ORDER BY j.priority DESC, j.run_at, j.id LIMIT 10")
                .map(row -> row.getString("detail"))
                .all()
                .collectList());
    assertThat(plan).anySatisfy(line -> assertThat(line).contains("jobs_job_claim"));
    assertThat(plan).noneSatisfy(line -> assertThat(line).contains("TEMP B-TREE"));
  }

  @Test
  void metersSayWhatHappened() {
    work(job -> Mono.empty());
    untilState(enqueue("x"), JobState.COMPLETED);
    assertThat(registry.get("jobs.enqueued").tag("type", "text").counter().count()).isEqualTo(1);
    assertThat(registry.get("jobs.wait").timer().count()).isEqualTo(1);
    // The outcome can be durable while the thread of the handler's end is held up
    Bounded.until("counted as ended", () -> registry.find("jobs.execution").timer() != null);
    assertThat(registry.get("jobs.execution").tag("outcome", "completed").timer().count())
        .isEqualTo(1);
    assertThat(registry.get("jobs.running").gauge().value()).isZero();
  }

  @Test
  void theListingPagesAndCounts() {
    for (int i = 0; i < 5; i++) {
      enqueue("" + i);
    }
    List<JobInfo> page =
        Bounded.get(jobs.list(JobFilter.all().inQueue("default").limit(2)).collectList());
    assertThat(page).extracting(JobInfo::id).containsExactly(5L, 4L);
    assertThat(
            Bounded.get(
                jobs.list(JobFilter.all().inState(JobState.AVAILABLE).before(4)).collectList()))
        .extracting(JobInfo::id)
        .containsExactly(3L, 2L, 1L);
    assertThat(Bounded.get(jobs.counts()).get("default")).containsEntry(JobState.AVAILABLE, 5L);
  }
}
