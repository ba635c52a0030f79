package io.github.reactivesqlite;

import io.github.reactivesqlite.error.TransientDatabaseException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * How a lock that another process holds is waited out: the pauses between attempts, and when to
 * give up. Immutable. The database itself repeats only what is known not to have happened; a policy
 * says when, never what.
 *
 * <p>The pause before retry <i>n</i> (from 1) is {@code first × factor^(n-1)}, at most {@code max},
 * moved by the jitter.
 */
public final class RetryPolicy {

  private static final RetryPolicy DEFAULTS =
      new RetryPolicy(
          Long.MAX_VALUE,
          Duration.ofMillis(1),
          Duration.ofMillis(10),
          2.0,
          0.2,
          Duration.ZERO,
          null);
  private static final RetryPolicy PATIENT =
      new RetryPolicy(
          10,
          Duration.ofMillis(50),
          Duration.ofMillis(2_000),
          2.0,
          0.0,
          Duration.ofMillis(50),
          null);
  private static final RetryPolicy NONE =
      new RetryPolicy(0, Duration.ofMillis(1), Duration.ofMillis(1), 1.0, 0.0, Duration.ZERO, null);

  private final long maxAttempts;
  private final Duration first;
  private final Duration max;
  private final double factor;
  private final double jitterFactor;
  private final Duration addedJitter;
  private final @Nullable Duration deadline;

  private RetryPolicy(
      long maxAttempts,
      Duration first,
      Duration max,
      double factor,
      double jitterFactor,
      Duration addedJitter,
      @Nullable Duration deadline) {
    this.maxAttempts = maxAttempts;
    this.first = first;
    this.max = max;
    this.factor = factor;
    this.jitterFactor = jitterFactor;
    this.addedJitter = addedJitter;
    this.deadline = deadline;
  }

  /**
   * The default: 1 ms doubling to 10 ms, each moved by up to 20 % either way, as long as the lock
   * timeout allows. Short pauses share a contended file fairly; long ones starve the loser.
   *
   * @return the policy
   */
  public static RetryPolicy ofDefaults() {
    return DEFAULTS;
  }

  /**
   * For competitors that hold the lock for seconds: 50, 100, 200, 400, 800, 1600, 2000 … ms, each
   * plus 0 to 50 ms, at most 10 retries.
   *
   * @return the policy
   */
  public static RetryPolicy patient() {
    return PATIENT;
  }

  /**
   * No retry: the first lock error is answered.
   *
   * @return the policy
   */
  public static RetryPolicy none() {
    return NONE;
  }

