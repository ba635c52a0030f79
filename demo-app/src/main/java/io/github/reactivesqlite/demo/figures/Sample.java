package io.github.reactivesqlite.demo.figures;

import org.jspecify.annotations.Nullable;

/**
 * The figures of one second. Rates and times are those of this second alone; depths, counts of
 * readers and sizes are those at its end.
 *
 * @param time its end, in milliseconds since 1970
 * @param writes units committed a second
 * @param commits transactions committed a second
 * @param reads reads completed a second
 * @param writeP50 median time of a write in milliseconds, as its caller saw it; null without any
 * @param writeP95 time that 95 of 100 writes stayed below
 * @param writeP99 time that 99 of 100 writes stayed below
 * @param readP50 median time of a read
 * @param readP95 time that 95 of 100 reads stayed below
 * @param readP99 time that 99 of 100 reads stayed below
 * @param turnInteractiveP95 time after which 95 of 100 units of the interactive lane had their turn
 * @param turnBulkP95 time after which 95 of 100 units of the bulk lane had theirs
 * @param queueInteractive units waiting in the interactive lane
 * @param queueBulk units waiting in the bulk lane
 * @param queueReads reads waiting for a reader
 * @param groupSize units per transaction; null without any
 * @param lockWaits units that found the file's lock taken
 * @param lockWaitMillis what they waited, together
 * @param lockRetries tries after the first
 * @param lockFailures units that never got the lock
 * @param readersActive readers at work
 * @param readersIdle readers open and free
 * @param walBytes size of the WAL file
 * @param walPending bytes in the WAL that no checkpoint has copied yet
 * @param checkpoints checkpoints a second
 * @param writerBusy part of the second that the writer ran units and COMMITs, from 0 to 1
 * @param jobs jobs by state
 */
public record Sample(
    long time,
    double writes,
    double commits,
    double reads,
    @Nullable Double writeP50,
    @Nullable Double writeP95,
    @Nullable Double writeP99,
    @Nullable Double readP50,
    @Nullable Double readP95,
    @Nullable Double readP99,
    @Nullable Double turnInteractiveP95,
    @Nullable Double turnBulkP95,
    int queueInteractive,
    int queueBulk,
    int queueReads,
    @Nullable Double groupSize,
    long lockWaits,
    double lockWaitMillis,
    long lockRetries,
    long lockFailures,
    int readersActive,
    int readersIdle,
    long walBytes,
    long walPending,
    double checkpoints,
    double writerBusy,
    JobCounts jobs) {

  /**
   * Jobs by state.
   *
   * @param waiting due, and waiting for a free worker
   * @param running leased to a worker
   * @param retrying failed or put back, and waiting for their time
   * @param completed finished well, since the last scan began
   * @param discarded given up
   */
  public record JobCounts(
      long waiting, long running, long retrying, long completed, long discarded) {

    static final JobCounts NONE = new JobCounts(0, 0, 0, 0, 0);
  }
}
