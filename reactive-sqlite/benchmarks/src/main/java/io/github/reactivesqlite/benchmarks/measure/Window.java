package io.github.reactivesqlite.benchmarks.measure;

import java.time.Duration;

/**
 * How long a load runs.
 *
 * @param warmUp before anything is counted
 * @param measured what is counted
 */
public record Window(Duration warmUp, Duration measured) {

  /** A window of so many milliseconds each. */
  public static Window ofMillis(long warmUp, long measured) {
    return new Window(Duration.ofMillis(warmUp), Duration.ofMillis(measured));
  }
}
