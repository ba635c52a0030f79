package io.github.reactivesqlite.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The timers of {@link MeterNames#OPERATION}: by operation name, then error type, then label. */
final class OperationTimers {

  private final ConcurrentHashMap<String, Map<String, LabelledTimers>> timers =
      new ConcurrentHashMap<>();
  private final TagValues names = new TagValues(MeterNames.TAG_VALUE_LIMIT, MeterNames.OTHER);
  private final TagValues errorTypes =
      new TagValues(MeterNames.TAG_VALUE_LIMIT, MeterNames.OTHER_ERROR);
  private final TagValues labels;
  private final Meters meters;

  OperationTimers(Meters meters, TagValues labels) {
    this.meters = meters;
    this.labels = labels;
  }

  void record(String operation, @Nullable String label, long nanos, @Nullable String errorType) {
    of(names.of(operation), errorTypes.of(errorType)).record(label, nanos);
  }

  private LabelledTimers of(String name, String errorType) {
    Map<String, LabelledTimers> byError = timers.get(name);
    LabelledTimers found = byError == null ? null : byError.get(errorType);
    if (found != null) {
      return found;
    }
    return timers
        .computeIfAbsent(name, absent -> new ConcurrentHashMap<>())
        .computeIfAbsent(errorType, absent -> create(name, absent));
  }

  private LabelledTimers create(String name, String errorType) {
    Tags tags =
        Tags.of(
            MeterNames.TAG_SYSTEM,
            "sqlite",
            MeterNames.TAG_NAMESPACE,
            meters.database(),
            MeterNames.TAG_OPERATION,
            name,
            MeterNames.TAG_ERROR_TYPE,
            errorType);
    return new LabelledTimers(
        labels,
        label ->
            meters.timer(
                MeterNames.OPERATION,
                "Duration of database client operations",
                MeterNames.OPERATION_BUCKETS,
                tags.and(MeterNames.TAG_LABEL, label)));
  }
}
