package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** What one peer after the other does, in one step unless the workload says otherwise. */
abstract class PeerWorkload extends NamedWorkload {

  PeerWorkload(String id, Function<Bench, List<PeerKind>> peers, ToIntFunction<Plan> rounds) {
    super(id, peers, rounds);
  }

  @Override
  public List<Cell> cells(Bench bench) {
    return peers(bench).stream().flatMap(kind -> cells(bench, kind).stream()).toList();
  }

  /** The steps of one peer. */
  List<Cell> cells(Bench bench, PeerKind kind) {
    return List.of(cell(kind.id(), kind.id(), () -> run(bench, kind)));
  }

  /** Does it, and adds what it found to the results. */
  abstract void run(Bench bench, PeerKind kind) throws Exception;
}
