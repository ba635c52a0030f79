package io.github.reactivesqlite.demo.lab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts what happens in one run of one side. Safe for many threads. Tallies of other processes are
 * sent as lines and added.
 */
public final class Tally {

  /** What is timed. */
  public enum Timing {
    /** From asking for a write to its answer. */
    WRITE,
    /** From asking for rows to the last one, under load. */
    READ,
    /** The same while nothing else happens. */
    QUIET_READ,
    /** By how much a thread woke up too late. */
    MACHINE_PAUSE
  }

  private final Map<Metric, LongAdder> counts = new EnumMap<>(Metric.class);
  private final Map<Metric, DoubleAccumulator> greatest = new ConcurrentHashMap<>();
  private final Map<Metric, Double> values = new ConcurrentHashMap<>();
  private final Map<Timing, Latencies> times = new EnumMap<>(Timing.class);
  private final Map<Metric, Long> told = new EnumMap<>(Metric.class);

  /** Begins at nothing. */
  public Tally() {
    for (Metric metric : Metric.values()) {
      counts.put(metric, new LongAdder());
    }
    for (Timing timing : Timing.values()) {
      times.put(timing, new Latencies());
    }
  }

  /**
   * Counts one.
   *
   * @param metric what
   */
  public void count(Metric metric) {
    add(metric, 1);
  }

  /**
   * Counts several; none makes the figure known as zero.
   *
   * @param metric what
   * @param more how many
   */
  public void add(Metric metric, long more) {
    adder(metric).add(more);
    greatest(metric, Double.NEGATIVE_INFINITY);
  }

  /**
   * Keeps the greatest of several values.
   *
   * @param metric what
   * @param value one of them
   */
  public void greatest(Metric metric, double value) {
    greatest
        .computeIfAbsent(metric, any -> new DoubleAccumulator(Math::max, Double.NEGATIVE_INFINITY))
        .accumulate(value);
  }

  /**
   * Keeps the greatest of several values.
   *
   * @param metric what
   * @param value one of them
   */
  public void greatest(Metric metric, long value) {
    greatest(metric, (double) value);
  }

  /**
   * Sets a figure.
   *
   * @param metric what
   * @param value its value, in the unit of the metric
   */
  public void set(Metric metric, long value) {
    set(metric, (double) value);
  }

  /**
   * Sets a figure.
   *
   * @param metric what
   * @param value its value, in the unit of the metric
   */
  public void set(Metric metric, double value) {
    values.put(metric, value);
  }

  /**
   * Keeps a time.
   *
   * @param timing of what
   * @param sinceNanos when it began, by {@link System#nanoTime()}
   */
  public void time(Timing timing, long sinceNanos) {
    latencies(timing).record(System.nanoTime() - sinceNanos);
  }

  /**
   * What was counted so far.
   *
   * @param metric of what
   * @return the sum
   */
  public long counted(Metric metric) {
    return adder(metric).sum();
  }

  /** The figures that were touched; derived ones are added by {@link Measurement}. */
  Map<Metric, Double> figures() {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    greatest.forEach(
        (metric, most) ->
            figures.put(
                metric,
                most.get() == Double.NEGATIVE_INFINITY
                    ? (double) counted(metric)
                    : Math.max(most.get(), (double) counted(metric))));
    figures.putAll(values);
    return figures;
  }

  Latencies latencies(Timing timing) {
    Latencies latencies = times.get(timing);
    if (latencies == null) {
      throw new IllegalArgumentException(timing + " has no times");
    }
    return latencies;
  }

  private LongAdder adder(Metric metric) {
    LongAdder adder = counts.get(metric);
    if (adder == null) {
      throw new IllegalArgumentException(metric + " has no counter");
    }
    return adder;
  }

  /** What was counted since this was last asked, as lines for {@link #accept}. */
  synchronized void tellCounts(Consumer<String> line) {
    greatest
        .keySet()
        .forEach(
            metric -> {
              long sum = counted(metric);
              Long before = told.put(metric, sum);
              if (before == null || before != sum) {
                line.accept("count " + metric.name() + " " + (sum - (before == null ? 0 : before)));
              }
            });
  }

  /** Everything that {@link #tellCounts} did not tell yet. */
  void tell(Consumer<String> line) {
    tellCounts(line);
    greatest.forEach(
        (metric, most) -> {
          if (most.get() != Double.NEGATIVE_INFINITY) {
            line.accept("greatest " + metric.name() + " " + most.get());
          }
        });
    values.forEach(
        (metric, value) -> {
          // That of all processes together is the parent's to say
          if (metric != Metric.RATE) {
            line.accept("value " + metric.name() + " " + value);
          }
        });
    times.forEach(
        (timing, latencies) -> {
          if (latencies.count() > 0) {
            List<String> words = new ArrayList<>();
            latencies.forEachBucket((bucket, count) -> words.add(bucket + ":" + count));
            line.accept(
                "time "
                    + timing.name()
                    + " "
                    + latencies.sumNanos()
                    + " "
                    + latencies.maxNanos()
                    + " "
                    + String.join(" ", words));
          }
        });
  }

  /** Adds what another process told; false if this is no such line. */
  boolean accept(String line) {
    String[] words = line.split(" ", -1);
    try {
      switch (words[0]) {
        case "count" -> add(Metric.valueOf(words[1]), Long.parseLong(words[2]));
        case "greatest" -> greatest(Metric.valueOf(words[1]), Double.parseDouble(words[2]));
        case "value" -> set(Metric.valueOf(words[1]), Double.parseDouble(words[2]));
        case "time" -> acceptTimes(words);
        default -> {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  private void acceptTimes(String[] words) {
    Latencies latencies = latencies(Timing.valueOf(words[1]));
    long sum = Long.parseLong(words[2]);
    long most = Long.parseLong(words[3]);
    for (int i = 4; i < words.length; i++) {
      String[] pair = words[i].split(":", -1);
      int bucket = Integer.parseInt(pair[0]);
      if (!Latencies.isBucket(bucket)) {
        throw new IllegalArgumentException("No such bucket");
      }
      latencies.add(bucket, Long.parseLong(pair[1]), i == 4 ? sum : 0, most);
    }
  }
}
