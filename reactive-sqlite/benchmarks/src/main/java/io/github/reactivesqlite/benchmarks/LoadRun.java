package io.github.reactivesqlite.benchmarks;

import io.github.reactivesqlite.benchmarks.report.Progress;
import io.github.reactivesqlite.benchmarks.report.Results;
import io.github.reactivesqlite.benchmarks.workload.Bench;
import io.github.reactivesqlite.benchmarks.workload.Cell;
import io.github.reactivesqlite.benchmarks.workload.Plan;
import io.github.reactivesqlite.benchmarks.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Does the steps of the workloads, one after the other. Every second round goes backwards, so that
 * nobody always comes first, or always after the same neighbour.
 */
final class LoadRun {

  private final Bench bench;
  private final List<Cell> cells;

  LoadRun(Bench bench, Plan plan, List<Workload> workloads) {
    this.bench = bench;
    this.cells = inOrder(bench, plan, workloads);
  }

  private static List<Cell> inOrder(Bench bench, Plan plan, List<Workload> workloads) {
    int rounds = workloads.stream().mapToInt(workload -> workload.rounds(plan)).max().orElse(0);
    List<Cell> cells = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (Workload workload : workloads) {
        if (round < workload.rounds(plan)) {
          List<Cell> ofRound = new ArrayList<>(workload.cells(bench));
          if (round % 2 == 1) {
            Collections.reverse(ofRound);
          }
          cells.addAll(ofRound);
        }
      }
    }
    return cells;
  }

  /**
   * Blocks until everything is done. A step that fails is a row that says so.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  Results run(IntFunction<Progress> progressOf) throws InterruptedException {
    Progress progress = progressOf.apply(cells.size());
    for (Cell cell : cells) {
      progress.begin(cell.label());
      // What the last one left behind is not this one's to collect
      System.gc();
      try {
        cell.run().run();
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Exception failed) {
        bench.addFailure(cell, failed);
      }
    }
    progress.end();
    return bench.results();
  }
}
