package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
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

  /** When the next key may be tried again; empty if none is left alone. */
  Optional<Duration> untilNextReopening() {
    long now = nanoTime.getAsLong();
    return circuits.values().stream()
        .filter(circuit -> circuit.isOpen(now))
        .map(circuit -> Duration.ofNanos(circuit.openedAt() + circuit.pauseNanos() - now))
        .min(Comparator.naturalOrder());
  }

  /** Keys whose jobs are not to be claimed now. */
  Set<String> open() {
    if (circuits.isEmpty()) {
      return Set.of();
    }
    long now = nanoTime.getAsLong();
    Set<String> open = new HashSet<>();
    circuits.forEach(
        (key, circuit) -> {
          if (circuit.isOpen(now)) {
            open.add(key);
          } else if (now - circuit.openedAt() > circuit.pauseNanos() + 2 * maxNanos) {
            // Forgotten: hosts that are never tried again must not fill the memory
            circuits.remove(key, circuit);
          }
        });
    return open;
  }
}
