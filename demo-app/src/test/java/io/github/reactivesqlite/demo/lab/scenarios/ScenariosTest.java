package io.github.reactivesqlite.demo.lab.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.lab.LabEvent;
import io.github.reactivesqlite.demo.lab.LabOptions;
import io.github.reactivesqlite.demo.lab.LabResult;
import io.github.reactivesqlite.demo.lab.LabRunner;
import io.github.reactivesqlite.demo.lab.Measurement;
import io.github.reactivesqlite.demo.lab.Metric;
import io.github.reactivesqlite.demo.lab.Scenario;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each scenario, most in their quick form, both sides for real. Counts are exact; times depend on
 * the machine and are bounded generously here. The figures themselves are judged by the lab.
 */
@Tag("process")
@Timeout(value = 12, unit = TimeUnit.MINUTES) // Longer than the lab itself is patient
class ScenariosTest {

  /**
   * For scenarios whose processes must come to certain points of their work in this time, on a
   * machine that is busy, too. Times of the scenarios such as leases grow with it.
   */
  private static final int FULL_SECONDS = 10;

  /** Notices a write that hangs; what the lab promises is a small part of it. */
  private static final int LONGEST_WRITE = 30_000;

  private static LabResult run(String name) {
    return run(name, LabOptions.QUICK_SECONDS, false);
  }

  private static LabResult run(String name, int seconds, boolean ladder) {
    Scenario scenario = Scenarios.named(name).orElseThrow();
    List<LabEvent> events = new ArrayList<>();
    Optional<LabResult> result =
        new LabRunner(events::add)
            .run(scenario, new LabOptions(seconds, scenario.defaultWorkers(), ladder));
    assertThat(result).as("%s", events.get(events.size() - 1)).isPresent();
    assertThat(ProcessHandle.current().descendants()).as("processes left behind").isEmpty();
    return result.get();
  }

  private static double figure(Measurement measurement, Metric metric) {
    Double value = measurement.figure(metric);
    assertThat(value).as("%s of %s", metric, measurement.step()).isNotNull();
    return value;
  }

  @Test
  void topicsMeetLocksWithoutASingleWriterAndNoneWithIt() {
    LabResult result = run("topics");

    Measurement before = result.before();
    assertThat(figure(before, Metric.LOCK_ERRORS)).isPositive();
    assertThat(figure(before, Metric.RETRIES)).isPositive();
    assertThat(figure(before, Metric.HOLD_MAX)).isGreaterThan(40);
    Measurement after = result.after();
    assertThat(figure(after, Metric.LOCK_ERRORS)).isZero();
    assertThat(figure(after, Metric.RETRIES)).isZero();
    assertThat(figure(after, Metric.GIVEN_UP)).isZero();
    assertThat(figure(after, Metric.OPERATIONS)).isGreaterThan(figure(before, Metric.OPERATIONS));
    assertThat(figure(after, Metric.COMMITS_PER_100)).isLessThanOrEqualTo(100);
    assertThat(figure(after, Metric.HOLDS_REPORTED)).isEqualTo(1);
    assertThat(figure(after, Metric.WRITE_MAX)).isLessThan(LONGEST_WRITE);
    if (Files.isDirectory(Path.of("/proc/self/fd"))) {
      assertThat(figure(after, Metric.CONNECTIONS)).isEqualTo(1 + SqliteDefaults.READERS + 1);
      assertThat(figure(before, Metric.CONNECTIONS)).isGreaterThan(5);
    }
  }

  @Test
  void ladderOfTopicsMeasuresEveryStep() {
    LabResult result = run("topics", 1, true);

    assertThat(result.measurements())
        .extracting(Measurement::step)
        .containsExactly("as it was", "+ settings", "+ backoff", "+ batching", "+ single writer");
    assertThat(result.measurements())
        .allSatisfy(step -> assertThat(figure(step, Metric.OPERATIONS)).isPositive());
    assertThat(figure(result.after(), Metric.LOCK_ERRORS)).isZero();
    assertThat(figure(result.before(), Metric.LOCK_ERRORS)).isPositive();
  }

  @Test
  void transcriptsAreFinishedOnceThoughAWorkerIsKilled() {
    LabResult result = run("transcripts", FULL_SECONDS, false);

    Measurement before = result.before();
    assertThat(figure(before, Metric.JOBS_ONCE)).isLessThan(figure(before, Metric.JOBS));
    assertThat(figure(before, Metric.JOBS_RESCUED)).isZero();
    Measurement after = result.after();
    assertThat(figure(after, Metric.JOBS)).isEqualTo(5 * 4 * 15);
    assertThat(figure(after, Metric.JOBS_ONCE)).isEqualTo(figure(after, Metric.JOBS));
    assertThat(figure(after, Metric.JOBS_TWICE)).isZero();
    assertThat(figure(after, Metric.JOBS_STUCK)).isZero();
    assertThat(figure(after, Metric.JOBS_FAILED_BY_LOCK)).isZero();
    assertThat(figure(after, Metric.JOBS_DISCARDED)).isEqualTo(6);
    assertThat(figure(after, Metric.OUTCOMES_LOST)).isZero();
    assertThat(figure(after, Metric.LOCK_ERRORS)).isZero();
    assertThat(figure(after, Metric.HANDLERS_AT_ONCE)).isBetween(1.0, 4.0);
    assertThat(figure(after, Metric.ROWS_ORPHANED)).isPositive();
    assertThat(figure(after, Metric.JOBS_RESCUED)).isPositive();
    assertThat(figure(after, Metric.STARTED_IN_PAUSE)).isZero();
  }

