package io.github.reactivesqlite.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.lab.Tally.Timing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {

  private static Measurement measured(Tally tally) {
    return Measurement.of(Step.after(trial -> {}), 2, tally);
  }

  @Test
  void whatTwoProcessesToldIsAddedUp() {
    Tally parent = new Tally();
    for (int process = 1; process <= 2; process++) {
      Tally child = new Tally();
      List<String> lines = new ArrayList<>();
      child.add(Metric.OPERATIONS, 10L * process);
      child.tellCounts(lines::add);
      child.add(Metric.OPERATIONS, 5);
      child.add(Metric.LOCK_ERRORS, 0);
      child.greatest(Metric.HOLD_MAX, 7L * process);
      child.set(Metric.WORKERS, 4);
      child.set(Metric.RATE, 1_000);
      child.latencies(Timing.WRITE).record(process * 1_000_000L);
      child.tell(lines::add);
      assertThat(lines).allMatch(parent::accept);
    }

    Measurement measurement = measured(parent);
    assertThat(measurement.figure(Metric.OPERATIONS)).isEqualTo(40);
    assertThat(measurement.figure(Metric.RATE)).isEqualTo(20);
    assertThat(measurement.figure(Metric.LOCK_ERRORS)).isZero();
    assertThat(measurement.figure(Metric.HOLD_MAX)).isEqualTo(14);
    assertThat(measurement.figure(Metric.WORKERS)).isEqualTo(4);
    assertThat(measurement.figure(Metric.WRITE_MEAN)).isEqualTo(1.5);
    assertThat(measurement.figure(Metric.WRITE_MAX)).isEqualTo(2);
  }

  @Test
  void whatWasNotMeasuredIsNotZero() {
    Measurement measurement = measured(new Tally());

    assertThat(measurement.figure(Metric.CONNECTIONS)).isNull();
    assertThat(measurement.figure(Metric.WRITE_P99)).isNull();
    assertThat(measurement.text(Metric.WRITE_P99)).isEqualTo("–");
  }

  @Test
  void ratesAreOfAllOperationsAskedFor() {
    Tally tally = new Tally();
    tally.add(Metric.OPERATIONS, 30);
    tally.add(Metric.GIVEN_UP, 10);
    tally.add(Metric.LOCK_ERRORS, 20);

    Measurement measurement = measured(tally);

    assertThat(measurement.figure(Metric.FAILURE_RATE)).isEqualTo(25);
    assertThat(measurement.figure(Metric.LOCK_ERRORS_PER_100)).isEqualTo(50);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ready",
        "count",
        "count NOTHING 1",
        "count OPERATIONS x",
        "greatest HOLD_MAX",
        "time WRITE 1 1 999999:1",
        "time WRITE 1 1 -1:1",
        "time SLEEP 1 1 1:1"
      })
  void otherLinesAreLeftToOthers(String line) {
    Tally tally = new Tally();

    assertThat(tally.accept(line)).isFalse();
    assertThat(tally.figures()).isEmpty();
  }
}
