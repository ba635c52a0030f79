package io.github.reactivesqlite.benchmarks.measure;

import org.HdrHistogram.Histogram;

/** Times that are measured one after the other, by one thread. */
public final class Stopwatch {

  private final Histogram histogram = new Histogram(1, Latency.GREATEST_NANOS, Latency.DIGITS);
  private double seconds;

  /** One of them. */
  public void took(long nanos) {
    histogram.recordValue(Math.min(Math.max(nanos, 1), Latency.GREATEST_NANOS));
    seconds += nanos / 1e9;
  }

  /** All of them. */
  public Outcome outcome() {
    return new Outcome(
        histogram.getTotalCount(), seconds, Latency.of(histogram), 0, null, Usage.NONE);
  }
}
