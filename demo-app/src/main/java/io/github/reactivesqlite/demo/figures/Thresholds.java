package io.github.reactivesqlite.demo.figures;

import io.github.reactivesqlite.DatabaseStats.LockStats;
import io.github.reactivesqlite.demo.figures.Threshold.Group;
import io.github.reactivesqlite.demo.figures.Threshold.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Compares the figures of the last five minutes with the limits at which people moved to
 * PostgreSQL, and with those at which an operator is called.
 */
final class Thresholds {

  /** How many samples are looked at, one a second. */
  static final int WINDOW = 300;

  private static final int MINUTE = 60;
  private static final double MEGABYTE = 1e6;
  private static final double GIGABYTE = 1e9;

  /** What no sample has. */
  record Surroundings(
      long databaseBytes,
      int viewers,
      LockStats lock,
      Duration longestHold,
      int interactiveCapacity,
      int bulkCapacity) {}

  private final List<Sample> samples;
  private final Surroundings now;
  private final List<Threshold> found = new ArrayList<>();

  private Thresholds(List<Sample> samples, Surroundings now) {
    this.samples = samples;
    this.now = now;
  }

  static List<Threshold> of(List<Sample> samples, Surroundings now) {
    Thresholds thresholds = new Thresholds(samples, now);
    thresholds.outgrown();
    thresholds.alarms();
    return List.copyOf(thresholds.found);
  }

  private void outgrown() {
    double writes = total(Sample::writes);
    double lockWaits = total(Sample::lockWaits);
    double met = writes + lockWaits == 0 ? 0 : lockWaits / Math.max(writes, lockWaits);
    add(
        Group.OUTGROWN,
        "lock-share",
        "Writes that met a taken lock, last 5 minutes",
        "5 %",
        percent(met),
        above(met, 0.05));
    long minutes = minutesWithLocks();
    add(
        Group.OUTGROWN,
        "lock-persistence",
        "Minutes of the last 5 in which a write met a taken lock",
        "all 5",
        String.valueOf(minutes),
        minutes >= 5 ? State.CROSSED : State.BELOW);
    int writers = (int) greatest(s -> s.queueInteractive() + s.queueBulk());
    add(
        Group.OUTGROWN,
        "writers",
        "Writers waiting at once, last 5 minutes",
        "100",
        String.valueOf(writers),
        above(writers, 100));
    add(
        Group.OUTGROWN,
        "users",
        "Pages that listen, while writes meet locks",
        "10",
        now.viewers() + (lockWaits > 0 ? ", with locks" : ", without locks"),
        now.viewers() >= 10 && lockWaits > 0 ? State.CROSSED : State.BELOW);
    double bytes = now.databaseBytes();
    add(
        Group.OUTGROWN,
        "size",
        "Size of the database file",
        "10 GB; one of the five moved at 500 MB",
        bytes < GIGABYTE ? round(bytes / MEGABYTE) + " MB" : round(bytes / GIGABYTE) + " GB",
        bytes > 10 * GIGABYTE ? State.CROSSED : bytes > 500 * MEGABYTE ? State.NEAR : State.BELOW);
    double busy = lastMinuteBusy();
    add(
        Group.OUTGROWN,
        "writer-busy",
        "Writer busy, last minute",
        "80 %: more needs writes that truly run in parallel",
        percent(busy),
        above(busy, 0.8));
    add(
        Group.OUTGROWN,
        "spread",
        "Writers on more than one machine, or in more than one place",
        "any",
        "not measured",
        State.UNKNOWN);
  }

  private void alarms() {
    double wal = lastMinute().stream().mapToDouble(Sample::walBytes).min().orElse(0);
    add(
        Group.ALARM,
        "wal",
        "Size of the WAL, at least, last minute",
        "10 MB",
        round(wal / MEGABYTE) + " MB",
        above(wal, 10 * MEGABYTE));
    double failures = total(Sample::lockFailures);
    double attempts = total(Sample::writes) + failures;
    double failureRate = attempts == 0 ? 0 : failures / attempts;
    add(
        Group.ALARM,
        "failures",
        "Writes that failed by a lock, last 5 minutes",
        "1 %, critical 5 %",
        percent(failureRate),
        above(failureRate, 0.01));
    double writes = total(Sample::writes);
    double meanWait = writes == 0 ? 0 : total(Sample::lockWaitMillis) / writes;
    add(
        Group.ALARM,
        "mean-wait",
        "Mean wait for the lock, last 5 minutes",
        "100 ms",
        round(meanWait) + " ms",
        above(meanWait, 100));
    double maxWait = now.lock().maxWait().toMillis();
    add(
        Group.ALARM,
        "longest-wait",
        "Longest wait for the lock since the start",
        "5 s",
        time(maxWait),
        above(maxWait, 5_000));
    double hold = now.longestHold().toMillis();
    add(
        Group.ALARM,
        "hold",
        "Longest time one write held the writer, last minutes",
        "1 s",
        time(hold),
        above(hold, 1_000));
    double queue =
        Math.max(
            greatest(Sample::queueInteractive) / now.interactiveCapacity(),
            greatest(Sample::queueBulk) / now.bulkCapacity());
    add(
        Group.ALARM,
        "queue",
        "Fullest write queue, last 5 minutes",
        "80 %",
        percent(queue),
        above(queue, 0.8));
  }

  private void add(
      Group group, String id, String what, String limit, String measured, State state) {
    found.add(new Threshold(id, group, what, limit, measured, state));
  }

  private static State above(double value, double limit) {
    return value > limit ? State.CROSSED : State.BELOW;
  }

  private double total(ToDoubleFunction<Sample> figure) {
    return samples.stream().mapToDouble(figure).sum();
  }

  private double greatest(ToDoubleFunction<Sample> figure) {
    return samples.stream().mapToDouble(figure).max().orElse(0);
  }

  private List<Sample> lastMinute() {
    return samples.subList(Math.max(0, samples.size() - MINUTE), samples.size());
  }

  private double lastMinuteBusy() {
    return lastMinute().stream().mapToDouble(Sample::writerBusy).average().orElse(0);
  }

  private long minutesWithLocks() {
    if (samples.isEmpty()) {
      return 0;
    }
    long end = samples.get(samples.size() - 1).time();
    return samples.stream()
        .filter(sample -> sample.lockWaits() > 0)
        .map(sample -> (end - sample.time()) / 60_000)
        .filter(minute -> minute < 5)
        .distinct()
        .count();
  }

  private static String percent(double part) {
    return round(part * 100) + " %";
  }

  private static String time(double millis) {
    return millis < 1_000 ? round(millis) + " ms" : round(millis / 1e3) + " s";
  }

  private static String round(double value) {
    return String.format(Locale.ROOT, value < 10 && value > 0 ? "%.1f" : "%.0f", value);
  }
}
