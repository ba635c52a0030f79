package io.github.reactivesqlite.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 129, 255, 256, 1_000, 999_999, 1L << 40, Long.MAX_VALUE})
  void everyTimeFallsIntoANarrowBucketThatHoldsIt(long nanos) {
    int bucket = Latencies.bucket(nanos);

    assertThat(Latencies.isBucket(bucket)).isTrue();
    assertThat(Latencies.upperBound(bucket)).isGreaterThanOrEqualTo(nanos);
    if (bucket > 0) {
      assertThat(Latencies.upperBound(bucket - 1)).isLessThan(nanos);
    }
    assertThat((double) Latencies.upperBound(bucket)).isLessThanOrEqualTo(nanos * 1.016 + 1);
  }

  @Test
  void percentilesMeanAndGreatestAreThoseOfTheTimes() {
    Latencies latencies = new Latencies();
    LongStream.rangeClosed(1, 1_000).forEach(i -> latencies.record(i * 1_000_000));

    assertThat(latencies.count()).isEqualTo(1_000);
    assertThat(latencies.percentileMillis(50)).isCloseTo(500, within(8.0));
    assertThat(latencies.percentileMillis(99)).isCloseTo(990, within(16.0));
    assertThat(latencies.percentileMillis(100)).isEqualTo(1_000);
    assertThat(latencies.meanMillis()).isEqualTo(500.5);
    assertThat(latencies.maxMillis()).isEqualTo(1_000);
  }

  @Test
  void nothingRecordedIsZero() {
    Latencies latencies = new Latencies();

    assertThat(latencies.percentileMillis(99)).isZero();
    assertThat(latencies.meanMillis()).isZero();
    assertThat(latencies.maxMillis()).isZero();
  }
}
