package io.github.reactivesqlite.benchmarks.workload;

import io.github.reactivesqlite.benchmarks.measure.Window;
import io.github.reactivesqlite.benchmarks.peer.DatabaseFile;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.peer.RowCount;
import io.github.reactivesqlite.benchmarks.report.Reach;
import io.github.reactivesqlite.benchmarks.workload.WriterProcess.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Processes that insert into the same file at full durability, side by side. */
final class Processes extends LevelWorkload {

  /** Every process starts a JVM, so only what applications use is measured. */
  private static final Set<PeerKind> KINDS =
      Set.of(PeerKind.REACTIVE_SQLITE, PeerKind.HIKARI, PeerKind.THREAD_LOCAL);

  /** Times the warm-up and the number of processes, which share the processors meanwhile. */
  private static final int ALONE = 2;

  Processes() {
    super("processes", Processes::measured, Plan::compoundRounds, Plan::processes);
  }

  private static List<PeerKind> measured(Bench bench) {
    return bench.compoundPeers().stream().filter(KINDS::contains).toList();
  }

  @Override
  void run(Bench bench, PeerKind kind, int processes) throws Exception {
    Window window = bench.plan().processWindow();
    Duration alone = window.warmUp().multipliedBy((long) ALONE * processes);
    try (DatabaseFile file = bench.emptyFile()) {
      List<WriterProcess> writers = new ArrayList<>();
      List<Report> reports = new ArrayList<>();
      try {
        for (int i = 0; i < processes; i++) {
          writers.add(WriterProcess.start(file.path(), kind, alone, window));
        }
        for (WriterProcess writer : writers) {
          writer.awaitReady();
        }
        for (WriterProcess writer : writers) {
          writer.go();
        }
        for (WriterProcess writer : writers) {
          reports.add(writer.awaitReport());
        }
      } finally {
        writers.forEach(WriterProcess::close);
      }
      add(bench, kind, file, reports);
    }
  }

  private static void add(Bench bench, PeerKind kind, DatabaseFile file, List<Report> reports)
      throws Exception {
    Report all = reports.stream().reduce(Report::beside).orElseThrow();
    double slowest = reports.stream().mapToDouble(Report::rate).min().orElseThrow();
    double fastest = reports.stream().mapToDouble(Report::rate).max().orElseThrow();
    double fairness = fastest == 0 ? 0 : slowest / fastest;
    RowCount found = file.rows();
    bench.add(
        Reach.PROCESSES,
        kind.id(),
        reports.size(),
        all.outcome(),
        all.acknowledged().compare(found, all.outcome().errors()),
        String.format(
            "%d in flight each; slowest/fastest %.2f", WriterProcess.IN_FLIGHT, fairness));
    if (kind == PeerKind.REACTIVE_SQLITE && reports.size() == 4) {
      bench.results().putLeast(Reach.PROCESSES_FAIRNESS, fairness);
    }
  }
}
