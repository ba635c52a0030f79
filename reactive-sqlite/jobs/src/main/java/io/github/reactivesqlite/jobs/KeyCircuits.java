package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a key alone after a failure: for the first pause, doubling with each further failure up to
 * the longest, until a success. One for the workers of a queue in this process; by the monotonic
 * clock.
 */
final class KeyCircuits {

  /** A key that failed; immutable. */
  private record Circuit(long pauseNanos, long openedAt) {
    boolean isOpen(long now) {
      return now - openedAt < pauseNanos;
    }

    boolean isForgotten(long now, long maxNanos) {
      return now - openedAt > pauseNanos + 2 * maxNanos;
    }
  }

  private final long firstNanos;
  private final long maxNanos;
  private final LongSupplier nanoTime;
  private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();

  /** With a first pause of zero it never opens. */
  KeyCircuits(Duration first, Duration max, LongSupplier nanoTime) {
    this.firstNanos = first.toNanos();
    this.maxNanos = max.toNanos();
    this.nanoTime = nanoTime;
  }

  void succeeded(@Nullable String key) {
    if (key != null) {
      circuits.remove(key);
    }
  }

  /** Failures of attempts that began before it opened do not make its pause longer. */
  void failed(@Nullable String key) {
    if (key == null || firstNanos == 0) {
      return;
    }
    long now = nanoTime.getAsLong();
    circuits.compute(
        key,
        (same, circuit) -> {
          if (circuit == null) {
            return new Circuit(firstNanos, now);
          }
          return circuit.isOpen(now)
              ? circuit
              : new Circuit(Math.min(maxNanos, circuit.pauseNanos() * 2), now);
        });
  }

  /** Keys whose jobs are not to be claimed at a moment, and when the first of them reopens. */
  record LeftAlone(Set<String> keys, long firstReopensAt) {}

  /**
   * What is to be left alone now. Both are of one moment: a key that reopens while a claim without
   * it is under way must not be missed by whoever waits for the first of them.
   */
  LeftAlone leftAlone() {
    long now = nanoTime.getAsLong();
    // Forgotten: hosts that are never tried again must not fill the memory
    circuits.values().removeIf(circuit -> circuit.isForgotten(now, maxNanos));
    Set<String> keys = new HashSet<>();
    long first = Long.MAX_VALUE;
    for (Map.Entry<String, Circuit> entry : circuits.entrySet()) {
      Circuit circuit = entry.getValue();
      if (circuit.isOpen(now)) {
        keys.add(entry.getKey());
        first = Math.min(first, circuit.openedAt() + circuit.pauseNanos() - now);
      }
    }
    return new LeftAlone(keys, keys.isEmpty() ? now : now + first);
  }

  /** How long it is until a moment of {@link LeftAlone}; zero if it has passed. */
  Duration until(long moment) {
    return Duration.ofNanos(Math.max(0, moment - nanoTime.getAsLong()));
  }
}
