package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

/** Many threads bring outcomes at irregular times, and each of them becomes durable. */
class AcknowledgementsTest extends JobsFixture {

  private static final int JOBS = 1_000;
  private static final int THREADS = 4;

  @RepeatedTest(6)
  void noOutcomeStaysBehind() {
    Bounded.get(jobs.enqueueAll(IntStream.range(0, JOBS).mapToObj(n -> TEXT.job("" + n)).toList()));
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
