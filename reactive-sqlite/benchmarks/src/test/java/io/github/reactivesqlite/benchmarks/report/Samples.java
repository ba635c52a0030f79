package io.github.reactivesqlite.benchmarks.report;

import io.github.reactivesqlite.benchmarks.measure.Latency;
import io.github.reactivesqlite.benchmarks.measure.Outcome;
import io.github.reactivesqlite.benchmarks.measure.Usage;

/** Rows that nobody measured. */
final class Samples {

  static final String OURS = "reactive-sqlite";

  private Samples() {}

  static Figures row(String workload, String peer, int inFlight, long operations) {
    return row(workload, peer, inFlight, operations, "ok", "");
  }

  static Figures row(
      String workload, String peer, int inFlight, long operations, String rows, String note) {
    Outcome outcome =
        new Outcome(operations, 1, Latency.NONE, 0, null, new Usage(operations * 100, 0));
    return new Figures(workload, peer, inFlight, outcome, rows, 0, note);
  }
}
