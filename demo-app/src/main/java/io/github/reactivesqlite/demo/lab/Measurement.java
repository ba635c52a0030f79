package io.github.reactivesqlite.demo.lab;

import io.github.reactivesqlite.demo.lab.Tally.Timing;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run of one side gave.
 *
 * @param step the step's name
 * @param kind before, between or after
 * @param seconds how long it ran
 * @param figures everything that was measured; what is not in it was not
 */
public record Measurement(
    String step, Step.Kind kind, double seconds, Map<Metric, Double> figures) {

  /** Keeps its own copy. */
  public Measurement {
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
  }

  static Measurement of(Step step, double seconds, Tally tally) {
    Map<Metric, Double> figures = tally.figures();
    double done = figures.getOrDefault(Metric.OPERATIONS, 0.0);
    double lost = figures.getOrDefault(Metric.GIVEN_UP, 0.0);
    Double commits = figures.get(Metric.COMMITS);
    if (commits != null && done > 0) {
      figures.put(Metric.COMMITS_PER_100, 100 * commits / done);
    }
    if (seconds > 0) {
      figures.putIfAbsent(Metric.RATE, done / seconds);
    }
    if (done + lost > 0) {
      figures.put(Metric.FAILURE_RATE, 100 * lost / (done + lost));
      double errors = figures.getOrDefault(Metric.LOCK_ERRORS, 0.0);
      figures.put(Metric.LOCK_ERRORS_PER_100, 100 * errors / (done + lost));
    }
    Latencies writes = tally.latencies(Timing.WRITE);
    if (writes.count() > 0) {
      figures.put(Metric.WRITE_MEAN, writes.meanMillis());
      figures.put(Metric.WRITE_P50, writes.percentileMillis(50));
      figures.put(Metric.WRITE_P99, writes.percentileMillis(99));
      figures.put(Metric.WRITE_MAX, writes.maxMillis());
    }
    percentile(figures, Metric.MACHINE_PAUSE_P99, tally.latencies(Timing.MACHINE_PAUSE));
    percentile(figures, Metric.READ_P99, tally.latencies(Timing.READ));
    percentile(figures, Metric.QUIET_READ_P99, tally.latencies(Timing.QUIET_READ));
    return new Measurement(step.name(), step.kind(), seconds, figures);
  }

  private static void percentile(Map<Metric, Double> figures, Metric metric, Latencies times) {
    if (times.count() > 0) {
      figures.put(metric, times.percentileMillis(99));
    }
  }

  /**
   * One figure.
   *
   * @param metric which
   * @return its value, or null if it was not measured
   */
  public @Nullable Double figure(Metric metric) {
    return figures.get(metric);
  }

  /**
   * One figure as tables show it.
   *
   * @param metric which
   * @return a dash if it was not measured
   */
  public String text(Metric metric) {
    Double value = figure(metric);
    return value == null ? "–" : metric.format(value);
  }
}
