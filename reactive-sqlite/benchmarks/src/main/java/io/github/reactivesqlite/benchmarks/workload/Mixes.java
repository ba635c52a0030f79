package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;

/** Point reads and single-row inserts, so many of each in a hundred. */
final class Mixes extends LoopWorkload {

  private final int readPercent;

  Mixes(int readPercent) {
    super("mix-" + readPercent + "-" + (100 - readPercent), Load.MIXED, 64);
    this.readPercent = readPercent;
  }

  @Override
  DatabaseFile file(Bench bench) throws Exception {
    return bench.filledFile(bench.plan().mixRows());
  }

  @Override
  CountedWork work(Bench bench, Peer peer) {
    return new MixedWork(
        readPercent,
        new ReadWork(peer, bench.plan().mixRows(), bench.seed()),
        WriteWork.inserts(peer, bench.items()));
  }

  @Override
  String verdict(Bench bench, DatabaseFile file, Bench.Done done) throws Exception {
    return done.compare(file.rows().minus(bench.count(bench.plan().mixRows())));
  }
}
