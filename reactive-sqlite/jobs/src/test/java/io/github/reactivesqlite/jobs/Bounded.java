package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Waits that end. */
final class Bounded {

  static final Duration LIMIT = Duration.ofSeconds(20);

  private Bounded() {}

  static <T> T get(Mono<T> mono) {
    return mono.block(LIMIT);
  }

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("The latch was not released within " + LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  /** Until something is so. */
  static void until(String what, BooleanSupplier condition) {
    until(LIMIT, () -> what, condition);
  }

  static void until(Duration atMost, Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not within " + atMost + ": " + what.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
