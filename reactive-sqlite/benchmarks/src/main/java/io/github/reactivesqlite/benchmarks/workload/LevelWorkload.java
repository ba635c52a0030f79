package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** What all peers do with so many at once, then with more. */
abstract class LevelWorkload extends NamedWorkload {

  private final Function<Plan, List<Integer>> levels;

  LevelWorkload(
      String id,
      Function<Bench, List<PeerKind>> peers,
      ToIntFunction<Plan> rounds,
      Function<Plan, List<Integer>> levels) {
    super(id, peers, rounds);
    this.levels = levels;
  }

  @Override
  public final List<Cell> cells(Bench bench) {
    List<Cell> cells = new ArrayList<>();
    for (int level : levels.apply(bench.plan())) {
      for (PeerKind kind : peers(bench)) {
        cells.add(cell("x" + level + " " + kind.id(), kind.id(), () -> run(bench, kind, level)));
      }
    }
    return cells;
  }

  /** Does it with so many, and adds what it found to the results. */
  abstract void run(Bench bench, PeerKind kind, int level) throws Exception;
}
