package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.ClosedLoop;
import io.github.reactivesqlite.benchmarks.measure.OpenLoop;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.report.Reach;
import io.github.reactivesqlite.sqlite.config.Durability;

/**
 * Point reads at a fifth of their own peak, timed from their intended start: first alone, then
 * while as many inserts as the peer can take are committed at full durability.
 */
final class StormReads extends PeerWorkload {

  private static final int READS_IN_FLIGHT = 64;
  private static final int WRITES_IN_FLIGHT = 256;
  private static final double SHARE_OF_PEAK = 0.2;

  StormReads() {
    super("storm", Bench::compoundPeers, Plan::rounds);
  }

  @Override
  void run(Bench bench, PeerKind kind) throws Exception {
    long present = bench.plan().mixRows();
    try (DatabaseFile file = bench.filledFile(present)) {
      WriteWork inserts;
      Outcome writes;
      try (Peer peer = kind.open(file.settings(Durability.FULL, Load.MIXED))) {
        ReadWork reads = new ReadWork(peer, present, bench.seed());
        double peak = ClosedLoop.run(READS_IN_FLIGHT, bench.plan().window(), reads).rate();
        double rate = Math.max(1, SHARE_OF_PEAK * peak);
        String note = String.format("%,.0f reads/s asked", rate);
        Outcome alone = OpenLoop.run(rate, bench.plan().window(), reads);
        bench.add(Reach.READS_ALONE, kind.id(), 0, alone, "", note);
        inserts = WriteWork.inserts(peer, bench.items());
        Aside<Outcome> storm =
            Aside.begin(
                () ->
                    ClosedLoop.run(
                        bench.plan().atMost(WRITES_IN_FLIGHT), bench.plan().window(), inserts));
        Outcome beside = OpenLoop.run(rate, bench.plan().window(), reads);
        writes = storm.await();
        bench.add(Reach.READS_IN_STORM, kind.id(), 0, beside.withoutUsage(), "", note);
      }
      String verdict =
          bench.count(present).plus(inserts.acknowledged()).compare(file.rows(), writes.errors());
      bench.add(
          "storm-writes-full",
          kind,
          bench.plan().atMost(WRITES_IN_FLIGHT),
          writes.withoutUsage(),
          verdict);
    }
  }
}
