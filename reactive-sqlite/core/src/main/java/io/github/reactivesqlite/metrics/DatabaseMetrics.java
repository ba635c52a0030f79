package io.github.reactivesqlite.metrics;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.Lane;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one database counts and times, always on. The sums behind {@link #stats()} are exact, and
 * the registry's counters read those same sums. All methods are thread-safe, never block on I/O and
 * never throw because of a registry; once a label has been seen, recording allocates nothing.
 *
 * <p>Times are nanoseconds; a negative one counts as zero. A label is a constant of the program or
 * {@code null}.
 */
public final class DatabaseMetrics implements AutoCloseable {

  private final Meters meters;
  private final InstantSource clock;

  private final Sums sums = new Sums();
  private final TagValues labels = new TagValues(MeterNames.TAG_VALUE_LIMIT, MeterNames.OTHER);

  private final Map<Lane, LabelledTimers> acquiredWaits;
  private final Map<Lane, LabelledTimers> failedWaits;
  private final Map<Lane, LabelledTimers> abandonedWaits;
  private final Map<Lane, LabelledTimers> queueWaits;
  private final Map<Lane, LabelledTimers> holds;
  private final Timer commitTimer;
  private final DistributionSummary groupSizes;
  private final ConcurrentHashMap<String, Timer> completedCheckpoints = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Timer> busyCheckpoints = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, LongTaskTimer> pins = new ConcurrentHashMap<>();
  private final OperationTimers operations;

  private volatile Gauges gauges = NoGauges.INSTANCE;

  /**
   * Starts to measure a database.
   *
   * @param registry where the meters are registered
   * @param database the name of the database, a tag of every meter; if another open database of
   *     this name reports to the registry, a number is added
   */
  public DatabaseMetrics(MeterRegistry registry, String database) {
    this(registry, database, Clock.systemUTC());
  }

  /**
   * Starts to measure a database, by another clock.
   *
   * @param registry where the meters are registered
   * @param database the name of the database, a tag of every meter; if another open database of
   *     this name reports to the registry, a number is added
   * @param clock says when a lock was last met
   */
  public DatabaseMetrics(MeterRegistry registry, String database, InstantSource clock) {
    this.meters = new Meters(registry, database);
    this.clock = clock;
    sums.register(meters);
    commitTimer = meters.timer(MeterNames.WRITER_COMMIT, "COMMIT of a group");
    groupSizes =
        meters.summary(
            MeterNames.WRITER_GROUP_SIZE,
            "Units in one transaction",
            MeterNames.GROUP_SIZE_BUCKETS);
    acquiredWaits = lockWaits("acquired");
    failedWaits = lockWaits("failed");
    abandonedWaits = lockWaits("abandoned");
    queueWaits = perLane(MeterNames.WRITER_QUEUE_WAIT, "Wait of a unit for its turn");
    holds = perLane(MeterNames.WRITER_HOLD, "Time a unit held the writer");
    operations = new OperationTimers(meters, labels);
  }

  /**
   * Measures for {@link #stats()} alone.
   *
   * @param database the name of the database
   * @return metrics that no registry publishes
   */
  public static DatabaseMetrics unpublished(String database) {
    return new DatabaseMetrics(new CompositeMeterRegistry(), database);
  }

  private Map<Lane, LabelledTimers> lockWaits(String outcome) {
    return perLane(
        MeterNames.LOCK_WAIT,
        "Wait of a unit that found the write lock taken",
        MeterNames.TAG_OUTCOME,
        outcome);
  }

  private Map<Lane, LabelledTimers> perLane(String name, String description, String... tags) {
    Map<Lane, LabelledTimers> byLane = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      Tags laneTags = Tags.of(tags).and(MeterNames.TAG_LANE, tagValue(lane));
      Function<String, Timer> create =
          label ->
              meters.timer(
                  name,
                  description,
                  MeterNames.TIME_BUCKETS,
                  laneTags.and(
                      MeterNames.TAG_DATABASE, meters.database(), MeterNames.TAG_LABEL, label));
      byLane.put(lane, new LabelledTimers(labels, create));
    }
    return byLane;
  }

  private static LabelledTimers of(Map<Lane, LabelledTimers> byLane, Lane lane) {
    LabelledTimers timers = byLane.get(lane);
    if (timers == null) {
      throw new IllegalArgumentException("Unknown lane: " + lane);
    }
    return timers;
  }

  private static String tagValue(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The name that the meters carry.
   *
   * @return the name given, or with a number if it was taken
   */
  public String database() {
    return meters.database();
  }

  /**
   * Units that asked for the write lock and got it without waiting. Called when they run.
   *
   * @param units how many
   */
  public void lockAcquiredAtOnce(int units) {
    sums.lockSuccesses.add(units);
  }

  /**
   * A unit that found the write lock taken and got it in the end.
   *
   * @param label the operation's label
   * @param lane the unit's queue
   * @param waitedNanos from its first attempt to the lock
   * @param retries its attempts after the first
   */
  public void lockAcquired(@Nullable String label, Lane lane, long waitedNanos, long retries) {
    waited(of(acquiredWaits, lane), label, waitedNanos, retries);
    sums.lockSuccesses.increment();
  }

  /**
   * A unit answered with a lock error. It is to be counted by {@link #unitFailed()} too.
   *
   * @param label the operation's label
   * @param lane the unit's queue
   * @param waitedNanos from its first attempt to giving up
   * @param retries its attempts after the first
   */
  public void lockFailed(@Nullable String label, Lane lane, long waitedNanos, long retries) {
    waited(of(failedWaits, lane), label, waitedNanos, retries);
    sums.lockFailures.increment();
  }

  /**
   * A unit whose subscriber went away, or whose database was closed, while it waited for the write
   * lock: an attempt that neither succeeded nor failed.
   *
   * @param label the operation's label
   * @param lane the unit's queue
   * @param waitedNanos from its first attempt to the end
   * @param retries its attempts after the first
   */
  public void lockAbandoned(@Nullable String label, Lane lane, long waitedNanos, long retries) {
    waited(of(abandonedWaits, lane), label, waitedNanos, retries);
    sums.lockAbandoned.increment();
  }

  private void waited(
      LabelledTimers timers, @Nullable String label, long waitedNanos, long retries) {
    long nanos = Math.max(0, waitedNanos);
    sums.waitedForLock(nanos, retries, clock.instant());
    record(timers, label, nanos);
  }

  private void record(LabelledTimers timers, @Nullable String label, long nanos) {
    try {
      timers.record(label, Math.max(0, nanos));
    } catch (Throwable thrown) {
      meters.recordingFailed(thrown);
    }
  }

  /**
   * A unit's wait for its turn.
   *
   * @param label the operation's label
   * @param lane the unit's queue
   * @param nanos from queueing to its turn
   */
  public void queueWait(@Nullable String label, Lane lane, long nanos) {
    record(of(queueWaits, lane), label, nanos);
  }

  /**
   * The time that a unit or an interactive transaction held the writer, without its COMMIT.
   *
   * @param label the operation's label
   * @param lane the unit's queue
   * @param nanos the time
   */
  public void hold(@Nullable String label, Lane lane, long nanos) {
    record(of(holds, lane), label, nanos);
  }

  /**
   * A committed transaction. Its units are counted by {@link #unitsCommitted(long)}.
   *
   * @param units the units in it
   * @param commitNanos the time of its COMMIT
   */
  public void groupCommitted(int units, long commitNanos) {
    sums.commits.increment();
    try {
      groupSizes.record(units);
      commitTimer.record(Math.max(0, commitNanos), TimeUnit.NANOSECONDS);
    } catch (Throwable thrown) {
      meters.recordingFailed(thrown);
    }
  }

  /**
   * Units answered as committed.
   *
   * @param units how many
   */
  public void unitsCommitted(long units) {
    sums.committedUnits.add(units);
  }

  /** A unit answered with an error, a lock error too. */
  public void unitFailed() {
    sums.failedUnits.increment();
  }

  /** A unit cancelled before it ran. */
  public void cancelledQueued() {
    sums.cancelledQueued.increment();
  }

  /** A unit that was committed although its subscriber had gone. */
  public void cancelledAfterCommit() {
    sums.cancelledAfterCommit.increment();
  }

  /**
   * Items of batches that were dropped unwritten.
   *
   * @param items how many
   */
  public void itemsDiscarded(long items) {
    sums.discardedItems.add(items);
  }

  /** A read that completed. */
  public void readCompleted() {
    sums.completedReads.increment();
  }

  /** A read answered with an error. */
  public void readFailed() {
    sums.failedReads.increment();
  }

  /** A read cancelled by its subscriber. */
  public void readCancelled() {
    sums.cancelledReads.increment();
  }

  /** A reader replaced because it was broken. */
  public void readerReplaced() {
    sums.replacedReaders.increment();
  }

  /**
   * A checkpoint.
   *
   * @param mode its mode, such as {@code PASSIVE}
   * @param nanos the time it took
   * @param busy whether SQLite reported that it could not finish
   */
  public void checkpoint(String mode, long nanos, boolean busy) {
    ConcurrentHashMap<String, Timer> byMode = busy ? busyCheckpoints : completedCheckpoints;
    Timer timer = byMode.get(mode);
    if (timer == null) {
      timer =
          byMode.computeIfAbsent(
              mode,
              absent ->
                  meters.timer(
                      MeterNames.WAL_CHECKPOINT,
                      "Checkpoints",
                      MeterNames.TAG_MODE,
                      absent.toLowerCase(Locale.ROOT),
                      MeterNames.TAG_OUTCOME,
                      busy ? "busy" : "completed"));
    }
    try {
      timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (Throwable thrown) {
      meters.recordingFailed(thrown);
    }
  }

  /**
   * A snapshot, stream or read unit that keeps the WAL from starting over.
   *
   * @param label the operation's label
   * @return to be ended when the read ends
   */
  public WalPin pinStarted(@Nullable String label) {
    LongTaskTimer timer =
        pins.computeIfAbsent(
            labels.of(label),
            value ->
                meters.longTaskTimer(
                    MeterNames.WAL_PINS,
                    "Open reads that keep the WAL from starting over",
                    MeterNames.TAG_LABEL,
                    value));
    try {
      return new WalPin(timer.start(), meters);
    } catch (Throwable thrown) {
      meters.recordingFailed(thrown);
      return new WalPin(null, meters);
    }
  }

  /**
   * An operation as its caller saw it.
   *
   * @param operationName what it does, of few values: {@code SELECT}, {@code BATCH INSERT}
   * @param label the operation's label
   * @param nanos from subscribe to its end
   * @param errorType the simple name of the error's class, or {@code null} on success
   */
  public void operation(
      String operationName, @Nullable String label, long nanos, @Nullable String errorType) {
    try {
      operations.record(operationName, label, Math.max(0, nanos), errorType);
    } catch (Throwable thrown) {
      meters.recordingFailed(thrown);
    }
  }

  /**
   * Registers the gauges. To be called once, when the engine stands.
   *
   * @param source read until this is closed, and held strongly
   * @throws IllegalStateException if called a second time
   */
  public synchronized void bindGauges(Gauges source) {
    if (gauges != NoGauges.INSTANCE) {
      throw new IllegalStateException("The gauges of " + meters.database() + " are bound already");
    }
    gauges = source;
    for (Lane lane : Lane.values()) {
      meters.gauge(
          MeterNames.WRITER_QUEUE_DEPTH,
          "Units waiting for the writer",
          () -> source.queueDepth(lane),
          MeterNames.TAG_LANE,
          tagValue(lane));
      meters.gaugeInBytes(
          MeterNames.WRITER_QUEUE_BYTES,
          "Bytes of the units waiting for the writer",
          () -> source.queueBytes(lane),
          MeterNames.TAG_LANE,
          tagValue(lane));
    }
    meters.gauge(MeterNames.READERS_ACTIVE, "Readers at work", source::readersActive);
    meters.gauge(MeterNames.READERS_IDLE, "Readers open and free", source::readersIdle);
    meters.gauge(MeterNames.READERS_PENDING, "Reads waiting for a reader", source::readsPending);
    meters.gauge(MeterNames.WAL_FRAMES, "Frames in the WAL", source::walFrames);
    meters.gaugeInBytes(MeterNames.WAL_BYTES, "Size of the WAL file", source::walBytes);
    meters.gauge(
        MeterNames.WAL_CHECKPOINTED_FRAMES,
        "Frames of the WAL copied into the database file",
        source::walCheckpointedFrames);
  }

  /**
   * The figures so far; also after {@link #close()}.
   *
   * @return exact sums of what was recorded before the call
   */
  public DatabaseStats stats() {
    return sums.stats(gauges);
  }

  /**
   * Removes this database's meters from the registry, and no others. What is recorded later counts
   * in {@link #stats()} only. Further calls do nothing.
   */
  @Override
  public void close() {
    meters.close();
  }
}
