package io.github.reactivesqlite.demo.figures;

import java.util.function.LongSupplier;

/**
 * Milliseconds since 1970 that only rise: two samples that a machine takes at once, because it was
 * busy, or while its clock is set back, are still one after the other. For one thread.
 */
final class RisingClock {

  private final LongSupplier clock;
  private long last = Long.MIN_VALUE;

  RisingClock(LongSupplier clock) {
    this.clock = clock;
  }

  long next() {
    last = last == Long.MIN_VALUE ? clock.getAsLong() : Math.max(clock.getAsLong(), last + 1);
    return last;
  }
}
