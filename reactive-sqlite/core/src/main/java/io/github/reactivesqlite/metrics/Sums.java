package io.github.reactivesqlite.metrics;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The exact sums of a database. Both its stats and the registry's counters read these, so that the
 * two cannot differ and an event is counted once.
 */
final class Sums {

  final LongAdder lockSuccesses = new LongAdder();
  final LongAdder lockFailures = new LongAdder();
  final LongAdder lockAbandoned = new LongAdder();
  final LongAdder committedUnits = new LongAdder();
  final LongAdder failedUnits = new LongAdder();
  final LongAdder commits = new LongAdder();
  final LongAdder cancelledQueued = new LongAdder();
  final LongAdder cancelledAfterCommit = new LongAdder();
  final LongAdder discardedItems = new LongAdder();
  final LongAdder completedReads = new LongAdder();
  final LongAdder failedReads = new LongAdder();
  final LongAdder cancelledReads = new LongAdder();
  final LongAdder replacedReaders = new LongAdder();

  private final LongAdder lockRetries = new LongAdder();
  private final LongAdder lockWaitNanos = new LongAdder();
  private final LongAccumulator greatestLockWaitNanos = new LongAccumulator(Math::max, 0);
  private volatile @Nullable Instant lastLockEvent;

  void waitedForLock(long nanos, long retries, Instant now) {
    lockRetries.add(retries);
    lockWaitNanos.add(nanos);
    greatestLockWaitNanos.accumulate(nanos);
    lastLockEvent = now;
  }

  void register(Meters meters) {
    registerLock(meters);
    registerWriter(meters);
    meters.counter(MeterNames.READS_COMPLETED, "Reads that completed", completedReads::sum);
    meters.counter(MeterNames.READS_FAILED, "Reads answered with an error", failedReads::sum);
    meters.counter(
        MeterNames.READS_CANCELLED, "Reads cancelled by their subscriber", cancelledReads::sum);
    meters.counter(
        MeterNames.READERS_REPLACED, "Readers replaced because broken", replacedReaders::sum);
  }

  private void registerLock(Meters meters) {
    meters.counter(
        MeterNames.LOCK_ATTEMPTS, "Units that asked for the write lock", this::lockAttempts);
    meters.counter(MeterNames.LOCK_SUCCESSES, "Units that got the write lock", lockSuccesses::sum);
    meters.counter(MeterNames.LOCK_FAILURES, "Units answered with a lock error", lockFailures::sum);
    meters.counter(MeterNames.LOCK_RETRIES, "Repeated tries for the write lock", lockRetries::sum);
    meters.gaugeInNanos(
        MeterNames.LOCK_WAIT_GREATEST,
        "Longest wait of one unit for the write lock",
        greatestLockWaitNanos::get);
    meters.gaugeInNanos(
        MeterNames.LOCK_LAST_EVENT,
        "When the write lock was last found taken",
        this::lastLockNanos);
  }

  private void registerWriter(Meters meters) {
    meters.counter(MeterNames.WRITER_COMMITTED, "Units answered as committed", committedUnits::sum);
    meters.counter(MeterNames.WRITER_FAILED, "Units answered with an error", failedUnits::sum);
    String cancelled = "Units whose subscriber went away";
    meters.counter(
        MeterNames.WRITER_CANCELLED,
        cancelled,
        cancelledQueued::sum,
        MeterNames.TAG_STAGE,
        "queued");
    meters.counter(
        MeterNames.WRITER_CANCELLED,
        cancelled,
        cancelledAfterCommit::sum,
        MeterNames.TAG_STAGE,
        "after_commit");
    meters.counter(
        MeterNames.WRITER_DISCARDED, "Items of batches dropped unwritten", discardedItems::sum);
    meters.counter(MeterNames.WRITER_COMMITS, "Transactions committed", commits::sum);
  }

  DatabaseStats stats(Gauges gauges) {
    return new DatabaseStats(lockStats(), writeStats(gauges), readStats(gauges));
  }

  private DatabaseStats.LockStats lockStats() {
    long successes = lockSuccesses.sum();
    long failures = lockFailures.sum();
    return new DatabaseStats.LockStats(
        successes + failures + lockAbandoned.sum(),
        successes,
        failures,
        lockRetries.sum(),
        Duration.ofNanos(lockWaitNanos.sum()),
        Duration.ofNanos(greatestLockWaitNanos.get()),
        Optional.ofNullable(lastLockEvent));
  }

  private DatabaseStats.WriteStats writeStats(Gauges gauges) {
    return new DatabaseStats.WriteStats(
        committedUnits.sum(),
        failedUnits.sum(),
        commits.sum(),
        cancelledQueued.sum(),
        cancelledAfterCommit.sum(),
        discardedItems.sum(),
        gauges.queueDepth(Lane.INTERACTIVE),
        gauges.queueDepth(Lane.BULK));
  }

  private DatabaseStats.ReadStats readStats(Gauges gauges) {
    return new DatabaseStats.ReadStats(
        completedReads.sum(),
        failedReads.sum(),
        cancelledReads.sum(),
        replacedReaders.sum(),
        gauges.readersActive(),
        gauges.readersIdle(),
        gauges.readsPending());
  }

  private long lockAttempts() {
    return lockSuccesses.sum() + lockFailures.sum() + lockAbandoned.sum();
  }

  private double lastLockNanos() {
    Instant last = lastLockEvent;
    return last == null ? Double.NaN : last.getEpochSecond() * 1e9 + last.getNano();
  }
}
