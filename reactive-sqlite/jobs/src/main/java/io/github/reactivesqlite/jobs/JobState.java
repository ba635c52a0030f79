package io.github.reactivesqlite.jobs;

import java.util.Locale;

/** Where a job is in its life. */
public enum JobState {
  /** Due, and waiting for a free worker. */
  AVAILABLE,
  /** Waiting for the time it was enqueued for, or was snoozed until. */
  SCHEDULED,
  /** Leased to a worker. */
  RUNNING,
  /** Failed, and waiting for its next attempt. */
  RETRYABLE,
  /** Finished well. */
  COMPLETED,
  /** Finished by a cancel. */
  CANCELLED,
  /** Finished by its last failure. It can be redriven. */
  DISCARDED;

  private final String stored = name().toLowerCase(Locale.ROOT);

  /** As the state is written in the table. */
  String stored() {
    return stored;
  }

  static JobState of(String stored) {
    return valueOf(stored.toUpperCase(Locale.ROOT));
  }

  /**
   * Whether nothing more will happen to the job by itself.
   *
   * @return true for completed, cancelled and discarded
   */
  public boolean isFinished() {
    return this == COMPLETED || this == CANCELLED || this == DISCARDED;
  }
}
