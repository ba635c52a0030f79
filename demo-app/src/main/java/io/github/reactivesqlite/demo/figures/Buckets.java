package io.github.reactivesqlite.demo.figures;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The histogram buckets of several timers, added up; and the percentiles between two readings, as
 * Prometheus' histogram_quantile computes them: evenly spread within a bucket.
 *
 * @param counts how many were at most as long, by nanoseconds
 * @param total how many there were
 */
record Buckets(Map<Double, Double> counts, long total) {

  static Buckets of(Collection<Timer> timers) {
    Map<Double, Double> counts = new TreeMap<>();
    long total = 0;
    for (Timer timer : timers) {
      var snapshot = timer.takeSnapshot();
      for (CountAtBucket bucket : snapshot.histogramCounts()) {
        counts.merge(bucket.bucket(TimeUnit.NANOSECONDS), bucket.count(), Double::sum);
      }
      total += snapshot.count();
    }
    return new Buckets(counts, total);
  }

  /** What has been added since an earlier reading; timers may have come meanwhile. */
  Buckets since(Buckets earlier) {
    Map<Double, Double> added = new TreeMap<>();
    counts.forEach(
        (limit, count) ->
            added.put(limit, Math.max(0, count - earlier.counts.getOrDefault(limit, 0.0))));
    return new Buckets(added, Math.max(0, total - earlier.total));
  }

  /**
   * The time that a part stayed below.
   *
   * @param part from 0 to 1
   * @return milliseconds; null if there was nothing, the greatest limit if it lies beyond all
   */
  @Nullable Double percentileMillis(double part) {
    if (total == 0 || counts.isEmpty()) {
      return null;
    }
    double rank = part * total;
    double lower = 0;
    double before = 0;
    for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
      double limit = bucket.getKey();
      if (bucket.getValue() >= rank && !Double.isInfinite(limit)) {
        double within = bucket.getValue() - before;
        double share = within == 0 ? 1 : (rank - before) / within;
        return (lower + (limit - lower) * share) / 1e6;
      }
      before = bucket.getValue();
      lower = Double.isInfinite(limit) ? lower : limit;
    }
    return lower / 1e6;
  }
}
