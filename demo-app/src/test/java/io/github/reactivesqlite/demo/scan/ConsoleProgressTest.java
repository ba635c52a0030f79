package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.scan.ScanReport.LockCost;
import io.github.reactivesqlite.demo.scan.ScanReport.Problem;
import io.github.reactivesqlite.demo.scan.ScanReport.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

  @Test
  void barShowsTheShareOfFiles() {
    assertThat(ConsoleProgress.bar(report(State.INDEXING, true)))
        .isEqualTo(
            "Indexing [###############---------------]  50 %  600 of 1,200 files, 5,000 paragraphs,"
                + " 64 writes in flight");
  }

  @Test
  void summaryNamesEveryFigure() {
    assertThat(ConsoleProgress.summary(report(State.DONE, true)))
        .isEqualTo(
            "Scan finished after 2.5 s: 1,200 files, 590 documents and 5,000 paragraphs written"
                + " (5,590 rows, 2,236 rows/s), 7 unchanged, 2 left out, 1 unreadable, 3 removed;"
                + " writers in flight at most 64, lock waits 12 ms, retries 4, failures 0");
    assertThat(
            ConsoleProgress.summary(
                report(State.FAILED, false, new Problem(".", "The folder is gone.", 1, false))))
        .startsWith("Scan failed (The folder is gone.) after 2.5 s")
        .contains("(some files or folders were left out)");
  }

  private static ScanReport report(State state, boolean complete, Problem... problems) {
    return new ScanReport(
        state,
        false,
        ".",
        1_200,
        600,
        590,
        5_000,
        5_590,
        7,
        2,
        1,
        3,
        complete,
        600,
        64,
        0,
        2.5,
        2_236,
        64,
        64,
        new LockCost(600, 12, 4, 0),
        List.of(),
        List.of(problems));
  }
}
