package io.github.reactivesqlite.benchmarks.peer;

import java.time.Duration;
import java.util.function.BiFunction;

/** Those who keep jobs, by the names that results use. */
public enum JobsPeerKind {
  /** The library's own module with its defaults, and metrics on. */
  REACTIVE_SQLITE(PeerKind.REACTIVE_SQLITE.id(), ReactiveJobs::new, Duration.ofSeconds(5)),

  /** As its documentation sets SQLite up, with the shortest interval it allows. */
  JOB_RUNR("jobrunr", JobRunrJobs::open, Duration.ofSeconds(20)),

  /** With its table for SQLite, and the threads and limits of its own benchmark. */
  DB_SCHEDULER("db-scheduler", DbSchedulerJobs::new, Duration.ofSeconds(20));

  private final String id;

  @SuppressWarnings("ImmutableEnumChecker") // captures nothing
  private final BiFunction<PeerSettings, Runnable, JobsPeer> opening;

  private final Duration patience;

  JobsPeerKind(String id, BiFunction<PeerSettings, Runnable, JobsPeer> opening, Duration patience) {
    this.id = id;
    this.opening = opening;
    this.patience = patience;
  }

  /** The name in results. */
  public String id() {
    return id;
  }

  /** Opens an existing database. */
  public JobsPeer open(PeerSettings settings, Runnable handler) {
    return opening.apply(settings, handler);
  }

  /** How long a job may wait for its start when nothing else is to be done. */
  public Duration patience() {
    return patience;
  }
}
