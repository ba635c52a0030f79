package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Single-row inserts, each committed before it is answered. */
final class Inserts implements Workload {

  private final Durability durability;

  Inserts(Durability durability) {
    this.durability = durability;
  }

  @Override
  public String id() {
    return "insert-" + durability.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean inQuick() {
    return true;
  }

  @Override
  public List<Cell> cells(Bench bench) {
    List<Cell> cells = new ArrayList<>();
    for (int inFlight : bench.plan().insertsInFlight()) {
      for (PeerKind kind : bench.peers()) {
        cells.add(
            new Cell(
                id() + " x" + inFlight + " " + kind.id(),
                kind.id(),
                () -> run(bench, kind, inFlight)));
      }
    }
    return cells;
  }

  private void run(Bench bench, PeerKind kind, int inFlight) throws Exception {
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
