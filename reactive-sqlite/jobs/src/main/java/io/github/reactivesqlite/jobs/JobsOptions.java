package io.github.reactivesqlite.jobs;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How jobs are run in this process. Immutable; every setter returns a new one. */
public final class JobsOptions {

  /** How long a job stays leased without a sign of life. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

  /** How often a worker looks without having been told of a commit. */
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(5);

  /** How long an outcome waits at most for others to be written with it. */
  public static final Duration DEFAULT_FLUSH_INTERVAL = Duration.ofMillis(5);

  /** How many outcomes are written at once. */
  public static final int DEFAULT_FLUSH_SIZE = 256;

  /** How long finished jobs are kept. */
  public static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

  private static final class Values implements Cloneable {
    private Clock clock = Clock.systemUTC();
    private LongSupplier nanoTime = System::nanoTime;
    private Scheduler scheduler = Schedulers.parallel();
    private Duration lease = DEFAULT_LEASE;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private Duration flushInterval = DEFAULT_FLUSH_INTERVAL;
    private int flushSize = DEFAULT_FLUSH_SIZE;
    private Duration retention = DEFAULT_RETENTION;
    private String workerName =
        ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 8);
    private Function<Throwable, String> errorText = ErrorText::of;
    private @Nullable MeterRegistry meterRegistry;

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("It is Cloneable", e);
      }
    }
  }

  private final Values values;

  private JobsOptions(Values values) {
    this.values = values;
  }

  /**
   * All defaults.
   *
   * @return the options
   */
  public static JobsOptions defaults() {
    return new JobsOptions(new Values());
  }

  private interface Change {
    void to(Values copy);
  }

  private JobsOptions changed(Change change) {
    Values copy = values.copy();
    change.to(copy);
    return new JobsOptions(copy);
  }

  /**
   * The wall clock that decides when a job is due, and that stored times come from. Leases,
   * timeouts and pauses do not follow it.
   *
   * @param clock default {@link Clock#systemUTC()}
   * @return new options
   */
  public JobsOptions clock(Clock clock) {
    return changed(copy -> copy.clock = Objects.requireNonNull(clock, "clock"));
  }

  JobsOptions nanoTime(LongSupplier source) {
    return changed(copy -> copy.nanoTime = source);
  }

  /**
   * Where timers run: heartbeats, polls, timeouts, flushes. Nothing blocks it.
   *
   * @param scheduler default {@link Schedulers#parallel()}
   * @return new options
   */
  public JobsOptions scheduler(Scheduler scheduler) {
    return changed(copy -> copy.scheduler = Objects.requireNonNull(scheduler, "scheduler"));
  }

  /**
   * How long a job stays leased without a sign of life of its worker, counted by whoever watches. A
   * third of it is the interval of heartbeats. Longer than any pause of the process that is to be
   * survived; shorter brings the jobs of a killed process back sooner.
   *
   * @param time at least 100 ms; default 30 s
   * @return new options
   */
  public JobsOptions lease(Duration time) {
    if (time.toMillis() < 100) {
      throw new IllegalArgumentException("A lease has at least 100 ms, not " + time);
    }
    return changed(copy -> copy.lease = time);
  }

  /**
   * How often workers look without having been told of a commit: the backstop, should a signal be
   * missing. With the database's {@code foreignChangePolling} at zero, jobs of other processes wait
   * for it.
   *
   * @param interval positive; default 5 s
   * @return new options
   */
  public JobsOptions pollInterval(Duration interval) {
    return changed(copy -> copy.pollInterval = positive(interval));
  }

  /**
   * How long an outcome waits at most for others, to be written with them.
   *
   * @param interval positive; default 5 ms
   * @return new options
   */
  public JobsOptions flushInterval(Duration interval) {
    return changed(copy -> copy.flushInterval = positive(interval));
  }

  /**
   * How many outcomes are written at once.
   *
   * @param outcomes 1 to 1,000; default 256
   * @return new options
   */
  public JobsOptions flushSize(int outcomes) {
    if (outcomes < 1 || outcomes > 1_000) {
      throw new IllegalArgumentException("1 to 1,000 outcomes, not " + outcomes);
    }
    return changed(copy -> copy.flushSize = outcomes);
  }

  /**
   * How long finished jobs are kept, by the wall clock. Running workers remove older ones every
   * hour.
   *
   * @param time positive; default 7 days
   * @return new options
   */
  public JobsOptions retention(Duration time) {
    return changed(copy -> copy.retention = positive(time));
  }

  /**
   * What the listing shows as the worker of a job.
   *
   * @param name a short text; default the process id and something random
   * @return new options
   */
  public JobsOptions workerName(String name) {
    return changed(copy -> copy.workerName = JobType.named("worker", name));
  }

  /**
   * What is stored about a failure. It is cut after 1,000 characters. The default is the class of
   * the error and its message, with what looks like a secret masked.
   *
   * @param describe gives the text; must not block
   * @return new options
   */
  public JobsOptions errorText(Function<? super Throwable, String> describe) {
    Objects.requireNonNull(describe, "describe");
    return changed(copy -> copy.errorText = error -> ErrorText.cut(describe.apply(error)));
  }

  /**
   * Where the {@code jobs.*} meters are registered.
   *
   * @param registry default none
   * @return new options
   */
  public JobsOptions meterRegistry(MeterRegistry registry) {
    return changed(copy -> copy.meterRegistry = Objects.requireNonNull(registry, "registry"));
  }

  private static Duration positive(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("A positive time is needed, not " + time);
    }
    return time;
  }

  long now() {
    return values.clock.millis();
  }

  Clock clock() {
    return values.clock;
  }

  LongSupplier nanoTime() {
    return values.nanoTime;
  }

  Scheduler scheduler() {
    return values.scheduler;
  }

  Duration lease() {
    return values.lease;
  }

  Duration pollInterval() {
    return values.pollInterval;
  }

  Duration flushInterval() {
    return values.flushInterval;
  }

  int flushSize() {
    return values.flushSize;
  }

  Duration retention() {
    return values.retention;
  }

  String workerName() {
    return values.workerName;
  }

  String errorText(Throwable error) {
    return values.errorText.apply(error);
  }

  @Nullable MeterRegistry meterRegistry() {
    return values.meterRegistry;
  }
}
