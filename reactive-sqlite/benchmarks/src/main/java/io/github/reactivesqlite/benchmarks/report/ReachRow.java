package io.github.reactivesqlite.benchmarks.report;

/**
 * One thing to be reached.
 *
 * @param name stays the same from run to run
 * @param value what this run came to; not a number where it was not measured
 * @param bound the floor or the ceiling
 * @param atLeast whether {@code bound} is a floor
 * @param steady whether it moves little from run to run, so that a fall means something
 * @param counted whether the surroundings allow a verdict
 */
public record ReachRow(
    String name, double value, double bound, boolean atLeast, boolean steady, boolean counted) {

  /** What can be said. */
  public enum Verdict {
    /** Reached. */
    MET,
    /** Measured, and not reached. */
    SHORT,
    /** Measured where it says nothing. */
    NOT_COUNTED,
    /** Not part of this run. */
    NOT_MEASURED
  }

  /** What can be said. */
  public Verdict verdict() {
    if (Double.isNaN(value)) {
      return Verdict.NOT_MEASURED;
    }
    if (!counted) {
      return Verdict.NOT_COUNTED;
    }
    return (atLeast ? value >= bound : value <= bound) ? Verdict.MET : Verdict.SHORT;
  }

  /** The same thing in another run. */
  ReachRow withValue(double other) {
    return new ReachRow(name, other, bound, atLeast, steady, counted);
  }

  /** Higher is better, whether the bound is a floor or a ceiling; 1 is just reached. */
  public double headroom() {
    return atLeast ? value / bound : bound / Math.max(value, Double.MIN_NORMAL);
  }
}
