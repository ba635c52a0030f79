package io.github.reactivesqlite.demo.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished run of a scenario.
 *
 * @param scenario what was run
 * @param options how
 * @param measurements one per step, the last one on reactive-sqlite
 */
public record LabResult(Scenario scenario, LabOptions options, List<Measurement> measurements) {

  /**
   * An expectation and whether it is met.
   *
   * @param expectation what must be true
   * @param met true or false; null if it could not be measured here
   */
  public record Verdict(Expectation expectation, @Nullable Boolean met) {}

  /** Keeps its own copy. */
  public LabResult {
    measurements = List.copyOf(measurements);
  }

  /**
   * The side on reactive-sqlite.
   *
   * @return the last measurement
   */
  public Measurement after() {
    return measurements.get(measurements.size() - 1);
  }

  /**
   * The application as it was.
   *
   * @return the first measurement
   */
  public Measurement before() {
    return measurements.get(0);
  }

  /**
   * Every expectation, judged.
   *
   * @return in the order of the scenario
   */
  public List<Verdict> verdicts() {
    return scenario.expectations().stream()
        .map(expected -> new Verdict(expected, expected.metBy(after())))
        .toList();
  }

  /**
   * Whether nothing was missed.
   *
   * @return false if an expectation was measured and not met
   */
  public boolean met() {
    return verdicts().stream().noneMatch(verdict -> Boolean.FALSE.equals(verdict.met()));
  }
}
