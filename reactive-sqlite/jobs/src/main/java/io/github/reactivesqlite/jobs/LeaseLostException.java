package io.github.reactivesqlite.jobs;

/**
 * The attempt is no longer the job's current one: its lease ran out and the job came back, or it
 * was cancelled or finished otherwise. What was to be written with the completion was not written.
 */
public final class LeaseLostException extends JobException {
  private static final long serialVersionUID = 1L;

  private final long jobId;

  LeaseLostException(long jobId, int attempt) {
    super(
        "Attempt "
            + attempt
            + " of job "
            + jobId
            + " no longer holds the job's lease, so its outcome was not recorded. Whoever holds it"
            + " now finishes it; a longer lease helps if the process was merely slow");
    this.jobId = jobId;
  }

  /**
   * Which job.
   *
   * @return its id
   */
  public long jobId() {
    return jobId;
  }
}
