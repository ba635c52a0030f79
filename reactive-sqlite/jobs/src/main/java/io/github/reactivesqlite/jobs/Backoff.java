package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pause between a failed attempt and the next: exponential, with jitter.
 *
 * @param first the pause after the first failure; default 1 s
 * @param max the longest pause; default 15 min
 * @param factor what each pause is multiplied by, at least 1; default 2
 * @param jitter the part by which a pause is made longer or shorter at random, 0 to 1; default 0.2
 */
public record Backoff(Duration first, Duration max, double factor, double jitter) {

  /** One second doubling to 15 minutes, give or take 20 %. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(15), 2.0, 0.2);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public Backoff {
    if (first.isNegative() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "Pauses need 0 <= first <= max, not first " + first + " and max " + max);
    }
    if (!(factor >= 1.0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("The factor is at least 1, not " + factor);
    }
    if (!(jitter >= 0.0 && jitter <= 1.0)) {
      throw new IllegalArgumentException("The jitter is between 0 and 1, not " + jitter);
    }
  }

  /**
   * Doubling pauses with the default jitter.
   *
   * @param first the pause after the first failure
   * @param max the longest pause
   * @return the backoff
   */
  public static Backoff exponential(Duration first, Duration max) {
    return new Backoff(first, max, 2.0, 0.2);
  }

  /**
   * The same pause each time, without jitter.
   *
   * @param pause the pause
   * @return the backoff
   */
  public static Backoff fixed(Duration pause) {
    return new Backoff(pause, pause, 1.0, 0.0);
  }

  /**
   * The pause after a failure, with jitter.
   *
   * @param attempt the attempt that failed, counted from 1
   * @return the pause
   */
  public Duration after(int attempt) {
    double millis = (double) first.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
    double bounded = Math.min(millis, (double) max.toMillis());
    double spread = bounded * jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Duration.ofMillis(Math.max(0, Math.round(bounded + spread)));
  }
}
