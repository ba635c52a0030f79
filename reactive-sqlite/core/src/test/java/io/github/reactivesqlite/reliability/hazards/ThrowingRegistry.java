package io.github.reactivesqlite.reliability.hazards;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.noop.NoopDistributionSummary;
import io.micrometer.core.instrument.noop.NoopLongTaskTimer;
import io.micrometer.core.instrument.noop.NoopTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** A registry whose meters throw when they are used, or when they are made. */
final class ThrowingRegistry extends SimpleMeterRegistry {

  private final Thrown thrown;
  private final boolean whenMade;
  final AtomicLong throwings = new AtomicLong();

  ThrowingRegistry(Thrown thrown, boolean whenMade) {
    this.thrown = thrown;
    this.whenMade = whenMade;
  }

  private void raise() {
    throwings.incrementAndGet();
    thrown.raise();
  }

  private void made() {
    if (whenMade) {
      raise();
    }
  }

  @Override
  protected Timer newTimer(
      Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
    made();
    return new NoopTimer(id) {
      @Override
      public void record(long amount, TimeUnit unit) {
        raise();
      }
    };
  }

  @Override
  protected DistributionSummary newDistributionSummary(
      Meter.Id id, DistributionStatisticConfig statistics, double scale) {
    made();
    return new NoopDistributionSummary(id) {
      @Override
      public void record(double amount) {
        raise();
      }
    };
  }

  @Override
  protected LongTaskTimer newLongTaskTimer(Meter.Id id, DistributionStatisticConfig statistics) {
    made();
    return new NoopLongTaskTimer(id) {
      @Override
      public Sample start() {
        throwings.incrementAndGet();
        return thrown.raised();
      }
    };
  }

  @Override
  protected <T> FunctionCounter newFunctionCounter(
      Meter.Id id, T object, ToDoubleFunction<T> count) {
    made();
    return super.newFunctionCounter(id, object, count);
  }

  @Override
  protected <T> Gauge newGauge(Meter.Id id, T object, ToDoubleFunction<T> value) {
    made();
    return super.newGauge(id, object, value);
  }
}
