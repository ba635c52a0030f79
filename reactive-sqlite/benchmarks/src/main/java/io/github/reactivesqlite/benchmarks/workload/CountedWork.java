package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Work;
import io.github.reactivesqlite.benchmarks.peer.RowCount;

/** Work that remembers what the table must hold because of it. */
interface CountedWork extends Work {

  /** What was acknowledged so far. */
  RowCount acknowledged();
}
