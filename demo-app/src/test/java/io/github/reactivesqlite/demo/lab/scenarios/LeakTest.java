package io.github.reactivesqlite.demo.lab.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeakTest {

  private static final int MOST = 400;
  private static final int THREADS = 8;

  @Test
  void whatIsForgottenIsThereInTheEnd() {
    Leak<AutoCloseable> leak = new Leak<>(1);
    AutoCloseable first = () -> {};

    assertThat(leak.forget(first)).isTrue();
    assertThat(leak.forget(() -> {})).isFalse();
    assertThat(leak.remember()).containsExactly(first);
    assertThat(leak.remember()).isEmpty();
  }

  /** Whichever way the threads take turns; without a lock it goes wrong now and then only. */
  @Test
  void manyThreadsForgetNoMoreThanOneWould() throws InterruptedException {
    Leak<AutoCloseable> leak = new Leak<>(MOST);
    AtomicInteger counted = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < 10 * MOST; i++) {
      threads.execute(() -> counted.addAndGet(leak.forget(() -> {}) ? 1 : 0));
    }
    threads.shutdown();

    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(counted).hasValue(MOST);
    assertThat(leak.remember()).hasSize(MOST);
  }
}
