package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.Locale;

/** Single-row inserts, each committed before it is answered. */
final class Inserts extends LevelWorkload {

  private final Durability durability;

  Inserts(Durability durability) {
    super(
        "insert-" + durability.name().toLowerCase(Locale.ROOT),
        Bench::peers,
        Plan::rounds,
        Plan::insertsInFlight);
    this.durability = durability;
  }

  @Override
  void run(Bench bench, PeerKind kind, int inFlight) throws Exception {
    try (DatabaseFile file = bench.emptyFile()) {
      Bench.Done done =
          bench.closedLoop(
              kind,
              file.settings(durability, Load.WRITES),
              inFlight,
              peer -> WriteWork.inserts(peer, bench.items()));
      bench.add(id(), kind, inFlight, done.outcome(), done.compare(file.rows()));
    }
  }
}
