package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.sqlite.support.Bounded;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class LenientSchedulerTest {

  private final AtomicInteger ran = new AtomicInteger();

  @Test
  void workerLetsWhatComesAfterItsEndDiscardAtOnce() {
    Scheduler.Worker worker = LenientScheduler.over(Schedulers.parallel()).createWorker();
    worker.dispose();

    assertThat(worker.isDisposed()).isTrue();
    assertThat(worker.schedule(ran::incrementAndGet).isDisposed()).isTrue();
    assertThat(ran).hasValue(1);
  }

  @Test
  void delayedTaskEndsWithItsWorker() {
    Scheduler.Worker worker = LenientScheduler.over(Schedulers.parallel()).createWorker();
    Disposable before = worker.schedule(ran::incrementAndGet, 1, TimeUnit.HOURS);
    worker.dispose();

    assertThat(before.isDisposed()).isTrue();
    assertThat(worker.schedule(ran::incrementAndGet, 1, TimeUnit.NANOSECONDS).isDisposed())
        .isTrue();
    assertThat(ran).hasValue(0);
  }

  @Test
  void waitingTaskRunsAlthoughItsWorkerHasEnded() {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      CountDownLatch free = new CountDownLatch(1);
      executor.execute(() -> Bounded.await(free));
      Scheduler.Worker worker =
          LenientScheduler.over(Schedulers.fromExecutorService(executor)).createWorker();
      worker.schedule(ran::incrementAndGet);
      worker.dispose();
      assertThat(ran).hasValue(0);
      free.countDown();

      Bounded.until("the task has run", () -> ran.get() == 1);
    } finally {
      executor.shutdown();
    }
  }

  /** Reactor's own workers lose some of them: neither emitted nor discarded. */
  @Test
  void valueThatMeetsACancelIsEmittedOrDiscarded() {
    Scheduler lenient = LenientScheduler.over(Schedulers.parallel());
    int rounds = 20_000;
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger emitted = new AtomicInteger();
    AtomicInteger discarded = new AtomicInteger();
    for (int i = 0; i < rounds; i++) {
      Sinks.Many<Integer> source = Sinks.many().unicast().onBackpressureError();
      Disposable subscription =
          source
              .asFlux()
              .hide()
              .publishOn(lenient, 1)
              .doOnDiscard(Integer.class, value -> discarded.incrementAndGet())
              .subscribe(value -> emitted.incrementAndGet());
      if (source.tryEmitNext(i) == Sinks.EmitResult.OK) {
        sent.incrementAndGet();
      }
      subscription.dispose();
    }

    Bounded.until("all are settled", () -> emitted.get() + discarded.get() == sent.get());
    assertThat(sent).hasValue(rounds);
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
