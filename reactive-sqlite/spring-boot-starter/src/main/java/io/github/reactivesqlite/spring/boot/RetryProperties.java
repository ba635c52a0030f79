package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RetryPolicy}: a preset, or pauses of one's own, which start from {@code first}.
 *
 * @param preset Policy that the library names.
 * @param maxAttempts Retries at most. By default only the lock timeout bounds them.
 * @param first First pause; it makes this a policy of its own, instead of a preset.
 * @param max Longest pause. By default the first one.
 * @param factor Growth of the pauses.
 * @param jitter Part of a pause, from 0 to 1, by which it is moved either way.
 * @param addedJitter Random time, up to this, added to each pause.
 * @param deadline Time after which no retry is made, on top of the lock timeout.
 */
public record RetryProperties(
    @Nullable Preset preset,
    @Nullable Long maxAttempts,
    @Nullable Duration first,
    @Nullable Duration max,
    @Nullable Double factor,
    @Nullable Double jitter,
    @Nullable Duration addedJitter,
    @Nullable Duration deadline) {

  /** The policies that the library names. */
  public enum Preset {
    /** {@link RetryPolicy#ofDefaults()}. */
    DEFAULTS,
    /** {@link RetryPolicy#patient()}. */
    PATIENT,
    /** {@link RetryPolicy#none()}. */
    NONE
  }

  RetryPolicy policy() {
    RetryPolicy policy = first == null ? named() : own(first);
    if (factor != null) {
      policy = policy.factor(factor);
    }
    if (jitter != null) {
      policy = policy.jitter(jitter);
    }
    if (addedJitter != null) {
      policy = policy.addedJitter(addedJitter);
    }
    return deadline == null ? policy : policy.deadline(deadline);
  }

  private RetryPolicy named() {
    if (maxAttempts != null || max != null) {
      throw new IllegalArgumentException(
          "retry-policy.max-attempts and retry-policy.max belong to pauses of one's own, which"
              + " retry-policy.first begins");
    }
    return switch (preset == null ? Preset.DEFAULTS : preset) {
      case DEFAULTS -> RetryPolicy.ofDefaults();
      case PATIENT -> RetryPolicy.patient();
      case NONE -> RetryPolicy.none();
    };
  }

  private RetryPolicy own(Duration firstPause) {
    if (preset != null) {
      throw new IllegalArgumentException(
          "retry-policy.preset and retry-policy.first exclude each other");
    }
    return RetryPolicy.retryBackoff(
        maxAttempts == null ? Long.MAX_VALUE : maxAttempts,
        firstPause,
        max == null ? firstPause : max);
  }
}
