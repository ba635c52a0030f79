package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.List;

/** All workloads, in the order they run. */
public final class Workloads {

  private static final List<Workload> ALL =
      List.of(
          new WarmUp(),
          new Limits(),
          new Inserts(Durability.FULL),
          new Inserts(Durability.NORMAL),
          new PointReads(),
          new Scans(),
          new SlowScans(),
          new Batches(Durability.FULL),
          new Batches(Durability.NORMAL),
          new Units(),
          new Mixes(90),
          new Mixes(50),
          new LibraryScan(),
          new FullText(),
          new StormReads(),
          new Processes(),
          new QueuedWrites(),
          new JobsWork(),
          new Growth());

  private Workloads() {}

  /** Every workload. */
  public static List<Workload> all() {
    return ALL;
  }

  /** Those that something to be reached depends on. */
  public static List<Workload> quick() {
    return ALL.stream().filter(Workload::inQuick).toList();
  }
}
