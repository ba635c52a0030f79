package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Whenever outcomes come, and from whatever threads, each of them becomes durable. */
class AcknowledgementsTest extends JobsFixture {

  private static final Logger LOG = LoggerFactory.getLogger(AcknowledgementsTest.class);
  private static final int JOBS = 1_000;
  private static final int THREADS = 4;

  /** Whoever starts a timer goes on after it has fired, unless it is the timer's own thread. */
  private static final class SlowCallers implements Scheduler {
    private static final long HELD_UP_MILLIS = 50;

    private final Scheduler timers = Schedulers.newParallel("timers", 4, true);

    @Override
    public Disposable schedule(Runnable task) {
      return timers.schedule(task);
    }

    @Override
    public Disposable schedulePeriodically(
        Runnable task, long initialDelay, long period, TimeUnit unit) {
      return timers.schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public void dispose() {
      timers.dispose();
    }

    @Override
    public Worker createWorker() {
      Worker worker = timers.createWorker();
      return new Worker() {
        @Override
        public Disposable schedule(Runnable task) {
          return worker.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
          CountDownLatch fired = new CountDownLatch(1);
          Disposable timer =
              worker.schedule(
                  () -> {
                    task.run();
                    fired.countDown();
                  });
          try {
            boolean firedBefore = fired.await(HELD_UP_MILLIS, TimeUnit.MILLISECONDS);
            LOG.debug("The timer fired before: {}", firedBefore);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return timer;
        }

        @Override
        public void dispose() {
          worker.dispose();
        }
      };
    }
  }

  /**
   *
   *
   * <pre>
   * handler   brings an outcome, which starts the timer ── is held up ── goes on
   * timer                                                  fires
   * </pre>
   */
  @Test
  void anOutcomeIsWrittenThoughItsTimerFiresBeforeItIsThere() {
    enqueue("x");
    SlowCallers scheduler = new SlowCallers();
    Jobs other = another(JobsOptions.defaults().scheduler(scheduler));
    ClaimedJob job = Claiming.one(other, "text");
    assertThat(
            Bounded.get(
                other
                    .engine()
                    .acknowledgements()
                    .submit(job.lease(), Outcome.COMPLETED)
                    .thenReturn(true)))
        .isTrue();
    scheduler.dispose();
  }

  @RepeatedTest(6)
  void noOutcomeStaysBehind() {
    enqueueMany(JOBS);
    List<ClaimedJob> claimed =
        Bounded.get(
            jobs.engine()
                .claims()
                .claim(
                    new ClaimStore.Request(
                        "default", Set.of("text"), JOBS, 0, Set.of(), "test", 60_000, 0)));
    ConcurrentLinkedQueue<ClaimedJob> left = new ConcurrentLinkedQueue<>(claimed);
    AtomicInteger durable = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      Thread emitter =
          new Thread(
              () -> {
                ClaimedJob job = left.poll();
                while (job != null) {
                  jobs.engine()
                      .acknowledgements()
                      .submit(job.lease(), Outcome.COMPLETED)
                      .subscribe(ignored -> {}, error -> {}, durable::incrementAndGet);
                  if (job.id() % 3 == 0) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(6_000_000));
                  }
                  job = left.poll();
                }
                ended.countDown();
              },
              "emitter " + thread);
      emitter.setDaemon(true);
      emitter.start();
    }
    Bounded.await(ended);
    Bounded.until("all durable", () -> durable.get() == JOBS);
    assertThat(Bounded.get(jobs.queue().counts())).containsEntry(JobState.COMPLETED, (long) JOBS);
  }
}
