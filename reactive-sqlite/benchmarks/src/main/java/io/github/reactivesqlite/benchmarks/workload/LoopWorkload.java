package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.Peer;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.sqlite.config.Durability;

/**
 * A closed loop at NORMAL durability, in a file of its own. Nothing to be reached depends on it.
 */
abstract class LoopWorkload extends PeerWorkload {

  private final Load load;
  private final int inFlight;

  /**
   * One with a name.
   *
   * @param inFlight or fewer where all of the run is smaller
   */
  LoopWorkload(String id, Load load, int inFlight) {
    super(id, Bench::peers, Plan::rounds);
    this.load = load;
    this.inFlight = inFlight;
  }

  @Override
  public final boolean inQuick() {
    return false;
  }

  @Override
  final void run(Bench bench, PeerKind kind) throws Exception {
    int atMost = bench.plan().atMost(inFlight);
    try (DatabaseFile file = file(bench)) {
      Bench.Done done =
          bench.closedLoop(
              kind, file.settings(Durability.NORMAL, load), atMost, peer -> work(bench, peer));
      bench.add(id(), kind, atMost, done.outcome(), verdict(bench, file, done));
    }
  }

  /** What it begins with. */
  DatabaseFile file(Bench bench) throws Exception {
    return bench.emptyFile();
  }

  /** The operations. */
  abstract CountedWork work(Bench bench, Peer peer);

  /** Says whether the file holds what was acknowledged. */
  abstract String verdict(Bench bench, DatabaseFile file, Bench.Done done) throws Exception;
}
