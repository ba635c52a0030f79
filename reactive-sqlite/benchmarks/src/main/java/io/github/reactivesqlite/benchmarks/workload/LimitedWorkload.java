package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** A workload that a plain loop over JDBC does first: the limit of what peers can reach. */
abstract class LimitedWorkload extends PeerWorkload {

  LimitedWorkload(String id, Function<Bench, List<PeerKind>> peers, ToIntFunction<Plan> rounds) {
    super(id, peers, rounds);
  }

  @Override
  public final List<Cell> cells(Bench bench) {
    List<Cell> cells = new ArrayList<>();
    cells.add(cell(Results.RAW, Results.RAW, () -> raw(bench)));
    cells.addAll(super.cells(bench));
    return cells;
  }

  /** The plain loop. */
  abstract void raw(Bench bench) throws Exception;
}
