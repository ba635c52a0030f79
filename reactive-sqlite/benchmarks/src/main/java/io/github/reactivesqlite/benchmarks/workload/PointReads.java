package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.ArrayList;
import java.util.List;

/** Reads of one row by its key, nobody writing. */
final class PointReads implements Workload {

  @Override
  public String id() {
    return "read";
  }

  @Override
  public boolean inQuick() {
    return true;
  }

  @Override
  public List<Cell> cells(Bench bench) {
    List<Cell> cells = new ArrayList<>();
    for (int inFlight : bench.plan().readsInFlight()) {
      for (PeerKind kind : bench.peers()) {
        cells.add(
            new Cell(
                "read x" + inFlight + " " + kind.id(),
                kind.id(),
                () -> run(bench, kind, inFlight)));
      }
    }
    return cells;
  }

  private void run(Bench bench, PeerKind kind, int inFlight) throws Exception {
    Bench.Done done =
        bench.closedLoop(
            kind,
            bench.readTable().settings(Durability.NORMAL, Load.READS),
            inFlight,
            peer -> new ReadWork(peer, bench.plan().readRows(), bench.seed()));
    bench.add(id(), kind, inFlight, done.outcome(), "");
  }
}
