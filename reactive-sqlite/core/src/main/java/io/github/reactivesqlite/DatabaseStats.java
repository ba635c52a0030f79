package io.github.reactivesqlite;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Neutral figures of a database since it was opened. A consistent reading is not promised across
 * figures, but every sum is exact once the operations it counts have been answered.
 *
 * @param lock asking for the file's write lock
 * @param writes units and transactions
 * @param reads queries, streams and snapshots
 */
public record DatabaseStats(LockStats lock, WriteStats writes, ReadStats reads) {

  /**
   * The difference to an earlier reading, instead of a reset. Greatest values and current depths
   * are those of this reading.
   *
   * @param earlier a reading taken before this one
   * @return the figures of the time between
   */
  public DatabaseStats since(DatabaseStats earlier) {
    return new DatabaseStats(
        lock.since(earlier.lock), writes.since(earlier.writes), reads.since(earlier.reads));
  }

  /**
   * The lock figures. An attempt is one unit asking for the file's lock.
   *
   * @param attempts units that asked
   * @param successes units that got it
   * @param failures units answered with a lock error
   * @param retries repeated tries, over all units
   * @param totalWait time waited for the lock, over all units
   * @param maxWait the longest wait of one unit
   * @param lastEvent when a wait for a lock held by somebody else last ended
   */
  public record LockStats(
      long attempts,
      long successes,
      long failures,
      long retries,
      Duration totalWait,
      Duration maxWait,
      Optional<Instant> lastEvent) {

    /**
     * The mean wait per success.
     *
     * @return zero without any success
     */
    public Duration averageWait() {
      return successes == 0 ? Duration.ZERO : totalWait.dividedBy(successes);
    }

    /**
     * Failures per attempt.
     *
     * @return between 0 and 1; 0 without any attempt
     */
    public double failureRate() {
      return attempts == 0 ? 0 : (double) failures / attempts;
    }

    /**
     * Retries per attempt.
     *
     * @return 0 without any attempt
     */
    public double retryRate() {
      return attempts == 0 ? 0 : (double) retries / attempts;
    }

    LockStats since(LockStats earlier) {
      return new LockStats(
          attempts - earlier.attempts,
          successes - earlier.successes,
          failures - earlier.failures,
          retries - earlier.retries,
          totalWait.minus(earlier.totalWait),
          maxWait,
          lastEvent);
    }
  }

  /**
   * The writer's figures.
   *
   * @param committedUnits units answered as committed
   * @param failedUnits units answered with an error
   * @param commits transactions committed
   * @param cancelledQueued units cancelled before they ran
   * @param cancelledAfterCommit units committed although their subscriber had gone
   * @param discardedItems items of batches that were dropped unwritten
   * @param queuedInteractive units waiting in the interactive lane now
   * @param queuedBulk units waiting in the bulk lane now
   */
  public record WriteStats(
      long committedUnits,
      long failedUnits,
      long commits,
      long cancelledQueued,
      long cancelledAfterCommit,
      long discardedItems,
      int queuedInteractive,
      int queuedBulk) {

    WriteStats since(WriteStats earlier) {
      return new WriteStats(
          committedUnits - earlier.committedUnits,
          failedUnits - earlier.failedUnits,
          commits - earlier.commits,
          cancelledQueued - earlier.cancelledQueued,
          cancelledAfterCommit - earlier.cancelledAfterCommit,
          discardedItems - earlier.discardedItems,
          queuedInteractive,
          queuedBulk);
    }
  }

  /**
   * The readers' figures.
   *
   * @param completed reads that completed
   * @param failed reads answered with an error
   * @param cancelled reads cancelled by their subscriber
   * @param replaced readers that were replaced because they were broken
   * @param active readers at work now, with those that streams and snapshots hold
   * @param idle readers open and free now
   * @param queued reads waiting now
   */
  public record ReadStats(
      long completed,
      long failed,
      long cancelled,
      long replaced,
      int active,
      int idle,
      int queued) {

    ReadStats since(ReadStats earlier) {
      return new ReadStats(
          completed - earlier.completed,
          failed - earlier.failed,
          cancelled - earlier.cancelled,
          replaced - earlier.replaced,
          active,
          idle,
          queued);
    }
  }
}
