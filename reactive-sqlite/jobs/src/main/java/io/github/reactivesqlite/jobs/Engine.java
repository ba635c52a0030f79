package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.ReactiveDatabase;
import java.time.Duration;

/** What the workers of one {@link Jobs} share. */
final class Engine {

  private final JobsOptions options;
  private final JobMeters meters;
  private final ClaimStore claims;
  private final OutcomeStore outcomes;
  private final Acknowledgements acknowledgements;
  private final Leases leases;
  private final WakeUps wakeUps;
  private final ClockSteps steps;
  private final Housekeeping housekeeping;

  Engine(ReactiveDatabase db, JobsOptions options) {
    this.options = options;
    this.meters = new JobMeters(options.meterRegistry());
    this.claims = new ClaimStore(db, options.nanoTime());
    this.outcomes = new OutcomeStore(db);
    this.acknowledgements = new Acknowledgements(outcomes, options, meters);
    this.leases = new Leases(outcomes, options);
    this.wakeUps = new WakeUps(db, options, meters);
    this.steps = new ClockSteps(options);
    this.housekeeping = new Housekeeping(db, options, meters, leases, wakeUps, steps);
  }

  JobsOptions options() {
    return options;
  }

  JobMeters meters() {
    return meters;
  }

  ClaimStore claims() {
    return claims;
  }

  OutcomeStore outcomes() {
    return outcomes;
  }

  Acknowledgements acknowledgements() {
    return acknowledgements;
  }

  Leases leases() {
    return leases;
  }

  WakeUps wakeUps() {
    return wakeUps;
  }

  Housekeeping housekeeping() {
    return housekeeping;
  }

  ClockSteps steps() {
    return steps;
  }

  /** A job will be due then. */
  void dueWithin(Duration time) {
    housekeeping.dueWithin(time);
  }

  /**
   * A job whose row is committed waits so long from that time, by the wall clock: no longer than
   * that from now, wherever the clock went in between.
   */
  void waits(long fromMillis, long delayMillis) {
    steps.counted(fromMillis);
    long due = fromMillis + delayMillis - options.now();
    dueWithin(Duration.ofMillis(Math.max(0, Math.min(due, delayMillis))));
  }

  void close() {
    housekeeping.close();
    acknowledgements.close();
  }
}
