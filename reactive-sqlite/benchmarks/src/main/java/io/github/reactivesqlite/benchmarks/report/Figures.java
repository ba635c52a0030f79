package io.github.reactivesqlite.benchmarks.report;

import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.peer.RowCount;

/**
 * One row of the table.
 *
 * @param workload its name
 * @param peer its name, or {@link Results#RAW}
 * @param inFlight operations in flight, or threads, or processes; 0 where neither fits
 * @param outcome what was measured
 * @param rows whether all rows were there; empty where nothing was written
 * @param heapBytes of heap that each queued operation holds; 0 where not measured
 * @param note what the columns cannot say
 */
public record Figures(
    String workload,
    String peer,
    int inFlight,
    Outcome outcome,
    String rows,
    double heapBytes,
    String note) {

  /** Whether {@code other} measured the same thing. */
  boolean isAbout(Figures other) {
    return workload.equals(other.workload) && peer.equals(other.peer) && inFlight == other.inFlight;
  }

  /** Both rounds as one. What is wrong in either stays visible. */
  Figures plus(Figures later) {
    return new Figures(
        workload,
        peer,
        inFlight,
        outcome.plus(later.outcome),
        RowCount.isGood(rows) ? later.rows : rows,
        Math.max(heapBytes, later.heapBytes),
        later.note.isEmpty() ? note : later.note);
  }

  /** Bytes allocated per operation, or 0 where not measured. */
  public double bytesPerOperation() {
    return perOperation(outcome.usage().allocatedBytes());
  }

  /** Microseconds of CPU per operation, of all threads, or 0 where not measured. */
  public double cpuMicrosPerOperation() {
    return perOperation(outcome.usage().cpuNanos()) / 1_000;
  }

  private double perOperation(long amount) {
    return outcome.operations() == 0 ? 0 : (double) amount / outcome.operations();
  }
}
