package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Whoever hears that a worker is free finds that its handler is no longer counted. */
class LastHandlerTest extends JobsFixture {

  /** Tells who begins to wait, on the thread that does. */
  private static final class Watched implements Scheduler {
    private final Scheduler timers = Schedulers.parallel();
    private volatile Runnable onWorker = () -> {};

    @Override
    public Disposable schedule(Runnable task) {
      return timers.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return timers.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
      return timers.schedulePeriodically(task, first, period, unit);
    }

    @Override
    public Worker createWorker() {
      onWorker.run();
      return timers.createWorker();
    }
  }

  private final Watched scheduler = new Watched();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Override
  JobsOptions options() {
    return JobsOptions.defaults().scheduler(scheduler).meterRegistry(registry);
  }

  private static boolean handsOver(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith(Claims.class.getName()));
  }

  /** The stop goes on inside the signal that ends the last handler, or after it. */
  @Test
  void aStopGoesOnWhenNoHandlerIsCounted() {
    CountDownLatch started = new CountDownLatch(1);
    Sinks.Empty<Void> end = Sinks.empty();
    AtomicReference<Thread> caller = new AtomicReference<>();
    Workers workers =
        work(
            job -> {
              caller.set(Thread.currentThread());
              started.countDown();
              return end.asMono();
            });
    long id = enqueue("x");
    Bounded.await(started);
    // While it hands jobs over it would tell the end of the claims later, after the handler's
    Bounded.until("the handler's caller has gone on", () -> !handsOver(caller.get()));
    Mono<Void> stop = workers.stop().cache();
    stop.subscribe();
    List<String> seen = new CopyOnWriteArrayList<>();
    scheduler.onWorker =
        () -> seen.add(workers.running() + " " + registry.get("jobs.running").gauge().value());
    end.tryEmitEmpty();
    stop.block(Bounded.LIMIT);

    // From then on it looks again and again whether all outcomes are durable
    assertThat(seen).containsExactly("0 0.0");
    assertThat(info(id).state()).isEqualTo(JobState.COMPLETED);
  }
}
