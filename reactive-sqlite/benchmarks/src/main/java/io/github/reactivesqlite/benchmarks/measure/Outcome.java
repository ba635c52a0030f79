package io.github.reactivesqlite.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What a load measured.
 *
 * @param operations that ended well within the measured time
 * @param seconds the measured time
 * @param latency of every operation that began within the measured time
 * @param errors of the whole run, warm-up included
 * @param firstError what the first of them said
 * @param usage what the process used within the measured time
 */
public record Outcome(
    long operations,
    double seconds,
    Latency latency,
    long errors,
    @Nullable String firstError,
    Usage usage) {

  /** Both as if they were one longer load. */
  public Outcome plus(Outcome more) {
    return new Outcome(
        operations + more.operations,
        seconds + more.seconds,
        latency.plus(more.latency),
        errors + more.errors,
        firstError == null ? more.firstError : firstError,
        usage.plus(more.usage));
  }

  /** Both as loads that ran side by side. */
  public Outcome beside(Outcome other) {
    Outcome sum = plus(other);
    return new Outcome(
        sum.operations,
        Math.max(seconds, other.seconds),
        sum.latency,
        sum.errors,
        sum.firstError,
        sum.usage);
  }

  /** Where what the process used belongs to others as well. */
  public Outcome withoutUsage() {
    return new Outcome(operations, seconds, latency, errors, firstError, Usage.NONE);
  }

  /** Operations per second. */
  public double rate() {
    return seconds == 0 ? 0 : operations / seconds;
  }
}
