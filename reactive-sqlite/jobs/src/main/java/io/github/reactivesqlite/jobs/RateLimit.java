package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.function.LongSupplier;

/** At most so many permits per period, saved up to one period's worth; by the monotonic clock. */
final class RateLimit {

  private final double perNano;
  private final double most;
  private final LongSupplier nanoTime;
  // Guarded by this
  private double permits;
  private long filledAt;

  RateLimit(int permits, Duration period, LongSupplier nanoTime) {
    this.most = permits;
    this.perNano = permits / (double) period.toNanos();
    this.nanoTime = nanoTime;
    this.permits = permits;
    this.filledAt = nanoTime.getAsLong();
  }

  /** How many may start now. */
  synchronized int available() {
    long now = nanoTime.getAsLong();
    permits = Math.min(most, permits + (double) (now - filledAt) * perNano);
    filledAt = now;
    return (int) permits;
  }

  synchronized void take(int started) {
    permits -= started;
  }

  /** When the next one may start. */
  synchronized Duration untilNext() {
    return Duration.ofNanos((long) Math.ceil(Math.max(0, 1 - permits) / perNano));
  }
}
