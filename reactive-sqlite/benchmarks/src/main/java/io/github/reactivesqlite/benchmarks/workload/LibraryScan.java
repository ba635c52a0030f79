package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.benchmarks.measure.OpenLoop;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.measure.Window;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import io.github.reactivesqlite.benchmarks.report.Reach;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.time.Duration;
import java.util.List;

/**
 * A music library is scanned: a bulk load alone, then the same load while workers write single rows
 * and a web page reads some, both at a fixed rate and timed from their intended start.
 */
final class LibraryScan extends PeerWorkload {

  private static final double WRITES_PER_SECOND = 500;
  private static final double READS_PER_SECOND = 500;

  LibraryScan() {
    super("library-scan", Bench::compoundPeers, Plan::compoundRounds);
  }

  @Override
  List<Cell> cells(Bench bench, PeerKind kind) {
    return List.of(
        cell("alone " + kind.id(), kind.id(), () -> alone(bench, kind)),
        cell(kind.id(), kind.id(), () -> run(bench, kind)));
  }

  private static void alone(Bench bench, PeerKind kind) throws Exception {
    long present = bench.plan().mixRows();
    try (DatabaseFile file = bench.filledFile(present)) {
      Outcome bulk;
      try (Peer peer = kind.open(file.settings(Durability.FULL, Load.MIXED))) {
        bulk = new Bulk(bench, peer).await();
      }
      RowCount all = bench.count(present).plus(bench.count(bench.plan().bulkRows()));
      bench.add(Reach.BULK_ALONE, kind.id(), 0, bulk, all.compare(file.rows(), 0), "rows/s");
    }
  }

  /** Beside others. */
  @Override
  void run(Bench bench, PeerKind kind) throws Exception {
    long present = bench.plan().mixRows();
    try (DatabaseFile file = bench.filledFile(present)) {
      WriteWork small;
      Outcome bulk;
      Outcome writes;
      Outcome reads;
      try (Peer peer = kind.open(file.settings(Durability.FULL, Load.MIXED))) {
        small = WriteWork.inserts(peer, bench.items());
        ReadWork page = new ReadWork(peer, present, bench.seed());
        Bulk load = new Bulk(bench, peer);
        Window untilTold = new Window(Duration.ZERO, bench.plan().besideBulk());
        Aside<Outcome> reader =
            Aside.begin(() -> OpenLoop.run(READS_PER_SECOND, untilTold, load::hasEnded, page));
        writes = OpenLoop.run(WRITES_PER_SECOND, untilTold, load::hasEnded, small);
        reads = reader.await();
        bulk = load.await();
      }
      RowCount acknowledged =
          bench
              .count(present)
              .plus(bench.count(bench.plan().bulkRows()))
              .plus(small.acknowledged());
      String verdict = acknowledged.compare(file.rows(), writes.errors());
      bench.add(Reach.BULK_BESIDE, kind.id(), 0, bulk, verdict, "rows/s");
      bench.add(
          Reach.SMALL_WRITES, kind.id(), 0, writes.withoutUsage(), verdict, "open loop, 500/s");
      bench.add(
          "small-reads-during-bulk", kind.id(), 0, reads.withoutUsage(), "", "open loop, 500/s");
    }
  }

  /** A bulk load that has begun. */
  private static final class Bulk extends Drain<Object> {

    private final long rows;
    private final Usage before = Usage.now();
    private final long begun = System.nanoTime();
    private volatile long ended;

    Bulk(Bench bench, Peer peer) {
      this.rows = bench.plan().bulkRows();
      peer.bulk(bench.items(), rows, Batch.DEFAULT_CHUNK_SIZE).subscribe(this);
    }

    @Override
    public void onComplete() {
      ended = System.nanoTime();
      super.onComplete();
    }

    Outcome await() throws Exception {
      awaitEnd();
      return Bench.timed(rows, (ended - begun) / 1e9, Usage.now().since(before));
    }
  }
}
