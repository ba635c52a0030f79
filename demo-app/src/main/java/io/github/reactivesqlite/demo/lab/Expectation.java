package io.github.reactivesqlite.demo.lab;

import org.jspecify.annotations.Nullable;

/**
 * What must be true on reactive-sqlite.
 *
 * @param metric the figure
 * @param comparison how it is compared
 * @param bound with what
 * @param other with the value of this figure instead; null to use {@code bound}
 */
public record Expectation(
    Metric metric, Comparison comparison, double bound, @Nullable Metric other) {

  /** How a figure is compared. */
  public enum Comparison {
    /** The same. */
    EXACTLY(""),
    /** Not more. */
    AT_MOST("at most "),
    /** Less. */
    BELOW("below "),
    /** Not less. */
    AT_LEAST("at least ");

    private final String words;

    Comparison(String words) {
      this.words = words;
    }

    boolean holds(double value, double bound) {
      return switch (this) {
        case EXACTLY -> value == bound;
        case AT_MOST -> value <= bound;
        case BELOW -> value < bound;
        case AT_LEAST -> value >= bound;
      };
    }
  }

  /**
   * It must be zero.
   *
   * @param metric the figure
   * @return the expectation
   */
  public static Expectation none(Metric metric) {
    return exactly(metric, 0);
  }

  /**
   * It must be this.
   *
   * @param metric the figure
   * @param bound the value
   * @return the expectation
   */
  public static Expectation exactly(Metric metric, double bound) {
    return new Expectation(metric, Comparison.EXACTLY, bound, null);
  }

  /**
   * It must be the same as another figure.
   *
   * @param metric the figure
   * @param other the other figure
   * @return the expectation
   */
  public static Expectation sameAs(Metric metric, Metric other) {
    return new Expectation(metric, Comparison.EXACTLY, 0, other);
  }

  /**
   * It must not be more.
   *
   * @param metric the figure
   * @param bound the value
   * @return the expectation
   */
  public static Expectation atMost(Metric metric, double bound) {
    return new Expectation(metric, Comparison.AT_MOST, bound, null);
  }

  /**
   * It must be less.
   *
   * @param metric the figure
   * @param bound the value
   * @return the expectation
   */
  public static Expectation below(Metric metric, double bound) {
    return new Expectation(metric, Comparison.BELOW, bound, null);
  }

  /**
   * It must not be less.
   *
   * @param metric the figure
   * @param bound the value
   * @return the expectation
   */
  public static Expectation atLeast(Metric metric, double bound) {
    return new Expectation(metric, Comparison.AT_LEAST, bound, null);
  }

  /**
   * The bound in words.
   *
   * @param measured where a figure it is compared with comes from
   * @return such as "at most 20.0 ms"
   */
  public String words(Measurement measured) {
    return comparison.words + metric.format(boundIn(measured));
  }

  /**
   * Whether it is met. What cannot be measured on this system is not judged.
   *
   * @param measured the side on reactive-sqlite
   * @return true or false, or null if it was not measured
   */
  public @Nullable Boolean metBy(Measurement measured) {
    Double value = measured.figure(metric);
    return value == null ? null : comparison.holds(value, boundIn(measured));
  }

  private double boundIn(Measurement measured) {
    Double compared = other == null ? null : measured.figure(other);
    return compared == null ? bound : compared;
  }
}
