package io.github.reactivesqlite.demo.lab;

/**
 * How a scenario is run.
 *
 * @param seconds how long each side runs
 * @param workers how many threads, workers or threads per process
 * @param ladder whether the steps between are run too
 */
public record LabOptions(int seconds, int workers, boolean ladder) {

  /** The longest run of a side in seconds. */
  public static final int MOST_SECONDS = 60;

  /** The greatest number of workers. */
  public static final int MOST_WORKERS = 64;

  /** What a quick run takes for each side. */
  public static final int QUICK_SECONDS = 2;

  /** Checks the ranges. */
  public LabOptions {
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new IllegalArgumentException("seconds must be from 1 to " + MOST_SECONDS + ".");
    }
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new IllegalArgumentException("workers must be from 1 to " + MOST_WORKERS + ".");
    }
  }

  static LabOptions of(Scenario scenario) {
    return new LabOptions(scenario.defaultSeconds(), scenario.defaultWorkers(), false);
  }
}
