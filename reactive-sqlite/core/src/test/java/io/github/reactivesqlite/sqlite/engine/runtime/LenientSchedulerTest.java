package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class LenientSchedulerTest {

  private final AtomicInteger ran = new AtomicInteger();

  @Test
  void workerIgnoresWhatComesAfterItsEnd() {
    Scheduler.Worker worker = LenientScheduler.over(Schedulers.parallel()).createWorker();
    worker.dispose();

    assertThat(worker.isDisposed()).isTrue();
    assertThat(worker.schedule(ran::incrementAndGet).isDisposed()).isTrue();
    assertThat(ran).hasValue(0);
  }

  @Test
  void schedulerThatIsGoneStillRefuses() {
    Scheduler gone = Schedulers.fromExecutorService(Executors.newSingleThreadExecutor());
    Scheduler.Worker worker = LenientScheduler.over(gone).createWorker();
    gone.dispose();

    assertThatThrownBy(() -> worker.schedule(ran::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void signalsArriveOnTheSchedulersThreads() {
    StepVerifier.create(
            Flux.range(1, 1_000)
                .publishOn(LenientScheduler.over(Schedulers.parallel()), 1)
                .map(i -> Schedulers.isInNonBlockingThread())
                .filter(onParallel -> onParallel))
        .expectNextCount(1_000)
        .expectComplete()
        .verify(Duration.ofSeconds(10));
  }
}
