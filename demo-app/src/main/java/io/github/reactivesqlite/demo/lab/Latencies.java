package io.github.reactivesqlite.demo.lab;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Times of operations, in buckets that are at most 1.6 % wide; mean and greatest are exact. Safe
 * for many threads.
 */
final class Latencies {

  /** Values below this have a bucket each; above, each power of two has half as many. */
  private static final int FINE = 128;

  private static final int HALF = FINE / 2;

  private static final int BUCKETS = FINE + (63 - 7) * HALF;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final LongAdder sum = new LongAdder();
  private final LongAdder total = new LongAdder();
  private final LongAccumulator greatest = new LongAccumulator(Math::max, 0);

  void record(long nanos) {
    long time = Math.max(0, nanos);
    add(bucket(time), 1, time, time);
  }

  void add(int bucket, long count, long nanosTogether, long mostNanos) {
    counts.addAndGet(bucket, count);
    total.add(count);
    sum.add(nanosTogether);
    greatest.accumulate(mostNanos);
  }

  long count() {
    return total.sum();
  }

  double meanMillis() {
    long n = total.sum();
    return n == 0 ? 0 : sum.sum() / 1e6 / n;
  }

  double maxMillis() {
    return greatest.get() / 1e6;
  }

  /** The smallest time, give or take its bucket, that this part of the times does not exceed. */
  double percentileMillis(double percent) {
    long n = total.sum();
    long rank = (long) Math.ceil(n * percent / 100);
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      seen += counts.get(bucket);
      if (seen >= rank && seen > 0) {
        return Math.min(upperBound(bucket), greatest.get()) / 1e6;
      }
    }
    return 0;
  }

  long sumNanos() {
    return sum.sum();
  }

  long maxNanos() {
    return greatest.get();
  }

  void forEachBucket(BiConsumer<Integer, Long> action) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      long count = counts.get(bucket);
      if (count > 0) {
        action.accept(bucket, count);
      }
    }
  }

  static boolean isBucket(int bucket) {
    return bucket >= 0 && bucket < BUCKETS;
  }

  static int bucket(long nanos) {
    if (nanos < FINE) {
      return (int) nanos;
    }
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - 6;
    return FINE + (shift - 1) * HALF + (int) ((nanos >>> shift) - HALF);
  }

  static long upperBound(int bucket) {
    if (bucket < FINE) {
      return bucket;
    }
    int shift = (bucket - FINE) / HALF + 1;
    long leading = (bucket - FINE) % HALF + (long) HALF;
    return ((leading + 1) << shift) - 1;
  }
}
