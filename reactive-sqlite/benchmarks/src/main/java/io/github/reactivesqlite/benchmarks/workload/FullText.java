package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;

/** Texts of 80 words into a full-text index, one by one. */
final class FullText extends LoopWorkload {

  FullText() {
    super("fts5-normal", Load.WRITES, 64);
  }

  @Override
  CountedWork work(Bench bench, Peer peer) {
    return new WriteWork(
        number -> peer.write(bench.items().insertDocument(number)),
        number -> bench.items().item(number).name().length());
  }

  @Override
  String verdict(Bench bench, DatabaseFile file, Bench.Done done) throws Exception {
    return done.compare(file.documents());
  }
}
