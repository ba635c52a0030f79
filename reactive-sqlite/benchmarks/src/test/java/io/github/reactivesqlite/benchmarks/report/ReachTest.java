package io.github.reactivesqlite.benchmarks.report;

import static io.github.reactivesqlite.benchmarks.report.Samples.OURS;
import static io.github.reactivesqlite.benchmarks.report.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.benchmarks.report.ReachRow.Verdict;
import org.junit.jupiter.api.Test;

class ReachTest {

  private static final double SLOW_DISK = 1;
  private static final double NO_DISK = 0.01;

  private final Results results = new Results();

  @Test
  void aRatioAboveItsFloorIsMetAndOneBelowIsShort() {
    results.add(row("insert-normal", OURS, 256, 1_200));
    results.add(row("insert-normal", "hikari", 256, 100));
    results.add(row("insert-normal", OURS, 16, 390));
    results.add(row("insert-normal", "hikari", 16, 100));
    assertThat(find("insert-normal-256-of-best-peer", SLOW_DISK).value()).isEqualTo(12);
    assertThat(find("insert-normal-256-of-best-peer", SLOW_DISK).verdict()).isEqualTo(Verdict.MET);
    assertThat(find("insert-normal-16-of-best-peer", SLOW_DISK).verdict()).isEqualTo(Verdict.SHORT);
  }

  @Test
  void fullDurabilityCountsOnADiskOnly() {
    results.add(row("insert-full", OURS, 256, 100));
    results.add(row("insert-full", "hikari", 256, 100));
    assertThat(find("insert-full-256-of-best-peer", SLOW_DISK).verdict()).isEqualTo(Verdict.SHORT);
    assertThat(find("insert-full-256-of-best-peer", NO_DISK).verdict())
        .isEqualTo(Verdict.NOT_COUNTED);
  }

  @Test
  void whatWasNotMeasuredIsNeitherMetNorShort() {
    assertThat(Reach.rows(results, SLOW_DISK))
        .hasSizeGreaterThan(20)
        .allSatisfy(row -> assertThat(row.verdict()).isEqualTo(Verdict.NOT_MEASURED));
  }

  @Test
  void aValueAboveItsCeilingIsShort() {
    results.putGreatest(Reach.SCAN_HEAP_MIB, 1);
    assertThat(find(Reach.SCAN_HEAP_MIB, SLOW_DISK).verdict()).isEqualTo(Verdict.MET);
    results.putGreatest(Reach.SCAN_HEAP_MIB, 100);
    assertThat(find(Reach.SCAN_HEAP_MIB, SLOW_DISK).verdict()).isEqualTo(Verdict.SHORT);
  }

  private ReachRow find(String name, double fsyncMillis) {
    return Reach.rows(results, fsyncMillis).stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
