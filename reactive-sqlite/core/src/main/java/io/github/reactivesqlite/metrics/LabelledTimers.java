package io.github.reactivesqlite.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One timer a label, made when the label is first seen. */
final class LabelledTimers {

  private final ConcurrentHashMap<String, Timer> timers = new ConcurrentHashMap<>();
  private final TagValues labels;
  private final Function<String, Timer> create;

  LabelledTimers(TagValues labels, Function<String, Timer> create) {
    this.labels = labels;
    this.create = create;
  }

  void record(@Nullable String label, long nanos) {
    String value = labels.of(label);
    Timer timer = timers.get(value);
    if (timer == null) {
      timer = timers.computeIfAbsent(value, create);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }
}
