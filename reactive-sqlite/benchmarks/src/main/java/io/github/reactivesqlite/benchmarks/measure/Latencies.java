package io.github.reactivesqlite.benchmarks.measure;

import org.HdrHistogram.Histogram;

/**
 * Latencies of operations that end on many threads. Striped, so that two threads seldom wait for
 * each other.
 */
final class Latencies {

  private static final int STRIPES = 8;

  private final Histogram[] stripes = new Histogram[STRIPES];

  Latencies() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Histogram(1, Latency.GREATEST_NANOS, Latency.DIGITS);
    }
  }

  /** Counts one operation; {@code slot} spreads the callers over the stripes. */
  void record(int slot, long nanos) {
    Histogram stripe = stripes[slot & (STRIPES - 1)];
    long value = Math.min(Math.max(nanos, 1), Latency.GREATEST_NANOS);
    synchronized (stripe) {
      stripe.recordValue(value);
    }
  }

  /** All that was recorded so far. */
  Latency summary() {
    return Latency.of(stripes);
  }
}
