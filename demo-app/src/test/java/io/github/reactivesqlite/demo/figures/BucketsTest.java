package io.github.reactivesqlite.demo.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BucketsTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer first = timer("first");
  private final Timer second = timer("second");

  @Test
  void percentileLiesWithinItsBucket() {
    record(first, 50, Duration.ofNanos(500_000));
    record(second, 50, Duration.ofMillis(8));

    Buckets buckets = Buckets.of(List.of(first, second));

    assertThat(buckets.percentileMillis(0.25)).isCloseTo(0.5, within(0.01));
    assertThat(buckets.percentileMillis(0.75)).isCloseTo(5.5, within(0.01));
    assertThat(buckets.percentileMillis(1.0)).isCloseTo(10, within(0.01));
  }

  @Test
  void onlyWhatIsNewCountsBetweenTwoReadings() {
    record(first, 100, Duration.ofMillis(8));
    Buckets before = Buckets.of(List.of(first));
    record(first, 10, Duration.ofNanos(100_000));

    Buckets added = Buckets.of(List.of(first, second)).since(before);

    assertThat(added.total()).isEqualTo(10);
    assertThat(added.percentileMillis(0.99)).isLessThan(1.0);
  }

  @Test
  void nothingHasNoPercentileAndWhatIsBeyondAllBucketsHasTheGreatest() {
    assertThat(Buckets.of(List.of(first)).percentileMillis(0.5)).isNull();
    record(first, 1, Duration.ofMinutes(1));

    assertThat(Buckets.of(List.of(first)).percentileMillis(0.5)).isCloseTo(10, within(0.01));
  }

  private Timer timer(String label) {
    return Timer.builder("t")
        .tag("label", label)
        .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(10))
        .register(registry);
  }

  private static void record(Timer timer, int times, Duration time) {
    for (int i = 0; i < times; i++) {
      timer.record(time);
    }
  }
}
