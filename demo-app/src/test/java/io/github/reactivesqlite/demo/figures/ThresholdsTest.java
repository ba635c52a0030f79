package io.github.reactivesqlite.demo.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats.LockStats;
import io.github.reactivesqlite.demo.figures.Sample.JobCounts;
import io.github.reactivesqlite.demo.figures.Threshold.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ThresholdsTest {

  private static final LockStats CALM =
      new LockStats(100, 100, 0, 0, Duration.ZERO, Duration.ZERO, Optional.empty());
  private static final LockStats WAITED =
      new LockStats(100, 100, 0, 9, Duration.ofSeconds(6), Duration.ofSeconds(6), Optional.empty());

  @Test
  void calmApplicationCrossesNothing() {
    Map<String, State> states = states(samples(300, 100, 0, 0, 0, 1_000_000, 0.1), calm());

    assertThat(states).hasSize(13);
    assertThat(states.remove("spread")).isEqualTo(State.UNKNOWN);
    assertThat(states.values()).containsOnly(State.BELOW);
  }

  @Test
  void nothingMeasuredYetCrossesNothing() {
    assertThat(states(List.of(), calm()).values()).doesNotContain(State.CROSSED, State.NEAR);
  }

  @Test
  void locksCrossTheirLimits() {
    Map<String, State> states =
        states(
            samples(300, 100, 6, 2, 20_000, 11_000_000, 0.9),
            new Thresholds.Surroundings(
                11_000_000_000L, 10, WAITED, Duration.ofMillis(1_001), 10_000, 256));

    assertThat(states.remove("spread")).isEqualTo(State.UNKNOWN);
    assertThat(states.values()).containsOnly(State.CROSSED);
  }

  @Test
  void minuteWithoutALockBreaksPersistence() {
    List<Sample> samples = new ArrayList<>(samples(300, 100, 1, 0, 1, 0, 0));
    samples.removeIf(sample -> sample.time() / 60_000 == 2);

    assertThat(states(samples, calm()).get("lock-persistence")).isEqualTo(State.BELOW);
  }

  @Test
  void sizeOfTheOneThatMovedEarlyIsNear() {
    var half = new Thresholds.Surroundings(600_000_000L, 1, CALM, Duration.ZERO, 10_000, 256);

    assertThat(states(List.of(), half).get("size")).isEqualTo(State.NEAR);
  }

  private static Thresholds.Surroundings calm() {
    return new Thresholds.Surroundings(1_000_000, 3, CALM, Duration.ZERO, 10_000, 256);
  }

  private static Map<String, State> states(List<Sample> samples, Thresholds.Surroundings now) {
    return Thresholds.of(samples, now).stream()
        .collect(Collectors.toMap(Threshold::id, Threshold::state));
  }

  private static List<Sample> samples(
      int count,
      double writes,
      long lockWaits,
      long failures,
      double waited,
      long wal,
      double busy) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int queued = busy > 0.5 ? 240 : 20;
      samples.add(
          new Sample(
              i * 1_000L,
              writes,
              writes,
              writes,
              1.0,
              2.0,
              3.0,
              1.0,
              2.0,
              3.0,
              null,
              null,
              0,
              queued,
              0,
              1.0,
              lockWaits,
              waited,
              lockWaits,
              failures,
              1,
              1,
              wal,
              0,
              1,
              busy,
              JobCounts.NONE));
    }
    return samples;
  }
}
