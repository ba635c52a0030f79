package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.ClosedLoop;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import io.github.reactivesqlite.benchmarks.report.Results;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Point reads and single-row inserts in tables of growing size. */
final class Growth extends NamedWorkload {

  private static final int READS_IN_FLIGHT = 64;
  private static final int WRITES_IN_FLIGHT = 256;

  /** Larger tables are filled once and shared: what the peers add is little beside them. */
  private static final long FILLED_FOR_EACH_PEER = 100_000;

  Growth() {
    super("growth", Bench::compoundPeers, plan -> 1);
  }

  @Override
  public List<Cell> cells(Bench bench) {
    List<Cell> cells = new ArrayList<>();
    for (long size : bench.plan().growthRows()) {
      Table table = new Table(bench, size);
      for (PeerKind kind : peers(bench)) {
        cells.add(cell(size + " " + kind.id(), kind.id(), () -> run(bench, kind, table)));
      }
      cells.add(cell(size + " done", Results.RAW, table::drop));
    }
    return cells;
  }

  private static void run(Bench bench, PeerKind kind, Table table) throws Exception {
    DatabaseFile file = table.file();
    RowCount before = file.rows();
    String name = "growth-" + shortened(table.size);
    Outcome reads;
    try (Peer peer = kind.open(file.settings(Durability.NORMAL, Load.READS))) {
      ReadWork work = new ReadWork(peer, table.size, bench.seed());
      reads = ClosedLoop.run(READS_IN_FLIGHT, bench.plan().window(), work);
    }
    bench.add(name + "-read", kind, READS_IN_FLIGHT, reads, "");
    Bench.Done done =
        bench.closedLoop(
            kind,
            file.settings(Durability.NORMAL, Load.WRITES),
            bench.plan().atMost(WRITES_IN_FLIGHT),
            peer -> WriteWork.inserts(peer, bench.items()));
    String verdict = done.compare(file.rows().minus(before));
    bench.add(
        name + "-insert-normal",
        kind,
        bench.plan().atMost(WRITES_IN_FLIGHT),
        done.outcome(),
        verdict);
    table.used();
  }

  private static String shortened(long rows) {
    return rows % 1_000_000 == 0
        ? rows / 1_000_000 + "M"
        : rows % 1_000 == 0 ? rows / 1_000 + "k" : Long.toString(rows);
  }

  /** A table of one size. */
  private static final class Table {

    private final Bench bench;
    private final long size;
    private @Nullable DatabaseFile file;

    Table(Bench bench, long size) {
      this.bench = bench;
      this.size = size;
    }

    DatabaseFile file() throws Exception {
      DatabaseFile filled = file;
      if (filled == null) {
        filled = bench.filledFile(size);
        file = filled;
      }
      return filled;
    }

    void used() throws Exception {
      if (size <= FILLED_FOR_EACH_PEER) {
        drop();
      }
    }

    void drop() throws Exception {
      if (file != null) {
        file.close();
        file = null;
      }
    }
  }
}
