package io.github.reactivesqlite.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyTest {

  @Test
  void percentilesAreMilliseconds() {
    Latency latency = from(1, 1_000);
    assertThat(latency.count()).isEqualTo(1_000);
    assertThat(latency.p50()).isCloseTo(0.5, within(0.01));
    assertThat(latency.p99()).isCloseTo(0.99, within(0.01));
    assertThat(latency.p999()).isCloseTo(0.999, within(0.01));
    assertThat(latency.max()).isCloseTo(1, within(0.01));
  }

  @Test
  void bothHalvesMakeTheWhole() {
    Latency whole = from(1, 500).plus(from(501, 1_000));
    assertThat(whole.encode()).isEqualTo(from(1, 1_000).encode());
  }

  @Test
  void anotherProcessReadsWhatThisOneWrote() {
    Latency read = Latency.decode(from(1, 1_000).encode());
    assertThat(read.count()).isEqualTo(1_000);
    assertThat(read.p99()).isEqualTo(from(1, 1_000).p99());
  }

  @Test
  void somethingElseIsRefused() {
    assertThatThrownBy(() -> Latency.decode("no latencies"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingTimedIsZero() {
    assertThat(Latency.NONE.p999()).isZero();
    assertThat(Latency.NONE.max()).isZero();
  }

  private static Latency from(int first, int last) {
    Latencies latencies = new Latencies();
    for (int micros = first; micros <= last; micros++) {
      latencies.record(micros, TimeUnit.MICROSECONDS.toNanos(micros));
    }
    return latencies.summary();
  }
}
