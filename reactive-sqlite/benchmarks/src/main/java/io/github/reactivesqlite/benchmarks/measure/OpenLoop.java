package io.github.reactivesqlite.benchmarks.measure;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts operations at a fixed rate, whether or not earlier ones have ended, and counts each one's
 * latency from the moment it was meant to start: a stall is felt by all that should have run in it,
 * not only by those that did.
 */
public final class OpenLoop {

  /** Below every queue bound of the peers; past it operations start late and their wait counts. */
  private static final int MOST_IN_FLIGHT = 512;

  /** How long the pacing thread rests when nothing is due; it must leave the cores to the peer. */
  private static final long REST_NANOS = 50_000;

  private static final long PATIENCE_SECONDS = 60;

  private final Work work;
  private final Semaphore room = new Semaphore(MOST_IN_FLIGHT);
  private final double intervalNanos;
  private final long begin;
  private final long countFrom;
  private final long end;
  private final Tally tally;

  private final BooleanSupplier enough;

  private OpenLoop(double ratePerSecond, Window window, BooleanSupplier enough, Work work) {
    this.work = work;
    this.enough = enough;
    this.intervalNanos = 1e9 / ratePerSecond;
    this.tally = new Tally();
    // Last: a JVM that still loads the other must not use up a short window
    this.begin = System.nanoTime();
    this.countFrom = begin + window.warmUp().toNanos();
    this.end = countFrom + window.measured().toNanos();
    tally.countBetween(countFrom, end);
  }

  /**
   * Runs the load on the calling thread. Blocks until the last operation has ended.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static Outcome run(double ratePerSecond, Window window, Work work)
      throws InterruptedException {
    return run(ratePerSecond, window, () -> false, work);
  }

  /**
   * The same, ending early as soon as {@code enough} says so.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static Outcome run(double ratePerSecond, Window window, BooleanSupplier enough, Work work)
      throws InterruptedException {
    if (!(ratePerSecond > 0)) {
      throw new IllegalArgumentException("A positive rate is needed, not " + ratePerSecond);
    }
    return new OpenLoop(ratePerSecond, window, enough, work).run();
  }

  private Outcome run() throws InterruptedException {
    Usage before = Usage.now();
    boolean counting = false;
    for (long number = 0; ; number++) {
      long intended = begin + (long) (number * intervalNanos);
      if (intended - end >= 0 || enough.getAsBoolean()) {
        break;
      }
      if (!counting && intended - countFrom >= 0) {
        before = Usage.now();
        counting = true;
      }
      for (long early = intended - System.nanoTime();
          early > 0;
          early = intended - System.nanoTime()) {
        LockSupport.parkNanos(Math.max(early, REST_NANOS));
      }
      room.acquire();
      work.operation(number).subscribe(new Shot(number, intended));
    }
    long ended = System.nanoTime();
    Usage usage = Usage.now().since(before);
    if (!room.tryAcquire(MOST_IN_FLIGHT, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      tally.unfinished(MOST_IN_FLIGHT - room.availablePermits());
    }
    return tally.outcome(usage, ended);
  }

  private final class Shot extends Attempt {

    private final long number;
    private final long intended;

    Shot(long number, long intended) {
      this.number = number;
      this.intended = intended;
    }

    @Override
    boolean isRight(@Nullable Object last) {
      return work.acknowledged(number, last);
    }

    @Override
    void ended(long moment, @Nullable String error) {
      tally.ended((int) number, intended, moment, error);
      room.release();
    }
  }
}
