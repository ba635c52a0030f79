package io.github.reactivesqlite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One run at a time, until somebody ends it. */
class RepeatingTest {

  /** The next run begins before whoever asked for it goes on, as on a thread that is quicker. */
  private static final class AtOnce implements Scheduler {
    @Override
    public Disposable schedule(Runnable task) {
      task.run();
      return Disposables.disposed();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return schedule(task);
    }

    @Override
    public Worker createWorker() {
      return Schedulers.immediate().createWorker();
    }
  }

  /**
   *
   *
   * <pre>
   * first run    ends while it is subscribed to ──────── goes on
   * second run                                   begins
   * </pre>
   */
  @Test
  void disposeEndsARunThatOvertookTheOneBefore() {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger cancelled = new AtomicInteger();
    Repeating repeating =
        new Repeating(
            "task",
            new AtOnce(),
            Duration.ofSeconds(1),
            new JobMeters(null),
            () ->
                runs.incrementAndGet() == 1
                    ? Mono.just(Duration.ZERO)
                    : Mono.<Duration>never().doOnCancel(cancelled::incrementAndGet));
    repeating.within(Duration.ZERO);
    assertThat(runs.get()).isEqualTo(2);

    repeating.dispose();

    assertThat(cancelled.get()).isEqualTo(1);
  }
}
