package io.github.reactivesqlite.benchmarks.workload;

import java.util.List;

/** A kind of work, of which a run does one or more steps. */
public interface Workload {

  /** The name in options; rows of the table begin with it where they can. */
  String id();

  /** Whether a quick run does it too: something to be reached depends on it. */
  default boolean inQuick() {
    return true;
  }

  /** How often its steps are done, spread over the run. */
  default int rounds(Plan plan) {
    return plan.rounds();
  }

  /** The steps, in order; nothing has begun yet. */
  List<Cell> cells(Bench bench);
}
