package io.github.reactivesqlite.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Lane;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MeterTagsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DatabaseMetrics metrics = new DatabaseMetrics(registry, "app");

  @AfterEach
  void close() {
    metrics.close();
    registry.close();
  }

  private Timer timer(String name, String... tags) {
    return registry.get(name).tags(tags).timer();
  }

  @Nested
  class Tags {

    @Test
    void areNoneWithoutALabelOrAnError() {
      metrics.operation("SELECT", null, 1, null);

      Timer timer = timer(MeterNames.OPERATION);
      assertThat(timer.getId().getTags())
          .containsExactlyInAnyOrder(
              Tag.of("db.system.name", "sqlite"),
              Tag.of("db.namespace", "app"),
              Tag.of("db.operation.name", "SELECT"),
              Tag.of("error.type", "none"),
              Tag.of("label", "none"));
    }

    @Test
    void labelsBeyondTheLimitShareOne() {
      for (int i = 0; i < 150; i++) {
        metrics.hold("label-" + i, Lane.BULK, 1);
        metrics.hold("label-" + i, Lane.BULK, 1);
      }
      metrics.hold(null, Lane.BULK, 1);
      metrics.hold("none", Lane.BULK, 1);
      metrics.hold("other", Lane.BULK, 1);
      metrics.queueWait("label-149", Lane.BULK, 1);

      assertThat(registry.get(MeterNames.WRITER_HOLD).timers()).hasSize(102);
      assertThat(timer(MeterNames.WRITER_HOLD, "label", "label-99").count()).isEqualTo(2);
      assertThat(timer(MeterNames.WRITER_HOLD, "label", "other").count()).isEqualTo(101);
      assertThat(timer(MeterNames.WRITER_HOLD, "label", "none").count()).isEqualTo(2);
      assertThat(timer(MeterNames.WRITER_QUEUE_WAIT, "label", "other").count()).isEqualTo(1);
    }

    @Test
    void labelsStayBelowTheLimitWhenManyThreadsBringThem() throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(16);
      try {
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < 16; thread++) {
          int first = thread * 50;
          running.add(
              pool.submit(
                  () -> {
                    for (int i = 0; i < 400; i++) {
                      metrics.hold("label-" + (first + i) % 800, Lane.INTERACTIVE, 1);
                    }
                  }));
        }
        for (Future<?> future : running) {
          future.get(60, TimeUnit.SECONDS);
        }
      } finally {
        pool.shutdownNow();
      }

      assertThat(registry.get(MeterNames.WRITER_HOLD).timers())
          .hasSize(MeterNames.TAG_VALUE_LIMIT + 1);
      assertThat(
              registry.get(MeterNames.WRITER_HOLD).timers().stream().mapToLong(Timer::count).sum())
          .isEqualTo(16 * 400);
    }

    @Test
    void operationNamesAndErrorTypesAreBoundedToo() {
      for (int i = 0; i < 150; i++) {
        metrics.operation("operation-" + i, null, 1, null);
        metrics.operation("SELECT", null, 1, "error-" + i);
      }

      assertThat(timer(MeterNames.OPERATION, "db.operation.name", "operation-0").count())
          .isEqualTo(1);
      assertThat(timer(MeterNames.OPERATION, "error.type", "_OTHER").count()).isEqualTo(50);
      assertThat(registry.get(MeterNames.OPERATION).timers()).hasSizeLessThanOrEqualTo(202);
    }

    @Test
    void checkpointsAreToldApartByModeAndOutcome() {
      metrics.checkpoint("PASSIVE", 1, false);
      metrics.checkpoint("PASSIVE", 1, false);
      metrics.checkpoint("TRUNCATE", 1, true);

      assertThat(
              timer(MeterNames.WAL_CHECKPOINT, "mode", "passive", "outcome", "completed").count())
          .isEqualTo(2);
      assertThat(timer(MeterNames.WAL_CHECKPOINT, "mode", "truncate", "outcome", "busy").count())
          .isEqualTo(1);
    }
  }

  @Nested
  class Histograms {

    private List<Double> buckets(Timer timer) {
      return Arrays.stream(timer.takeSnapshot().histogramCounts())
          .map(count -> count.bucket(TimeUnit.SECONDS))
          .toList();
    }

    @Test
    void ofOperationsHaveTheBoundariesOfOpenTelemetry() {
      metrics.operation("SELECT", null, 1, null);

      assertThat(buckets(timer(MeterNames.OPERATION)))
          .containsExactly(.001, .005, .01, .05, .1, .5, 1.0, 5.0, 10.0);
    }

    @Test
    void ofOtherTimersHaveTheAlertThresholdsAmongTheirBoundaries() {
      metrics.lockAcquired("a", Lane.BULK, 1, 1);
      metrics.hold("a", Lane.BULK, 1);
      metrics.queueWait("a", Lane.BULK, 1);
      metrics.checkpoint("PASSIVE", 1, false);

      for (String name :
          List.of(
              MeterNames.LOCK_WAIT,
              MeterNames.WRITER_HOLD,
              MeterNames.WRITER_QUEUE_WAIT,
              MeterNames.WRITER_COMMIT,
              MeterNames.WAL_CHECKPOINT)) {
        assertThat(buckets(timer(name))).hasSize(11).contains(.01, .02, .05, .1, 1.0, 5.0);
      }
    }

    @Test
    void ofGroupsCountUnits() {
      metrics.groupCommitted(1, 1);
      metrics.groupCommitted(200, 1);

      assertThat(registry.get(MeterNames.WRITER_GROUP_SIZE).summary().totalAmount()).isEqualTo(201);
      assertThat(
              Arrays.stream(
                      registry
                          .get(MeterNames.WRITER_GROUP_SIZE)
                          .summary()
                          .takeSnapshot()
                          .histogramCounts())
                  .mapToDouble(count -> count.count()))
          .containsExactly(1.0, 1.0, 1.0, 1.0, 2.0, 2.0);
    }
  }
}
