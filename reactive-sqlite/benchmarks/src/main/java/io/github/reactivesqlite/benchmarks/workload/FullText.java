package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.List;

/** Texts of 80 words into a full-text index, one by one. */
final class FullText implements Workload {

  private static final int IN_FLIGHT = 64;

  @Override
  public String id() {
    return "fts5-normal";
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
    try (DatabaseFile file = bench.emptyFile()) {
      Bench.Done done =
          bench.closedLoop(
              kind,
              file.settings(Durability.NORMAL, Load.WRITES),
              bench.plan().atMost(IN_FLIGHT),
              peer ->
                  new WriteWork(
                      number -> peer.write(bench.items().insertDocument(number)),
                      number -> bench.items().item(number).name().length()));
      bench.add(
          id(),
          kind,
          bench.plan().atMost(IN_FLIGHT),
          done.outcome(),
          done.compare(file.documents()));
    }
  }
}
