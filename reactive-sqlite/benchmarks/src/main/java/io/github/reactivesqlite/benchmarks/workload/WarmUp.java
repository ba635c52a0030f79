package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.benchmarks.measure.ClosedLoop;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Item;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RawJdbc;
import io.github.reactivesqlite.sqlite.config.Durability;

/**
 * Everybody does a little of everything and nothing is counted, so that what is measured first does
 * not pay for loading and compiling what all of them share.
 */
final class WarmUp extends LimitedWorkload {

  private static final int IN_FLIGHT = 64;

  WarmUp() {
    super("warm-up", Bench::peers, plan -> 1);
  }

  @Override
  void raw(Bench bench) throws Exception {
    double seconds = bench.plan().window().measured().toNanos() / 1e9;
    try (DatabaseFile file = bench.emptyFile()) {
      RawJdbc jdbc = new RawJdbc(file.settings(Durability.NORMAL, Load.WRITES));
      jdbc.insertInOneTransaction(bench.items(), seconds, true);
      jdbc.batch(bench.items(), bench.plan().mixRows(), Batch.DEFAULT_CHUNK_SIZE);
    }
    new RawJdbc(bench.readTable().settings(Durability.NORMAL, Load.READS)).scan();
  }

  @Override
  void run(Bench bench, PeerKind kind) throws Exception {
    long rows = bench.plan().mixRows();
    try (DatabaseFile file = bench.emptyFile()) {
      // Opened twice: after transactions vertx-jdbc-client keeps the lock from its other
      // connections
      try (Peer peer = kind.open(file.settings(Durability.NORMAL, Load.MIXED))) {
        Drain.begin(peer.bulk(bench.items(), rows, Batch.DEFAULT_CHUNK_SIZE), new Drain<Object>())
            .awaitEnd();
        Drain.begin(peer.scan(), new Drain<Item>()).awaitEnd();
      }
      try (Peer peer = kind.open(file.settings(Durability.NORMAL, Load.MIXED))) {
        ClosedLoop.run(IN_FLIGHT, bench.plan().window(), WriteWork.inserts(peer, bench.items()));
        ClosedLoop.run(IN_FLIGHT, bench.plan().window(), new ReadWork(peer, rows, bench.seed()));
      }
    }
  }
}
