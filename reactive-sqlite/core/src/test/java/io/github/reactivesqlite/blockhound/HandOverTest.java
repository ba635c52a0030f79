package io.github.reactivesqlite.blockhound;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * An engine thread that is just taking its next task meets the thread that hands one over, again
 * and again. A queue with a lock parks the latter now and then, which would stop an event loop.
 */
class HandOverTest {

  private static final int HAND_OVERS = 400_000;

  private final ExecutorService executor = EngineThread.executor("handover");
  private final Scheduler engine = EngineThread.scheduler(executor);
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();

  @BeforeEach
  void forget() {
    DriverCalls.forget();
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
    DriverCalls.forget();
  }

  @Test
  void parksNoEventLoop() {
    Mono<Long> handOvers =
        Flux.range(0, HAND_OVERS)
            .doOnNext(i -> handOver())
            .count()
            .subscribeOn(Schedulers.parallel());

    StepVerifier.create(handOvers)
        .expectNext((long) HAND_OVERS)
        .expectComplete()
        .verify(Duration.ofSeconds(60));
    assertThat(DriverCalls.stopped()).isEmpty();
    assertThat(done.get()).isPositive();
  }

  /** As the writer and the readers do: one task at most is on its way. */
  private void handOver() {
    if (pending.getAndIncrement() == 0) {
      engine.schedule(this::drain);
    }
  }

  private void drain() {
    int missed = pending.get();
    do {
      done.addAndGet(missed);
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
  }
}
