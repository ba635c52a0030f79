package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.jobs.JobsOptions;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * How jobs are run in this process; what is not set leaves the default of the jobs module alone.
 *
 * @param database Name of the database that the jobs are in. By default the main one.
 * @param autoStart Whether workers start with the context.
 * @param lease Time that a job stays leased without a sign of life.
 * @param pollInterval Interval at which idle workers look for jobs of other processes.
 * @param flushInterval Time that an outcome waits at most for others.
 * @param flushSize Outcomes written at once.
 * @param retention Time that finished jobs are kept.
 * @param workerName Worker that the listing shows for jobs of this process.
 * @param stopTimeout Time that running handlers get when the context stops; below
 *     spring.lifecycle.timeout-per-shutdown-phase.
 * @param migrateTimeout Time that making the tables may take.
 */
@ConfigurationProperties("reactive-sqlite.jobs")
public record JobsProperties(
    @Nullable String database,
    @Nullable Boolean autoStart,
    @Nullable Duration lease,
    @Nullable Duration pollInterval,
    @Nullable Duration flushInterval,
    @Nullable Integer flushSize,
    @Nullable Duration retention,
    @Nullable String workerName,
    @Nullable Duration stopTimeout,
    @Nullable Duration migrateTimeout) {

  /** How long running handlers get: a little less than Spring waits for a phase. */
  public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(25);

  /** How long making the tables may take. */
  public static final Duration DEFAULT_MIGRATE_TIMEOUT = Duration.ofMinutes(1);

  JobsOptions options() {
    JobsOptions options = JobsOptions.defaults();
    options = with(options, "lease", lease, JobsOptions::lease);
    options = with(options, "poll-interval", pollInterval, JobsOptions::pollInterval);
    options = with(options, "flush-interval", flushInterval, JobsOptions::flushInterval);
    options = with(options, "flush-size", flushSize, JobsOptions::flushSize);
    options = with(options, "retention", retention, JobsOptions::retention);
    return with(options, "worker-name", workerName, JobsOptions::workerName);
  }

  private static <V> JobsOptions with(
      JobsOptions options,
      String name,
      @Nullable V value,
      BiFunction<JobsOptions, V, JobsOptions> setter) {
    try {
      return value == null ? options : setter.apply(options, value);
    } catch (IllegalArgumentException refused) {
      throw invalid(name, value, String.valueOf(refused.getMessage()));
    }
  }

  private static RuntimeException invalid(String name, @Nullable Object value, String reason) {
    return new InvalidConfigurationPropertyValueException(
        "reactive-sqlite.jobs." + name, value, reason);
  }

  Duration stopTime() {
    Duration time = stopTimeout == null ? DEFAULT_STOP_TIMEOUT : stopTimeout;
    if (time.isNegative()) {
      throw invalid(
          "stop-timeout", time, "The time is not negative; zero cancels handlers at once");
    }
    return time;
  }

  Duration migrateTime() {
    Duration time = migrateTimeout == null ? DEFAULT_MIGRATE_TIMEOUT : migrateTimeout;
    if (time.isNegative() || time.isZero()) {
      throw invalid("migrate-timeout", time, "A positive time is needed");
    }
    return time;
  }

  boolean startsWorkers() {
    return autoStart == null || autoStart;
  }
}
