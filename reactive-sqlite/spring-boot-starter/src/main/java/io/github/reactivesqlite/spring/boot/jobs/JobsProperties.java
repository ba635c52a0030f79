package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.jobs.JobsOptions;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How jobs are run in this process; what is not set leaves the default of the jobs module alone.
 *
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
    options = with(options, lease, JobsOptions::lease);
    options = with(options, pollInterval, JobsOptions::pollInterval);
    options = with(options, flushInterval, JobsOptions::flushInterval);
    options = with(options, flushSize, JobsOptions::flushSize);
    options = with(options, retention, JobsOptions::retention);
    return with(options, workerName, JobsOptions::workerName);
  }

  private static <V> JobsOptions with(
      JobsOptions options, @Nullable V value, BiFunction<JobsOptions, V, JobsOptions> setter) {
    return value == null ? options : setter.apply(options, value);
  }

  Duration stopTime() {
    return stopTimeout == null ? DEFAULT_STOP_TIMEOUT : stopTimeout;
  }

  Duration migrateTime() {
    return migrateTimeout == null ? DEFAULT_MIGRATE_TIMEOUT : migrateTimeout;
  }

  boolean startsWorkers() {
    return autoStart == null || autoStart;
  }
}
