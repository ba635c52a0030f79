package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;

/** Reads of one row by its key, nobody writing. */
final class PointReads extends LevelWorkload {

  PointReads() {
    super("read", Bench::peers, Plan::rounds, Plan::readsInFlight);
  }

  @Override
  void run(Bench bench, PeerKind kind, int inFlight) throws Exception {
    Bench.Done done =
        bench.closedLoop(
            kind,
            bench.readTable().settings(Durability.NORMAL, Load.READS),
            inFlight,
            peer -> new ReadWork(peer, bench.plan().readRows(), bench.seed()));
    bench.add(id(), kind, inFlight, done.outcome(), "");
  }
}
