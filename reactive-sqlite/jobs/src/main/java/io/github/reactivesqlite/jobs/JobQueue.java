package io.github.reactivesqlite.jobs;

import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/** A queue by its name. It exists by being used. Everything is lazy. */
public final class JobQueue {

  /** How long a pause that somebody holds lasts at most. */
  public static final Duration DEFAULT_SAFETY_TIME = Duration.ofSeconds(60);

  private final String name;
  private final Engine engine;
  private final Pauses pauses;
  private final JobListing listing;

  JobQueue(String name, Engine engine, Pauses pauses, JobListing listing) {
    this.name = name;
    this.engine = engine;
    this.pauses = pauses;
    this.listing = listing;
  }

  /**
   * Its name.
   *
   * @return as in the table
   */
  public String name() {
    return name;
  }

  /**
   * Workers for this queue in this process.
   *
   * @return a builder
   */
  public WorkersBuilder workers() {
    return new WorkersBuilder(name, engine);
  }

  /**
   * Starts no more jobs of this queue, in any process, until {@link #resume()}. Survives restarts;
   * jobs that run go on.
   *
   * @return completes when it is durable
   */
  public Mono<Void> pause() {
    return pauses.pause(name);
  }

  /**
   * Ends the pause by {@link #pause()}; pauses that somebody holds stay. Workers of other processes
   * go on when they see the commit.
   *
   * @return completes when it is durable
   */
  public Mono<Void> resume() {
    return pauses.resume(name);
  }

  /**
   * Whether jobs of this queue are held back.
   *
   * @return true while there is a pause of either kind
   */
  public Mono<Boolean> isPaused() {
    return pauses.isPaused(name);
  }

  /**
   * Runs something while the queue is paused, with a safety time of 60 s.
   *
   * @param work what runs
   * @param <T> the type of its result
   * @return its result
   * @see #pausedWhile(Mono, Duration)
   */
  public <T> Mono<T> pausedWhile(Mono<T> work) {
    return pausedWhile(work, DEFAULT_SAFETY_TIME);
  }

  /**
   * Runs something while the queue is paused. Several such pauses count: the queue goes on when the
   * last is released. It is released on completion, error and cancel, and after the safety time in
   * any case, even if this process is gone (then by the workers that watch). Jobs that were running
   * go on; the work is not stopped when the safety time is over.
   *
   * @param work what runs
   * @param safetyTime how long the pause lasts at most
   * @param <T> the type of its result
   * @return its result, after the pause is released
   */
  public <T> Mono<T> pausedWhile(Mono<T> work, Duration safetyTime) {
    if (safetyTime.isNegative() || safetyTime.isZero()) {
      throw new IllegalArgumentException("A positive time is needed, not " + safetyTime);
    }
    return pauses.during(name, work, safetyTime);
  }

  /**
   * How many jobs there are.
   *
   * @return a number for every state
   */
  public Mono<Map<JobState, Long>> counts() {
    return listing.counts(name);
  }
}
