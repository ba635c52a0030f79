package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** From enqueue to the durable outcome. */
class WorkersTest extends JobsFixture {

  @Test
  void anEnqueuedJobRunsAndCompletes() {
    work(job -> Mono.empty());
    Enqueued answer = Bounded.get(jobs.enqueue(TEXT.job("one")));

    untilState(answer.id(), JobState.COMPLETED);
    assertThat(info(answer.id()).attempt()).isEqualTo(1);
    assertThat(info(answer.id()).finishedAt()).isNotNull();
  }

  @Test
  void everyJobRunsOnceAndNeverMoreAtOnceThanWorkers() {
    int count = 500;
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
    enqueueMany(count);
    start(
        workers(
                job ->
                    Mono.fromRunnable(
                            () -> most.accumulateAndGet(running.incrementAndGet(), Math::max))
                        .then(Mono.delay(Duration.ofMillis(1)))
                        .doOnTerminate(
                            () -> {
                              ran.add(job.payload());
                              running.decrementAndGet();
                            })
                        .then())
            .concurrency(16));

    Bounded.until("all completed", () -> inState(JobState.COMPLETED) == count);
    assertThat(ran).hasSize(count).doesNotHaveDuplicates();
    assertThat(most.get()).isLessThanOrEqualTo(16);
  }

  @Test
  void urgentJobsGoFirst() {
    List<Long> ids =
        Bounded.get(
                jobs.enqueueAll(
                    List.of(
                        TEXT.job("low").priority(-1),
                        TEXT.job("first"),
                        TEXT.job("second"),
                        TEXT.job("high").priority(5))))
            .stream()
            .map(Enqueued::id)
            .toList();
    ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
    start(workers(job -> Mono.fromRunnable(() -> order.add(job.payload()))).concurrency(1));

    ids.forEach(id -> untilState(id, JobState.COMPLETED));
    assertThat(order).containsExactly("high", "first", "second", "low");
  }

  @Test
  void noMoreJobsAreLeasedThanThereAreFreeWorkers() {
    enqueueMany(10);
    start(workers(job -> Mono.never()).concurrency(3));

    Bounded.until("three run", () -> inState(JobState.RUNNING) == 3);
    Bounded.get(Mono.delay(Duration.ofMillis(50)));
    assertThat(Bounded.get(jobs.queue().counts()))
        .containsEntry(JobState.RUNNING, 3L)
        .containsEntry(JobState.AVAILABLE, 7L);
  }

  @Test
  void jobsOfUnhandledTypesStay() {
    JobType<String> other = JobType.of("other", PayloadCodec.text());
    long stays = enqueue(other.job("x").priority(9));
    long runs = enqueue("y");
    work(job -> Mono.empty());

    untilState(runs, JobState.COMPLETED);
    assertThat(info(stays).state()).isEqualTo(JobState.AVAILABLE);
  }

  @Nested
  class Failures {

    @Test
    void aFailedJobIsTriedAgainAndThenDiscardedWithItsError() {
      AtomicInteger calls = new AtomicInteger();
      work(
          job -> {
            calls.incrementAndGet();
            throw new IllegalArgumentException("no luck, password=hunter2");
          });
      long id = enqueue(TEXT.job("x").maxAttempts(3));

      untilState(id, JobState.DISCARDED);
      assertThat(calls.get()).isEqualTo(3);
      assertThat(info(id).error())
          .isEqualTo("java.lang.IllegalArgumentException: no luck, password=***");
    }

    @Test
    void anAttemptThatTakesTooLongFails() {
      JobType<String> hasty = TEXT.timeout(Duration.ofMillis(50)).maxAttempts(1);
      start(jobs.queue().workers().handle(hasty, job -> Mono.never()));
      long id = enqueue(hasty.job("x"));

      untilState(id, JobState.DISCARDED);
      assertThat(info(id).error()).contains("longer than PT0.05S");
    }

    @Test
    void aPayloadThatCannotBeReadFailsItsJobOnly() {
      PayloadCodec<String> broken =
          new PayloadCodec<>() {
            @Override
            public String encode(String payload) {
              return payload;
            }

            @Override
            public String decode(String text) {
              throw new IllegalStateException("unreadable");
            }
          };
      JobType<String> unreadable = JobType.of("unreadable", broken).maxAttempts(1);
      start(
          jobs.queue()
              .workers()
              .handle(unreadable, job -> Mono.empty())
              .handle(TEXT, job -> Mono.empty())
              .concurrency(1));
      long bad = enqueue(unreadable.job("x"));
      long good = enqueue("y");

      untilState(bad, JobState.DISCARDED);
      untilState(good, JobState.COMPLETED);
    }

    @Test
    void aDiscardedJobCanBeRedriven() {
      Set<String> broken = ConcurrentHashMap.newKeySet();
      broken.add("x");
      work(
          job ->
              broken.contains(job.payload())
                  ? Mono.error(new IllegalStateException("not yet"))
                  : Mono.empty());
      long id = enqueue(TEXT.job("x").maxAttempts(1));
      untilState(id, JobState.DISCARDED);

      broken.clear();
      assertThat(Bounded.get(jobs.redrive(id))).isTrue();
      untilState(id, JobState.COMPLETED);
      assertThat(Bounded.get(jobs.redrive(id))).isFalse();
    }
  }

  @Nested
  class Endings {

    @Test
    void completeWithWritesRowsAndCompletionTogether() {
      Bounded.get(db.script("CREATE TABLE result (text TEXT)").thenReturn(1));
      work(
          job ->
              job.completeWith(
                      session ->
                          session
                              .update("INSERT INTO result VALUES (:text)")
                              .bind("text", job.payload())
                              .execute())
                  .then());
      long id = enqueue("x");

      untilState(id, JobState.COMPLETED);
      assertThat(
              Bounded.get(
                  db.query("SELECT text FROM result").mapTo(String.class).all().collectList()))
          .containsExactly("x");
    }

