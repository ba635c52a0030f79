package io.github.reactivesqlite.demo.lab;

import org.jspecify.annotations.Nullable;

/**
 * One way to run a scenario.
 *
 * @param name its name in tables
 * @param kind before, between or after
 * @param estimate what the application itself expected of this step, in its own words; null if it
 *     expected nothing in particular
 * @param side what is run
 */
public record Step(String name, Kind kind, @Nullable String estimate, Side side) {

  /** Where a step stands. */
  public enum Kind {
    /** The application as it was. */
    BEFORE,
    /** A step of the ladder. */
    BETWEEN,
    /** On reactive-sqlite. */
    AFTER
  }

  /** What is run. It may block; it runs on a thread of its own. */
  public interface Side {

    /**
     * Runs until the trial is over, and counts.
     *
     * @param trial folder, number of workers, time, tally
     * @throws Exception what could not be run at all; errors that belong to the scenario are
     *     counted
     */
    void run(Trial trial) throws Exception;
  }

  /**
   * The application as it was.
   *
   * @param side what is run
   * @return the step
   */
  public static Step before(Side side) {
    return new Step("before", Kind.BEFORE, null, side);
  }

  /**
   * On reactive-sqlite.
   *
   * @param side what is run
   * @return the step
   */
  public static Step after(Side side) {
    return new Step("after", Kind.AFTER, null, side);
  }
}