  @Test
  void twoProcessesTakeTurnsInsteadOfFailing() {
    LabResult result = run("two-processes", FULL_SECONDS, false);

    Measurement before = result.before();
    assertThat(figure(before, Metric.LOCK_ERRORS)).isPositive();
    assertThat(figure(before, Metric.GIVEN_UP)).isPositive();
    assertThat(figure(before, Metric.CONNECTIONS_LEAKED)).isPositive();
    Measurement after = result.after();
    assertThat(figure(after, Metric.OPERATIONS)).isPositive();
    assertThat(figure(after, Metric.RATE)).isPositive();
    assertThat(figure(after, Metric.TASKS_DONE)).isPositive();
    assertThat(figure(after, Metric.LOCK_ERRORS)).isZero();
    assertThat(figure(after, Metric.GIVEN_UP)).isZero();
    assertThat(figure(after, Metric.TASKS_FAILED)).isZero();
    assertThat(figure(after, Metric.HOLDS_CAPPED)).isPositive();
    assertThat(figure(after, Metric.UNITS_BLOCKED)).isPositive();
    assertThat(figure(after, Metric.WRITE_MAX)).isLessThan(LONGEST_WRITE);
    assertThat(figure(after, Metric.WAL_MAX)).isLessThan(20e6);
  }

  @Test
  void scraperLosesNoRowAndNoCount() {
    LabResult result = run("scraper");

    Measurement before = result.before();
    assertThat(figure(before, Metric.COUNTER)).isLessThan(figure(before, Metric.COUNTER_EXPECTED));
    Measurement after = result.after();
    assertThat(figure(after, Metric.ROWS)).isEqualTo(1_000);
    assertThat(figure(after, Metric.OPERATIONS)).isEqualTo(1_000);
    assertThat(figure(after, Metric.COUNTER)).isEqualTo(1_000);
    assertThat(figure(after, Metric.PROCESSES_COMPLETE)).isEqualTo(5);
    assertThat(figure(after, Metric.LOCK_ERRORS)).isZero();
    assertThat(figure(after, Metric.GIVEN_UP)).isZero();
    assertThat(figure(after, Metric.FAIRNESS)).isBetween(0.05, 1.0);
  }

  @Test
  void scanOfTheLibraryLetsShortWritesPass() {
    LabResult result = run("library-scan");

    Measurement before = result.before();
    assertThat(figure(before, Metric.LOCK_ERRORS)).isPositive();
    assertThat(figure(before, Metric.WRITE_MAX)).isGreaterThan(500);
    Measurement after = result.after();
    assertThat(figure(after, Metric.SCAN_ROWS)).isGreaterThan(100);
    assertThat(figure(after, Metric.LOCK_ERRORS)).isZero();
    assertThat(figure(after, Metric.FAILURE_RATE)).isZero();
    assertThat(figure(after, Metric.WRITE_MEAN)).isLessThan(figure(before, Metric.WRITE_MEAN));
    assertThat(figure(after, Metric.WRITE_MAX)).isLessThan(LONGEST_WRITE);
    assertThat(figure(after, Metric.ROWS_CLEANED)).isEqualTo(LibraryScan.VANISHED);
    assertThat(figure(after, Metric.METERS)).isGreaterThanOrEqualTo(6);
  }

  static List<Scenario> all() {
    return Scenarios.all();
  }

  /** What is required or drawn must be in the table, or nobody could look it up. */
  @ParameterizedTest
  @MethodSource("all")
  void everyFigureThatIsJudgedDrawnOrReportedIsInTheTable(Scenario scenario) {
    assertThat(scenario.table()).doesNotHaveDuplicates();
    assertThat(scenario.table()).containsAll(scenario.chart());
    assertThat(scenario.table()).containsAll(scenario.reported().keySet());
    assertThat(scenario.expectations())
        .allSatisfy(expected -> assertThat(scenario.table()).contains(expected.metric()));
    assertThat(new LabOptions(scenario.defaultSeconds(), scenario.defaultWorkers(), false))
        .isNotNull();
    assertThat(scenario.defaultSeconds()).isLessThanOrEqualTo(15);
    assertThat(scenario.steps()).hasSize(2);
  }
}
