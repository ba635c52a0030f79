package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.sqlite.support.Bounded;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpinningQueueTest {

  private static final long PATIENCE_SECONDS = 20;

  private final SpinningQueue queue = new SpinningQueue();
  private final List<Thread> threads = new ArrayList<>();
  private ThreadPoolExecutor executor;

  @AfterEach
  void end() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }

  private void start(int count) {
    executor =
        new ThreadPoolExecutor(
            count,
            count,
            1,
            TimeUnit.MILLISECONDS,
            queue,
            work -> {
              Thread thread = new Thread(work, "taker");
              thread.setDaemon(true);
              threads.add(thread);
              return thread;
            });
    executor.prestartAllCoreThreads();
  }

  private void awaitAllParked() {
    Bounded.until(
        "all threads wait",
        () ->
            threads.stream()
                .map(Thread::getState)
                .allMatch(
                    state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING));
  }

  @Test
  void everyTaskOfManyThreadsRunsOnce() throws InterruptedException {
    int producers = 4;
    int each = 20_000;
    start(3);
    AtomicIntegerArray runs = new AtomicIntegerArray(producers * each);
    CountDownLatch all = new CountDownLatch(producers * each);
    List<Thread> sources = new ArrayList<>();
    for (int producer = 0; producer < producers; producer++) {
      int from = producer * each;
      Thread source =
          new Thread(
              () -> {
                for (int i = from; i < from + each; i++) {
                  int task = i;
                  executor.execute(
                      () -> {
                        runs.incrementAndGet(task);
                        all.countDown();
                      });
                }
              });
      sources.add(source);
      source.start();
    }

    Bounded.await(all);
    for (Thread source : sources) {
      source.join(Bounded.PATIENCE.toMillis());
    }

    for (int task = 0; task < runs.length(); task++) {
      assertThat(runs.get(task)).isEqualTo(1);
    }
    assertThat(queue).isEmpty();
  }

  @Test
  void aTaskWakesAThreadThatIsParked() {
    start(2);
    for (int round = 0; round < 100; round++) {
      awaitAllParked();
      CountDownLatch ran = new CountDownLatch(1);
      executor.execute(ran::countDown);
      Bounded.await(ran);
    }
  }

  @Test
  void aTaskDoesNotWaitBehindABusyThreadWhileAnotherIsIdle() {
    start(2);
    CountDownLatch busy = new CountDownLatch(1);
    try {
      executor.execute(() -> Bounded.await(busy));
      for (int round = 0; round < 100; round++) {
        CountDownLatch ran = new CountDownLatch(1);
        executor.execute(ran::countDown);
        Bounded.await(ran);
      }
    } finally {
      busy.countDown();
    }
  }

  @Test
  void tasksThatComeTogetherAreTakenByAllThreads() {
    start(3);
    for (int round = 0; round < 200; round++) {
      // Each waits for the others, so one thread alone would never end them
      CountDownLatch together = new CountDownLatch(3);
      CountDownLatch done = new CountDownLatch(3);
      for (int task = 0; task < 3; task++) {
        executor.execute(
            () -> {
              together.countDown();
              Bounded.await(together);
              done.countDown();
            });
      }
      Bounded.await(done);
    }
  }

  @Test
  void anIdleThreadEndsAfterItsTime() {
    start(2);
    executor.allowCoreThreadTimeOut(true);
    executor.execute(() -> {});

    Bounded.until("no thread is left", () -> executor.getPoolSize() == 0);

    CountDownLatch ran = new CountDownLatch(1);
    executor.execute(ran::countDown);
    Bounded.await(ran);
  }

  @Test
  void anInterruptEndsTheWait() throws InterruptedException {
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread taker =
        new Thread(
            () -> {
              try {
                queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException interrupted) {
                end.set(interrupted);
              }
            });
    taker.setDaemon(true);
    taker.start();
    Bounded.until("it waits", () -> taker.getState() == Thread.State.TIMED_WAITING);

    taker.interrupt();

    taker.join(Bounded.PATIENCE.toMillis());
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void anInterruptedThreadStillGetsWhatIsThere() throws InterruptedException {
    Runnable task = () -> {};
    queue.offer(task);
    Thread.currentThread().interrupt();

    assertThat(queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isSameAs(task);
    assertThatThrownBy(() -> queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void nothingComesWithinTheTime() throws InterruptedException {
    assertThat(queue.poll(1, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void drainsInOrderUpToALimit() {
    List<Runnable> tasks = List.of(() -> {}, () -> {}, () -> {});
    tasks.forEach(queue::put);
    List<Runnable> drained = new ArrayList<>();

    assertThat(queue.drainTo(drained, 2)).isEqualTo(2);
    assertThat(queue.drainTo(drained)).isEqualTo(1);

    assertThat(drained).containsExactlyElementsOf(tasks);
    assertThat(queue.drainTo(drained, 0)).isZero();
  }
}
