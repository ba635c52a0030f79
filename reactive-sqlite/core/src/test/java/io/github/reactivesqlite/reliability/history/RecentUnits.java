package io.github.reactivesqlite.reliability.history;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The units asked for last, whatever became of them. */
final class RecentUnits {

  private static final int KEPT = 64;

  private final AtomicReferenceArray<@Nullable String> units = new AtomicReferenceArray<>(KEPT);
  private final AtomicLong added = new AtomicLong();

  void add(String unit) {
    units.set((int) (added.getAndIncrement() % KEPT), unit);
  }

  @Nullable String any(Random random) {
    return units.get(random.nextInt(KEPT));
  }
}
