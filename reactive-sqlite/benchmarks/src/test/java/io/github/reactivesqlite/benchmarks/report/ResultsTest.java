package io.github.reactivesqlite.benchmarks.report;

import static io.github.reactivesqlite.benchmarks.report.Samples.OURS;
import static io.github.reactivesqlite.benchmarks.report.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsTest {

  private final Results results = new Results();

  @Test
  void twoRoundsAreOneRow() {
    results.add(row("read", OURS, 1, 100));
    results.add(row("read", OURS, 1, 300));
    assertThat(results.figures()).hasSize(1);
    assertThat(results.rate("read", OURS, 1)).hasValue(200);
  }

  @Test
  void whatWasWrongInOneRoundStaysWrong() {
    results.add(row("insert", OURS, 1, 100, "3 of 100 rows MISSING", ""));
    results.add(row("insert", OURS, 1, 100));
    assertThat(results.allOursThere()).isFalse();
    assertThat(results.wrong()).extracting(Figures::rows).containsExactly("3 of 100 rows MISSING");
  }

  @Test
  void aPeerThatLosesRowsIsNamedButIsNotUs() {
    results.add(row("insert", "hikari", 1, 100, "3 of 100 rows MISSING", ""));
    assertThat(results.allOursThere()).isTrue();
    assertThat(results.wrong()).extracting(Figures::peer).containsExactly("hikari");
  }

  @Test
  void theBestPeerIsTheFastestOfTheOtherLibraries() {
    results.add(row("read", OURS, 1, 900));
    results.add(row("read", Results.RAW, 1, 1_000));
    results.add(row("read", "hikari", 1, 300));
    results.add(row("read", "vertx-jdbc", 1, 200));
    results.add(row("read", "thread-local", 1, 800));
    results.add(row("read", "vertx-jdbc", 64, 500));
    assertThat(results.bestPeer("read", 1)).hasValue(300);
  }

  @Test
  void thePeersOfJobsAreOtherLibrariesToo() {
    results.add(row("jobs-full", OURS, 0, 900));
    results.add(row("jobs-full", "jobrunr", 0, 40));
    results.add(row("jobs-full", "db-scheduler", 0, 60));

    assertThat(results.bestPeer("jobs-full", 0)).hasValue(60);
  }

  @Test
  void rowsOfAWorkloadStandTogether() {
    results.add(row("a", OURS, 1, 1));
    results.add(row("b", OURS, 1, 1));
    results.add(row("a", "hikari", 1, 1));
    assertThat(results.figures()).extracting(Figures::workload).containsExactly("a", "a", "b");
  }
}