    @Test
    void aFailedCompletionUnitLeavesNeitherAndIsAnAttempt() {
      work(
          job ->
              job.completeWith(
                      session -> {
                        throw new IllegalStateException("no");
                      })
                  .then());
      long id = enqueue(TEXT.job("x").maxAttempts(2));

      untilState(id, JobState.DISCARDED);
      assertThat(info(id).attempt()).isEqualTo(2);
    }

    @Test
    void aSnoozeIsNotAnAttempt() {
      AtomicInteger calls = new AtomicInteger();
      work(job -> calls.incrementAndGet() < 4 ? job.snooze(Duration.ofMillis(5)) : Mono.empty());
      long id = enqueue(TEXT.job("x").maxAttempts(1));

      untilState(id, JobState.COMPLETED);
      assertThat(calls.get()).isEqualTo(4);
      assertThat(info(id).attempt()).isEqualTo(1);
    }

    @Test
    void aRunningJobIsCancelled() {
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch cancelled = new CountDownLatch(1);
      work(
          job ->
              Mono.<Void>never()
                  .doOnSubscribe(s -> started.countDown())
                  .doOnCancel(cancelled::countDown));
      long id = enqueue("x");
      Bounded.await(started);

      assertThat(Bounded.get(jobs.cancel(id))).isTrue();
      Bounded.await(cancelled);
      untilState(id, JobState.CANCELLED);
      assertThat(Bounded.get(jobs.cancel(id))).isFalse();
    }

    @Test
    void progressIsSeenWhileTheJobRuns() {
      Sinks.Empty<Void> end = Sinks.empty();
      work(job -> job.progress(0.5, "half").then(end.asMono()));
      long id = enqueue("x");

      Bounded.until("progress", () -> info(id).progress() != null);
      assertThat(info(id).progress()).isEqualTo(0.5);
      assertThat(info(id).progressNote()).isEqualTo("half");
      end.tryEmitEmpty();
      untilState(id, JobState.COMPLETED);
    }
  }

  @Nested
  class Stopping {

    @Test
    void aStopWaitsForRunningHandlers() {
      CountDownLatch started = new CountDownLatch(1);
      Sinks.Empty<Void> end = Sinks.empty();
      Workers workers = work(job -> end.asMono().doOnSubscribe(s -> started.countDown()));
      long id = enqueue("x");
      Bounded.await(started);
      Mono<Void> stop = workers.stop().cache();
      stop.subscribe();
      end.tryEmitEmpty();

      stop.block(Bounded.LIMIT);
      assertThat(info(id).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void whatDoesNotEndIsHandedBackAndNoAttempt() {
      CountDownLatch started = new CountDownLatch(1);
      Workers workers = work(job -> Mono.<Void>never().doOnSubscribe(s -> started.countDown()));
      long id = enqueue(TEXT.job("x").maxAttempts(1));
      Bounded.await(started);

      workers.stop(Duration.ofMillis(20)).block(Bounded.LIMIT);
      assertThat(info(id).state()).isEqualTo(JobState.AVAILABLE);
      assertThat(info(id).attempt()).isZero();
      assertThat(workers.running()).isZero();
    }
  }

  @Nested
  class Enqueueing {

    @Test
    void aUniqueKeyIsFreeAgainWhenItsJobHasFinished() {
      long first = enqueue(TEXT.job("x").uniqueKey("feed:1"));
      assertThat(Bounded.get(jobs.enqueue(TEXT.job("y").uniqueKey("feed:1"))))
          .isEqualTo(new Enqueued(first, true));

      work(job -> Mono.empty());
      untilState(first, JobState.COMPLETED);
      assertThat(Bounded.get(jobs.enqueue(TEXT.job("z").uniqueKey("feed:1"))).duplicate())
          .isFalse();
    }

    @Test
    void aJobOfARolledBackTransactionDoesNotExist() {
      assertThatThrownBy(
              () ->
                  Bounded.get(
                      db.withTransaction(
                          tx ->
                              jobs.enqueue(tx, TEXT.job("x"))
                                  .then(Mono.error(new IllegalStateException("rolled back"))))))
          .isInstanceOf(IllegalStateException.class);
      Bounded.get(db.withTransaction(tx -> jobs.enqueue(tx, TEXT.job("y").uniqueKey("u"))));
      Bounded.get(db.withTransaction(tx -> jobs.enqueue(tx, TEXT.job("y").uniqueKey("u"))));
      Bounded.get(db.write(session -> jobs.enqueue(session, TEXT.job("z"))));

      assertThat(Bounded.get(jobs.queue().counts())).containsEntry(JobState.AVAILABLE, 2L);
    }

    @Test
    void aPayloadThatIsTooLongIsRefused() {
      JobType<String> small = TEXT.maxPayloadBytes(10);
      assertThatThrownBy(() -> Bounded.get(jobs.enqueue(small.job("ääääää"))))
          .isInstanceOf(PayloadTooLargeException.class)
          .hasMessageContaining("12 bytes");
      assertThat(Bounded.get(jobs.enqueue(small.job("äääää"))).duplicate()).isFalse();
    }

    @Test
    void aDelayedJobRunsWhenItIsDue() {
      long begun = System.nanoTime();
      long id = enqueue(TEXT.job("x").delay(Duration.ofMillis(150)));
      // Nobody runs it yet, however long this takes
      assertThat(info(id).state()).isEqualTo(JobState.SCHEDULED);

      work(job -> Mono.empty());
      untilState(id, JobState.COMPLETED);
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThanOrEqualTo(Duration.ofMillis(149));
    }
  }
}
