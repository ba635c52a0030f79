package io.github.reactivesqlite.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MeterLifeTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DatabaseMetrics metrics = new DatabaseMetrics(registry, "app");

  @AfterEach
  void close() {
    metrics.close();
    registry.close();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private static Set<String> ids(MeterRegistry registry) {
    return registry.getMeters().stream()
        .map(meter -> meter.getId().getName() + meter.getId().getTags())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Nested
  class WalPins {

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry timed = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final DatabaseMetrics pinned = new DatabaseMetrics(timed, "app");

    private LongTaskTimer pins(String label) {
      return timed.get(MeterNames.WAL_PINS).tag("label", label).longTaskTimer();
    }

    @Test
    void areCountedPerLabelWithTheAgeOfTheOldest() {
      WalPin oldest = pinned.pinStarted("report");
      clock.add(Duration.ofSeconds(3));
      WalPin younger = pinned.pinStarted("report");
      pinned.pinStarted(null);
      clock.add(Duration.ofSeconds(2));

      assertThat(pins("report").activeTasks()).isEqualTo(2);
      assertThat(pins("report").max(TimeUnit.SECONDS)).isEqualTo(5);
      assertThat(pins("none").activeTasks()).isEqualTo(1);

      oldest.end();
      oldest.end();
      assertThat(pins("report").activeTasks()).isEqualTo(1);
      assertThat(pins("report").max(TimeUnit.SECONDS)).isEqualTo(2);

      younger.end();
      assertThat(pins("report").activeTasks()).isZero();
    }

    @Test
    void mayEndAfterTheMetricsWereClosed() {
      WalPin pin = pinned.pinStarted("report");
      pinned.close();
      pin.end();
      pinned.pinStarted("late").end();

      assertThat(timed.getMeters()).isEmpty();
    }
  }

  @Nested
  class GaugesOfTheEngine {

    @Test
    void areReadFromTheirSource() {
      metrics.bindGauges(new StandingStill());

      assertThat(gauge(MeterNames.WRITER_QUEUE_DEPTH, "lane", "interactive")).isEqualTo(1);
      assertThat(gauge(MeterNames.WRITER_QUEUE_DEPTH, "lane", "bulk")).isEqualTo(2);
      assertThat(gauge(MeterNames.WRITER_QUEUE_BYTES, "lane", "interactive")).isEqualTo(1_000);
      assertThat(gauge(MeterNames.WRITER_QUEUE_BYTES, "lane", "bulk")).isEqualTo(2_000);
      assertThat(gauge(MeterNames.READERS_ACTIVE)).isEqualTo(3);
      assertThat(gauge(MeterNames.READERS_IDLE)).isEqualTo(4);
      assertThat(gauge(MeterNames.READERS_PENDING)).isEqualTo(5);
      assertThat(gauge(MeterNames.WAL_FRAMES)).isEqualTo(6);
      assertThat(gauge(MeterNames.WAL_BYTES)).isEqualTo(7);
      assertThat(gauge(MeterNames.WAL_CHECKPOINTED_FRAMES)).isEqualTo(8);
      assertThat(registry.get(MeterNames.WAL_BYTES).gauge().getId().getBaseUnit())
          .isEqualTo("bytes");
    }

    @Test
    void areBoundOnce() {
      metrics.bindGauges(new StandingStill());

      assertThatIllegalStateException()
          .isThrownBy(() -> metrics.bindGauges(new StandingStill()))
          .withMessageContaining("app");
    }

    @Test
    void andCountersOutliveTheGarbageCollectionOfWhoMadeThem() {
      SimpleMeterRegistry alone = new SimpleMeterRegistry();
      WeakReference<Object> garbage = registerAndForget(alone);
      for (int i = 0; i < 50 && garbage.get() != null; i++) {
        System.gc();
      }

      assertThat(garbage.get()).as("the collector ran").isNull();
      assertThat(alone.get(MeterNames.READERS_IDLE).gauge().value()).isEqualTo(4);
      assertThat(alone.get(MeterNames.LOCK_WAIT_GREATEST).timeGauge().value(TimeUnit.NANOSECONDS))
          .isEqualTo(3_000);
      assertThat(alone.get(MeterNames.LOCK_ATTEMPTS).functionCounter().count()).isEqualTo(6);
      assertThat(alone.get(MeterNames.WRITER_COMMITS).functionCounter().count()).isEqualTo(1);
    }

    private WeakReference<Object> registerAndForget(MeterRegistry alone) {
      DatabaseMetrics forgotten = new DatabaseMetrics(alone, "forgotten");
      forgotten.bindGauges(new StandingStill());
      Recordings.ofEveryKind(forgotten);
      return new WeakReference<>(forgotten);
    }
  }

  @Nested
  class Closing {

    @Test
    void removesEveryMeter() {
      Recordings.ofEveryKind(metrics);
      metrics.bindGauges(new StandingStill());
      assertThat(registry.getMeters()).isNotEmpty();

      metrics.close();
      metrics.close();

      assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void registersNothingAfterwardsAndStillCounts() {
      metrics.close();

      Recordings.ofEveryKind(metrics);
      metrics.bindGauges(new StandingStill());

      assertThat(registry.getMeters()).isEmpty();
      assertThat(metrics.stats().lock().attempts()).isEqualTo(6);
      assertThat(metrics.stats().reads().idle()).isEqualTo(4);
    }

    @Test
    void ofOneDatabaseLeavesTheMetersOfTheOther() {
      metrics.bindGauges(new StandingStill());
      Recordings.ofEveryKind(metrics);
      Set<String> ofTheFirst = ids(registry);
      DatabaseMetrics second = new DatabaseMetrics(registry, "second");
      second.bindGauges(new StandingStill());
      Recordings.ofEveryKind(second);
      assertThat(ids(registry)).hasSize(2 * ofTheFirst.size());

      second.close();

      assertThat(ids(registry)).isEqualTo(ofTheFirst);
      assertThat(counter(MeterNames.LOCK_ATTEMPTS, "database", "app")).isEqualTo(6);
    }

    @Test
    void removesTheMetersOfAllRegistriesOfAComposite() {
      CompositeMeterRegistry composite = new CompositeMeterRegistry(Clock.SYSTEM);
      SimpleMeterRegistry part = new SimpleMeterRegistry();
      composite.add(part);
      composite.config().commonTags("application", "shop");
      DatabaseMetrics published = new DatabaseMetrics(composite, "app");
      Recordings.ofEveryKind(published);
      assertThat(part.get(MeterNames.LOCK_ATTEMPTS).tag("application", "shop").functionCounter())
          .satisfies(counter -> assertThat(counter.count()).isEqualTo(6));

      published.close();

      assertThat(composite.getMeters()).isEmpty();
      assertThat(part.getMeters()).isEmpty();
    }

    @Test
    void leavesNoMeterWhenItMeetsRecordings() throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        for (int round = 0; round < 50; round++) {
          DatabaseMetrics closing = new DatabaseMetrics(registry, "closing");
          CountDownLatch both = new CountDownLatch(2);
          Future<?> recording =
              pool.submit(
                  () -> {
                    both.countDown();
                    assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
                    Recordings.ofEveryKind(closing);
                    return null;
                  });
          Future<?> close =
              pool.submit(
                  () -> {
                    both.countDown();
                    assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
                    closing.close();
                    return null;
                  });
          recording.get(10, TimeUnit.SECONDS);
          close.get(10, TimeUnit.SECONDS);

          assertThat(registry.find(MeterNames.OPERATION).meters()).isEmpty();
          assertThat(registry.getMeters())
              .allSatisfy(meter -> assertThat(meter.getId().getTag("database")).isEqualTo("app"));
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  @Nested
  class Names {

    @Test
    void secondDatabaseOfANameGetsANumber() {
      try (DatabaseMetrics second = new DatabaseMetrics(registry, "app")) {
        second.lockAcquiredAtOnce(2);

        assertThat(second.database()).isEqualTo("app-2");
        assertThat(counter(MeterNames.LOCK_ATTEMPTS, "database", "app")).isZero();
        assertThat(counter(MeterNames.LOCK_ATTEMPTS, "database", "app-2")).isEqualTo(2);
      }
      try (DatabaseMetrics third = new DatabaseMetrics(registry, "app")) {
        assertThat(third.database()).isEqualTo("app-2");
      }
    }

    @Test
    void nameIsFreeAgainAfterClosing() {
      metrics.close();

      try (DatabaseMetrics again = new DatabaseMetrics(registry, "app")) {
        again.lockAcquiredAtOnce(1);
        assertThat(again.database()).isEqualTo("app");
        assertThat(counter(MeterNames.LOCK_ATTEMPTS)).isEqualTo(1);
      }
    }
  }

  @Nested
  class Registries {

    @Test
    void thatRefuseAMeterCostThatMeterOnly() {
      SimpleMeterRegistry refusing = new SimpleMeterRegistry();
      refusing.counter(MeterNames.OPERATION, "label", "none");
      refusing
          .config()
          .meterFilter(
              new MeterFilter() {
                @Override
                public MeterFilterReply accept(Meter.Id id) {
                  if (id.getName().equals(MeterNames.WRITER_HOLD)
                      || id.getName().equals(MeterNames.READS_FAILED)
                      || id.getName().equals(MeterNames.WRITER_GROUP_SIZE)
                      || id.getName().equals(MeterNames.WAL_PINS)) {
                    throw new IllegalArgumentException("refused");
                  }
                  return MeterFilterReply.NEUTRAL;
                }
              });

      try (DatabaseMetrics published = new DatabaseMetrics(refusing, "app")) {
        Recordings.ofEveryKind(published);

        assertThat(published.stats().reads().failed()).isEqualTo(1);
        assertThat(refusing.find(MeterNames.WRITER_HOLD).meter()).isNull();
        assertThat(refusing.get(MeterNames.WRITER_QUEUE_WAIT).timer().count()).isEqualTo(1);
      }
    }

    @Test
    void thatDenyAllMetersLeaveTheStats() {
      SimpleMeterRegistry silent = new SimpleMeterRegistry();
      silent.config().meterFilter(MeterFilter.deny());

      try (DatabaseMetrics published = new DatabaseMetrics(silent, "app")) {
        Recordings.ofEveryKind(published);

        assertThat(silent.getMeters()).isEmpty();
        assertThat(published.stats().lock().attempts()).isEqualTo(6);
      }
    }
  }
}
