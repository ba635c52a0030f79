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
  private final Housekeeping housekeeping;

  Engine(ReactiveDatabase db, JobsOptions options) {
    this.options = options;
    this.meters = new JobMeters(options.meterRegistry());
    this.claims = new ClaimStore(db, options.nanoTime());
    this.outcomes = new OutcomeStore(db);
    this.acknowledgements = new Acknowledgements(outcomes, options, meters);
    this.leases = new Leases(outcomes, options);
    this.wakeUps = new WakeUps(db, options, meters);
    this.housekeeping = new Housekeeping(db, options, meters, leases, wakeUps);
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

  /** A job will be due then. */
  void dueWithin(Duration time) {
    housekeeping.dueWithin(time);
  }

  void close() {
    housekeeping.close();
    acknowledgements.close();
  }
}
