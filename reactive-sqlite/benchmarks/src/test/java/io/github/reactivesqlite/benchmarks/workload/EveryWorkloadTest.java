package io.github.reactivesqlite.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.benchmarks.measure.Window;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.report.Figures;
import io.github.reactivesqlite.benchmarks.report.Reach;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every peer does every workload, and every workload finds its rows. */
class EveryWorkloadTest {

  private static final Plan PLAN = plan(50);

  @TempDir private Path directory;

  private static Plan plan(int queuedWrites) {
    return new Plan(
        "test",
        1,
        1,
        Window.ofMillis(2, 10),
        List.of(4),
        List.of(4),
        200,
        200,
        500,
        500,
        Duration.ofMillis(50),
        List.of(200L),
        queuedWrites,
        List.of(2),
        Window.ofMillis(10, 50),
        Duration.ofMillis(3),
        50,
        5,
        1,
        true);
  }

  static Stream<PeerKind> peers() {
    return PeerKind.available().stream();
  }

  @ParameterizedTest
  @MethodSource("peers")
  void allRowsAreThereWhoeverWroteThem(PeerKind kind) throws Exception {
    try (Bench bench = new Bench(PLAN, List.of(kind), 1, directory)) {
      for (Workload workload : Workloads.all()) {
        if (isTested(workload, kind)) {
          run(bench, workload);
        }
      }
      assertThat(bench.results().wrong()).isEmpty();
      assertThat(bench.results().figures())
          .as("errors")
          .allSatisfy(row -> assertThat(row.outcome().firstError()).isNull());
    }
  }

  private static boolean isTested(Workload workload, PeerKind kind) {
    if (workload instanceof Processes) {
      return false;
    }
    if (workload instanceof JobsWork) {
      return kind == PeerKind.REACTIVE_SQLITE;
    }
    // vertx-jdbc-client now and then loses rows it acknowledged beside a transaction, or waits 30 s
    return !(workload instanceof LibraryScan && kind == PeerKind.VERTX);
  }

  @Test
  @Tag("process")
  void allRowsOfTwoProcessesAreThere() throws Exception {
    try (Bench bench = new Bench(PLAN, List.of(PeerKind.REACTIVE_SQLITE), 1, directory)) {
      run(bench, new Processes());
      Figures both = bench.results().figures().get(0);
      assertThat(both.workload()).isEqualTo(Reach.PROCESSES);
      assertThat(both.rows()).isEqualTo("ok");
      assertThat(both.outcome().errors()).isZero();
      assertThat(both.inFlight()).isEqualTo(2);
    }
  }

  @Test
  void aQueuedWriteHasAWeight() throws Exception {
    // So many that what else comes and goes on the heap weighs less
    try (Bench bench = new Bench(plan(2_000), List.of(PeerKind.REACTIVE_SQLITE), 1, directory)) {
      run(bench, new QueuedWrites());
      assertThat(bench.results().figures().get(0).heapBytes()).isPositive();
    }
  }

  private static void run(Bench bench, Workload workload) throws Exception {
    int before = bench.results().figures().size();
    for (Cell cell : workload.cells(bench)) {
      cell.run().run();
    }
    if (!(workload instanceof WarmUp)) {
      assertThat(bench.results().figures()).as(workload.id()).hasSizeGreaterThan(before);
    }
  }
}
