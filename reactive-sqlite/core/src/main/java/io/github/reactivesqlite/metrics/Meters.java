package io.github.reactivesqlite.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopDistributionSummary;
import io.micrometer.core.instrument.noop.NoopLongTaskTimer;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of one database in one registry: registered under its name, removed together. A
 * registry that refuses a meter costs that meter only, never an operation.
 */
final class Meters {

  private static final Logger LOG = LoggerFactory.getLogger(Meters.class);

  // A registry would silently give the second database of a name the meters of the first.
  private static final Map<MeterRegistry, Set<String>> NAMES_IN_USE = new WeakHashMap<>();

  private final MeterRegistry registry;
  private final String database;
  private final Tags own;
  private final List<Meter> registered = new ArrayList<>();
  private final Set<String> refused = new HashSet<>();
  private final AtomicBoolean recordingFailed = new AtomicBoolean();
  private boolean closed;

  Meters(MeterRegistry registry, String name) {
    this.registry = registry;
    this.database = claim(registry, name);
    this.own = Tags.of(MeterNames.TAG_DATABASE, database);
  }

  private static String claim(MeterRegistry registry, String name) {
    synchronized (NAMES_IN_USE) {
      Set<String> names = NAMES_IN_USE.computeIfAbsent(registry, r -> new HashSet<>());
      String free = name;
      for (int number = 2; !names.add(free); number++) {
        free = name + "-" + number;
      }
      return free;
    }
  }

  private static void release(MeterRegistry registry, String name) {
    synchronized (NAMES_IN_USE) {
      Set<String> names = NAMES_IN_USE.get(registry);
      if (names != null && names.remove(name) && names.isEmpty()) {
        NAMES_IN_USE.remove(registry);
      }
    }
  }

  String database() {
    return database;
  }

  void counter(String name, String description, LongSupplier value, String... tags) {
    Reading reading = new Reading(value);
    register(
        name,
        () ->
            FunctionCounter.builder(name, reading, reading)
                .description(description)
                .tags(own.and(tags))
                .register(registry));
  }

  void gauge(String name, String description, Supplier<Number> value, String... tags) {
    register(
        name,
        () ->
            Gauge.builder(name, value)
                .description(description)
                .tags(own.and(tags))
                .register(registry));
  }

  void gaugeInBytes(String name, String description, Supplier<Number> value, String... tags) {
    register(
        name,
        () ->
            Gauge.builder(name, value)
                .description(description)
                .baseUnit("bytes")
                .tags(own.and(tags))
                .register(registry));
  }

  void gaugeInNanos(String name, String description, Supplier<Number> value) {
    register(
        name,
        () ->
            TimeGauge.builder(name, value, TimeUnit.NANOSECONDS)
                .description(description)
                .tags(own)
                .register(registry));
  }

  Timer timer(String name, String description, String... tags) {
    return timer(name, description, MeterNames.TIME_BUCKETS, own.and(tags));
  }

  Timer timer(String name, String description, List<Duration> buckets, Tags tags) {
    Timer timer =
        register(
            name,
            () ->
                Timer.builder(name)
                    .description(description)
                    .tags(tags)
                    .serviceLevelObjectives(buckets.toArray(Duration[]::new))
                    .register(registry));
    return timer != null ? timer : new NoopTimer(id(name, tags, Meter.Type.TIMER));
  }

  DistributionSummary summary(String name, String description, List<Double> buckets) {
    DistributionSummary summary =
        register(
            name,
            () ->
                DistributionSummary.builder(name)
                    .description(description)
                    .tags(own)
                    .serviceLevelObjectives(
                        buckets.stream().mapToDouble(Double::doubleValue).toArray())
                    .register(registry));
    return summary != null
        ? summary
        : new NoopDistributionSummary(id(name, own, Meter.Type.DISTRIBUTION_SUMMARY));
  }

  LongTaskTimer longTaskTimer(String name, String description, String... tags) {
    LongTaskTimer timer =
        register(
            name,
            () ->
                LongTaskTimer.builder(name)
                    .description(description)
                    .tags(own.and(tags))
                    .register(registry));
    return timer != null
        ? timer
        : new NoopLongTaskTimer(id(name, own.and(tags), Meter.Type.LONG_TASK_TIMER));
  }

  private static Meter.Id id(String name, Tags tags, Meter.Type type) {
    return new Meter.Id(name, tags, null, null, type);
  }

  private synchronized <M extends Meter> @Nullable M register(String name, Supplier<M> build) {
    if (closed) {
      return null;
    }
    try {
      M meter = build.get();
      registered.add(meter);
      return meter;
    } catch (Throwable refusal) {
      if (refused.add(name)) {
        warn(
            "The meter registry refused {} of the database {}, which is therefore not published;"
                + " look for another library that registers this name with other tags",
            name,
            database,
            refusal);
      }
      return null;
    }
  }

  /** A meter that throws when it is used costs its recording, and nobody their answer. */
  void recordingFailed(Throwable thrown) {
    if (recordingFailed.compareAndSet(false, true)) {
      warn(
          "A meter of the database {} threw while it was used, and may be incomplete; look at the"
              + " meter registry. Said once",
          database,
          thrown);
    }
  }

  /** An appender that throws costs its line, and nobody their answer. */
  private static void warn(String message, Object... arguments) {
    try {
      LOG.warn(message, arguments);
    } catch (Throwable refused) {
      // There is nobody to tell: telling is what has failed
    }
  }

  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    registered.forEach(registry::remove);
    registered.clear();
    release(registry, database);
  }

  /**
   * What a counter reads. A counter holds its object weakly but its function strongly; this is
   * both, so that it lives as long as the counter.
   */
  private record Reading(LongSupplier value) implements ToDoubleFunction<Reading> {
    @Override
    public double applyAsDouble(Reading self) {
      return value.getAsLong();
    }
  }
}
