package io.github.reactivesqlite.sqlite.support;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** Waits that end. */
public final class Bounded {

  /** Longer than anything takes here, shorter than the build's patience. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final long LOOK_EVERY_NANOS = 1_000_000;

  private Bounded() {}

  /** Looks again and again until the condition holds. */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        throw new AssertionError("It never came to this: " + what);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Waits for a latch. */
  public static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError("The latch was never released");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError("Interrupted while waiting", interrupted);
    }
  }

  /** The value of a Mono, or its error thrown; {@code null} for an empty one. */
  public static <T> @Nullable T get(Mono<T> mono) {
    return mono.block(PATIENCE);
  }

  /** Subscribes now; the outcome is waited for by {@link Outcome#get}. */
  public static <T> Outcome<T> start(Mono<T> mono) {
    return new Outcome<>(mono);
  }

  /**
   * What a subscription came to.
   *
   * @param <T> the type of the value
   */
  public static final class Outcome<T> {
    private final java.util.concurrent.CompletableFuture<Signal<T>> end;

    private Outcome(Mono<T> mono) {
      this.end = mono.materialize().toFuture();
    }

    /** Whether it has ended. */
    public boolean isDone() {
      return end.isDone();
    }

    /** Unsubscribes. */
    public void cancel() {
      end.cancel(true);
    }

    /** Its terminal signal: a value, a completion or an error. */
    public Signal<T> get() {
      try {
        return end.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      } catch (Exception never) {
        throw new AssertionError("There was no answer", never);
      }
    }

    /** The value of a success. */
    public @Nullable T value() {
      Signal<T> signal = get();
      Throwable error = signal.getThrowable();
      if (error != null) {
        throw new AssertionError("It failed", error);
      }
      return signal.get();
    }

    /** The error of a failure. */
    public Throwable error() {
      Signal<T> signal = get();
      Throwable error = signal.getThrowable();
      if (error == null) {
        throw new AssertionError("It succeeded with " + signal.get());
      }
      return error;
    }
  }
}