  /**
   * Exponential backoff: doubling, moved by up to 20 % either way.
   *
   * @param maxAttempts the greatest number of retries, at least 1
   * @param first the first pause, positive
   * @param max the longest pause, at least {@code first}
   * @return the policy
   */
  public static RetryPolicy retryBackoff(long maxAttempts, Duration first, Duration max) {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("At least 1 retry is needed; RetryPolicy.none() has none");
    }
    if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "Pauses need 0 < first <= max, not first " + first + " and max " + max);
    }
    return new RetryPolicy(maxAttempts, first, max, 2.0, 0.2, Duration.ZERO, null);
  }

  /**
   * Sets the factor between pauses.
   *
   * @param newFactor at least 1
   * @return a new policy
   */
  public RetryPolicy factor(double newFactor) {
    if (!(newFactor >= 1.0) || Double.isInfinite(newFactor)) {
      throw new IllegalArgumentException("The factor is at least 1, not " + newFactor);
    }
    return new RetryPolicy(maxAttempts, first, max, newFactor, jitterFactor, addedJitter, deadline);
  }

  /**
   * Moves each pause by a random part of itself.
   *
   * @param part from 0 (not at all) to 1 (from nothing to twice the pause)
   * @return a new policy
   */
  public RetryPolicy jitter(double part) {
    if (!(part >= 0.0 && part <= 1.0)) {
      throw new IllegalArgumentException("The jitter is between 0 and 1, not " + part);
    }
    return new RetryPolicy(maxAttempts, first, max, factor, part, addedJitter, deadline);
  }

  /**
   * Adds a random time to each pause.
   *
   * @param upTo zero or more
   * @return a new policy
   */
  public RetryPolicy addedJitter(Duration upTo) {
    if (upTo.isNegative()) {
      throw new IllegalArgumentException("The added jitter is not negative: " + upTo);
    }
    return new RetryPolicy(maxAttempts, first, max, factor, jitterFactor, upTo, deadline);
  }

  /**
   * Ends the attempts after a time, on top of the database's lock timeout.
   *
   * @param limit a positive time
   * @return a new policy
   */
  public RetryPolicy deadline(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("A positive time is needed, not " + limit);
    }
    return new RetryPolicy(maxAttempts, first, max, factor, jitterFactor, addedJitter, limit);
  }

  /**
   * The greatest number of retries.
   *
   * @return {@code Long.MAX_VALUE} if only a deadline bounds them
   */
  public long maxAttempts() {
    return maxAttempts;
  }

  /**
   * Whether only a deadline bounds the retries.
   *
   * @return true without a greatest number
   */
  public boolean isUnlimited() {
    return maxAttempts == Long.MAX_VALUE;
  }

  /**
   * The deadline of this policy.
   *
   * @return the time, or {@code null} without one
   */
  public @Nullable Duration deadline() {
    return deadline;
  }

  /**
   * The pause before a retry, without jitter.
   *
   * @param retry the number of the retry, from 1
   * @return the pause
   */
  public Duration pauseBefore(long retry) {
    double steps = (double) Math.max(0L, retry - 1);
    double nanos = (double) first.toNanos() * Math.pow(factor, steps);
    return nanos < (double) max.toNanos() ? Duration.ofNanos((long) nanos) : max;
  }

  /**
   * Moves a pause by this policy's jitter.
   *
   * @param pause the pause without jitter
   * @return the pause to make
   */
  public Duration withJitter(Duration pause) {
    long nanos = pause.toNanos();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (jitterFactor > 0) {
      nanos += Math.round((double) nanos * jitterFactor * (2 * random.nextDouble() - 1));
    }
    if (!addedJitter.isZero()) {
      nanos += random.nextLong(addedJitter.toNanos() + 1);
    }
    return Duration.ofNanos(nanos);
  }

  /**
   * The same pauses for an application's own pipeline: {@code mono.retryWhen(policy.onTransient())}
   * subscribes again after a {@link TransientDatabaseException} and passes every other error on. An
   * unknown COMMIT is never repeated.
   *
   * @return a retry that may be shared
   */
  public Retry onTransient() {
    return Retry.from(
        signals ->
            Flux.defer(
                () -> {
                  Attempts attempts = new Attempts();
                  return signals.concatMap(attempts::pauseOrFail);
                }));
  }

  /** The failures in a row of one subscription; signals come one at a time. */
  private final class Attempts {
    private long firstFailure;

    Mono<Long> pauseOrFail(Retry.RetrySignal signal) {
      long retry = signal.totalRetriesInARow() + 1;
      long now = System.nanoTime();
      if (retry == 1) {
        firstFailure = now;
      }
      Duration pause = withJitter(pauseBefore(retry));
      boolean inTime =
          deadline == null || now - firstFailure + pause.toNanos() <= deadline.toNanos();
      boolean again =
          signal.failure() instanceof TransientDatabaseException && retry <= maxAttempts && inTime;
      return again ? Mono.delay(pause) : Mono.error(signal.failure());
    }
  }

  @Override
  public String toString() {
    return "RetryPolicy[maxAttempts="
        + (isUnlimited() ? "unlimited" : maxAttempts)
        + ", first="
        + first
        + ", max="
        + max
        + ", factor="
        + factor
        + ", jitter="
        + jitterFactor
        + ", addedJitter="
        + addedJitter
        + ", deadline="
        + deadline
        + "]";
  }
}
