package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What workers of a queue do. Not thread-safe; {@link #start()} may be called more than once, each
 * giving workers of their own.
 */
public final class WorkersBuilder {

  /** How many handlers run at once. */
  public static final int DEFAULT_CONCURRENCY = 4;

  /** The first pause of a key's circuit breaker. */
  public static final Duration FIRST_CIRCUIT_PAUSE = Duration.ofSeconds(30);

  /** The longest pause of a key's circuit breaker. */
  public static final Duration MAX_CIRCUIT_PAUSE = Duration.ofMinutes(15);

  /** A type and what handles it. */
  record Handled<P>(JobType<P> type, JobHandler<P> handler) {
    Attempt<P> attempt(ClaimedJob job, Engine engine, KeyCircuits circuits) {
      return new Attempt<>(job, type, handler, engine, circuits);
    }
  }

  private final String queue;
  private final Engine engine;
  private final Map<String, Handled<?>> handlers = new LinkedHashMap<>();
  private int concurrency = DEFAULT_CONCURRENCY;
  private int perKey;
  private int ratePermits;
  private @Nullable Duration ratePeriod;
  private Duration firstCircuitPause = Duration.ZERO;
  private Duration maxCircuitPause = MAX_CIRCUIT_PAUSE;

  WorkersBuilder(String queue, Engine engine) {
    this.queue = queue;
    this.engine = engine;
  }

  /**
   * Handles a type. Jobs of types that no worker handles stay in the queue.
   *
   * @param type the type
   * @param handler what to do; called by several workers at once
   * @param <P> the type of the payload
   * @return this
   * @throws IllegalArgumentException if the type is handled already
   */
  public <P> WorkersBuilder handle(JobType<P> type, JobHandler<P> handler) {
    if (handlers.putIfAbsent(type.name(), new Handled<>(type, handler)) != null) {
      throw new IllegalArgumentException("Job type " + type.name() + " is handled already");
    }
    return this;
  }

  /**
   * How many handlers run at once, and how many jobs are leased at most.
   *
   * @param workers 1 to 10,000; default 4
   * @return this
   */
  public WorkersBuilder concurrency(int workers) {
    if (workers < 1 || workers > 10_000) {
      throw new IllegalArgumentException("1 to 10,000 workers, not " + workers);
    }
    concurrency = workers;
    return this;
  }

  /**
   * How many jobs with the same {@link NewJob#key} run at once, over all processes that share the
   * queue. Each claim then counts, and takes one job at a time, so it is slower.
   *
   * @param jobs at least 1; default no limit
   * @return this
   */
  public WorkersBuilder concurrencyPerKey(int jobs) {
    if (jobs < 1) {
      throw new IllegalArgumentException("At least 1 job per key is needed, not " + jobs);
    }
    perKey = jobs;
    return this;
  }

  /**
   * How many jobs these workers start at most. Permits are saved up to one period's worth.
   *
   * @param jobs at least 1
   * @param period positive
   * @return this
   */
  public WorkersBuilder rateLimit(int jobs, Duration period) {
    if (jobs < 1 || period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("At least 1 job per positive time is needed");
    }
    ratePermits = jobs;
    ratePeriod = period;
    return this;
  }

  /**
   * Leaves a key alone after a failed attempt of a job with it: 30 s, doubling with each further
   * failure to 900 s, until an attempt succeeds. Other keys are not held up.
   *
   * @return this
   */
  public WorkersBuilder circuitBreaker() {
    return circuitBreaker(FIRST_CIRCUIT_PAUSE, MAX_CIRCUIT_PAUSE);
  }

  /**
   * As {@link #circuitBreaker()}, with other pauses.
   *
   * @param first positive
   * @param max at least the first
   * @return this
   */
  public WorkersBuilder circuitBreaker(Duration first, Duration max) {
    if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException("Pauses need 0 < first <= max");
    }
    firstCircuitPause = first;
    maxCircuitPause = max;
    return this;
  }

  /**
   * Starts the workers.
   *
   * @return the running workers, to be stopped some day
   * @throws IllegalStateException if nothing is handled
   */
  public Workers start() {
    if (handlers.isEmpty()) {
      throw new IllegalStateException("Workers need a handler: handle(type, handler)");
    }
    KeyCircuits circuits =
        new KeyCircuits(firstCircuitPause, maxCircuitPause, engine.options().nanoTime());
    RateLimit rate =
        ratePeriod == null
            ? null
            : new RateLimit(ratePermits, ratePeriod, engine.options().nanoTime());
    QueueSource source = new QueueSource(queue, handlers.keySet(), perKey, circuits, rate, engine);
    Workers workers = new Workers(source, Map.copyOf(handlers), concurrency, circuits, engine);
    workers.start();
    return workers;
  }
}
