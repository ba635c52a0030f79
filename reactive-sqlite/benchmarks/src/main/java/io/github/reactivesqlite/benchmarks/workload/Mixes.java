package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.List;

/** Point reads and single-row inserts, so many of each in a hundred. */
final class Mixes implements Workload {

  private static final int IN_FLIGHT = 64;

  private final int readPercent;

  Mixes(int readPercent) {
    this.readPercent = readPercent;
  }

  @Override
  public String id() {
    return "mix-" + readPercent + "-" + (100 - readPercent);
  }

  @Override
  public boolean inQuick() {
    return false;
  }

  @Override
  public List<Cell> cells(Bench bench) {
    return bench.peers().stream()
        .map(kind -> new Cell(id() + " " + kind.id(), kind.id(), () -> run(bench, kind)))
        .toList();
  }

  private void run(Bench bench, PeerKind kind) throws Exception {
    long rows = bench.plan().mixRows();
    try (DatabaseFile file = bench.filledFile(rows)) {
      Bench.Done done =
          bench.closedLoop(
              kind,
              file.settings(Durability.NORMAL, Load.MIXED),
              bench.plan().atMost(IN_FLIGHT),
              peer ->
                  new MixedWork(
                      readPercent,
                      new ReadWork(peer, rows, bench.seed()),
                      WriteWork.inserts(peer, bench.items())));
      String verdict = done.compare(file.rows().minus(bench.count(rows)));
      bench.add(id(), kind, bench.plan().atMost(IN_FLIGHT), done.outcome(), verdict);
    }
  }
}
