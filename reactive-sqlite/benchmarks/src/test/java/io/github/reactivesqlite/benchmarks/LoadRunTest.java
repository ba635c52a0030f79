package io.github.reactivesqlite.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.github.reactivesqlite.benchmarks.report.Figures;
import io.github.reactivesqlite.benchmarks.report.Progress;
import io.github.reactivesqlite.benchmarks.report.Results;
import io.github.reactivesqlite.benchmarks.workload.Bench;
import io.github.reactivesqlite.benchmarks.workload.Cell;
import io.github.reactivesqlite.benchmarks.workload.Plan;
import io.github.reactivesqlite.benchmarks.workload.Workload;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadRunTest {

  private final List<String> done = new ArrayList<>();

  @TempDir private Path directory;

  @Test
  void everySecondRoundGoesBackwards() throws Exception {
    run(2, step("a"), step("b"), step("c"));
    assertThat(done).containsExactly("a", "b", "c", "c", "b", "a");
  }

  @Test
  void aStepThatFailsIsARowAndTheOthersGoOn() throws Exception {
    Cell broken =
        new Cell(
            "broken",
            PeerKind.REACTIVE_SQLITE.id(),
            () -> {
              throw new IllegalStateException("out of paper");
            });
    Results results = run(1, step("a"), broken, step("b"));
    assertThat(done).containsExactly("a", "b");
    assertThat(results.allOursThere()).isFalse();
    assertThat(results.wrong())
        .extracting(Figures::note)
        .first()
        .asString()
        .contains("out of paper");
  }

  private Cell step(String label) {
    return new Cell(label, "hikari", () -> done.add(label));
  }

  private Results run(int rounds, Cell... cells) throws Exception {
    Plan plan = Plan.tiny();
    try (Bench bench = new Bench(plan, List.of(), 1, directory)) {
      return new LoadRun(bench, plan, List.of(new Given(rounds, List.of(cells))))
          .run(
              steps ->
                  new Progress(new PrintStream(OutputStream.nullOutputStream()), false, steps));
    }
  }

  private record Given(int times, List<Cell> steps) implements Workload {

    @Override
    public String id() {
      return "given";
    }

    @Override
    public int rounds(Plan plan) {
      return times;
    }

    @Override
    public List<Cell> cells(Bench bench) {
      return steps;
    }
  }
}
