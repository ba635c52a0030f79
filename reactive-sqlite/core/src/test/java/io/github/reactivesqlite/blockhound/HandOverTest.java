package io.github.reactivesqlite.blockhound;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * A queue with a lock parks whoever hands over a task while another thread has that lock, which is
 * rare: once in some 200,000 tasks. Here somebody has it, for as long as it is looked into.
 *
 * <pre>
 * engine thread    task 1 .......................... task 2, task 3
 * looking thread             contains(probe) ┄┄┄┄┄┄┄┄ returns
 * event loop                          hands over task 3
 * </pre>
 */
class HandOverTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final ExecutorService executor = EngineThread.executor("handover");
  private final Scheduler engine = EngineThread.scheduler(executor);
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch looking = new CountDownLatch(1);
  private final CountDownLatch handedOver = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(3);

  @BeforeEach
  void forget() {
    DriverCalls.forget();
  }

  @AfterEach
  void stop() {
    handedOver.countDown();
    executor.shutdownNow();
    DriverCalls.forget();
  }

  @Test
  void parksNoEventLoopWhileSomebodyElseUsesTheQueue() throws Exception {
    engine.schedule(
        () -> {
          running.countDown();
          await(handedOver);
          ended.countDown();
        });
    await(running);
    engine.schedule(ended::countDown);
    BlockingQueue<Runnable> queue = ((ThreadPoolExecutor) executor).getQueue();
    CompletableFuture<Boolean> found =
        CompletableFuture.supplyAsync(() -> queue.contains(new Probe()));
    await(looking);

    Mono<Void> handOver =
        Mono.<Void>fromRunnable(() -> engine.schedule(ended::countDown))
            .subscribeOn(Schedulers.parallel());

    StepVerifier.create(handOver).expectComplete().verify(SOON);
    assertThat(DriverCalls.stopped()).isEmpty();
    handedOver.countDown();
    await(ended);
    assertThat(found.get(30, TimeUnit.SECONDS)).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Equal to nothing, and slow to say so. */
  private final class Probe implements Runnable {
    @Override
    public void run() {
      throw new AssertionError("never handed over");
    }

    @Override
    public boolean equals(Object other) {
      looking.countDown();
      HandOverTest.await(handedOver);
      return false;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }
}
