package io.github.reactivesqlite.benchmarks.measure;

import java.lang.management.ManagementFactory;

/** The heap that is in use after a collection. */
public final class Heap {

  private static final int COLLECTIONS = 3;

  private Heap() {}

  /** Collects, then counts; takes some 100 ms. */
  public static long usedBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      ManagementFactory.getMemoryMXBean().gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
