package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Usage;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Item;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RawJdbc;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import io.github.reactivesqlite.benchmarks.report.Results;
import io.github.reactivesqlite.sqlite.config.Durability;

/** The whole table as records, to a subscriber that takes what comes. */
final class Scans extends LimitedWorkload {

  /** One alone takes half a second, which is short for a machine that others use too. */
  private static final int TIMES = 3;

  Scans() {
    super("scan", Bench::compoundPeers, Plan::compoundRounds);
  }

  @Override
  void raw(Bench bench) throws Exception {
    DatabaseFile file = bench.readTable();
    RawJdbc jdbc = new RawJdbc(file.settings(Durability.NORMAL, Load.READS));
    jdbc.scan();
    RowCount seen = bench.count(0);
    double seconds = 0;
    Usage before = Usage.now();
    for (int i = 0; i < TIMES; i++) {
      RawJdbc.Scanned scanned = jdbc.scan();
      seen = seen.plus(scanned.rows());
      seconds += scanned.seconds();
    }
    Usage usage = Usage.now().since(before);
    add(bench, Results.RAW, seen, seconds, usage);
  }

  @Override
  void run(Bench bench, PeerKind kind) throws Exception {
    DatabaseFile file = bench.readTable();
    try (Peer peer = kind.open(file.settings(Durability.NORMAL, Load.READS))) {
      // The first time warms up
      Drain.begin(peer.scan(), new Counter()).awaitEnd();
      RowCount seen = bench.count(0);
      Usage before = Usage.now();
      long begun = System.nanoTime();
      for (int i = 0; i < TIMES; i++) {
        Counter counter = Drain.begin(peer.scan(), new Counter());
        counter.awaitEnd();
        seen = seen.plus(new RowCount(counter.rows, counter.sum));
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      Usage usage = Usage.now().since(before);
      add(bench, kind.id(), seen, seconds, usage);
    }
  }

  private void add(Bench bench, String peer, RowCount seen, double seconds, Usage usage) {
    RowCount all = bench.count(0);
    for (int i = 0; i < TIMES; i++) {
      all = all.plus(bench.count(bench.plan().readRows()));
    }
    bench.add(
        id(), peer, 0, Bench.timed(seen.rows(), seconds, usage), all.compare(seen, 0), "rows/s");
  }

  private static final class Counter extends Drain<Item> {

    private long rows;
    private long sum;

    @Override
    void take(Item item) {
      rows++;
      sum += item.score();
    }
  }
}
