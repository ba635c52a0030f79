package io.github.reactivesqlite.jobs;

import org.jspecify.annotations.Nullable;

/**
 * What is written about an attempt that still holds its lease.
 *
 * @param state the job's next state; running for a report of progress
 * @param runAt when it is due, or null to leave that
 * @param delayMillis how far from now that is, or null
 * @param counts whether the attempt counts
 * @param error why it failed, or null
 * @param progress from 0 to 1, or null
 * @param note about the progress, or null
 */
record Outcome(
    JobState state,
    @Nullable Long runAt,
    @Nullable Long delayMillis,
    boolean counts,
    @Nullable String error,
    @Nullable Double progress,
    @Nullable String note) {

  static final Outcome COMPLETED =
      new Outcome(JobState.COMPLETED, null, null, true, null, null, null);
  static final Outcome CANCELLED =
      new Outcome(JobState.CANCELLED, null, null, true, null, null, null);

  /** Back to the queue as if it had never been claimed. */
  static final Outcome HANDED_BACK =
      new Outcome(JobState.AVAILABLE, null, null, false, null, null, null);

  static Outcome retry(long runAt, long delayMillis, String error) {
    return new Outcome(JobState.RETRYABLE, runAt, delayMillis, true, error, null, null);
  }

  static Outcome discarded(String error) {
    return new Outcome(JobState.DISCARDED, null, null, true, error, null, null);
  }

  static Outcome snoozed(long runAt, long delayMillis) {
    return new Outcome(JobState.SCHEDULED, runAt, delayMillis, false, null, null, null);
  }

  static Outcome progress(double part, @Nullable String note) {
    return new Outcome(JobState.RUNNING, null, null, true, null, part, note);
  }
}
