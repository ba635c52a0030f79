package io.github.reactivesqlite.metrics;

import java.time.Duration;
import java.util.List;

/**
 * Every Micrometer meter and tag key of a database. All meters but {@link #OPERATION} carry {@link
 * #TAG_DATABASE}. No tag ever holds SQL or a bound value. {@code docs/metrics.md} has them in a
 * table.
 */
public final class MeterNames {

  /** Counter: units that asked for the file's write lock. */
  public static final String LOCK_ATTEMPTS = "sqlite.lock.attempts";

  /** Counter: units that got the write lock. */
  public static final String LOCK_SUCCESSES = "sqlite.lock.successes";

  /** Counter: units answered with a lock error. */
  public static final String LOCK_FAILURES = "sqlite.lock.failures";

  /** Counter: repeated tries for the write lock, added when a unit's wait has ended. */
  public static final String LOCK_RETRIES = "sqlite.lock.retries";

  /**
   * Timer: the waits of units that found the write lock taken. Tags {@link #TAG_LABEL}, {@link
   * #TAG_LANE}, {@link #TAG_OUTCOME} ({@code acquired}, {@code failed} or {@code abandoned}).
   */
  public static final String LOCK_WAIT = "sqlite.lock.wait";

  /** Gauge in seconds: the longest wait of one unit since the database was opened. */
  public static final String LOCK_WAIT_GREATEST = "sqlite.lock.wait.greatest";

  /** Gauge in seconds since 1970: when a wait for the lock last ended; NaN until one did. */
  public static final String LOCK_LAST_EVENT = "sqlite.lock.last.event";

  /** Counter: units answered as committed. */
  public static final String WRITER_COMMITTED = "sqlite.writer.committed";

  /** Counter: units answered with an error. */
  public static final String WRITER_FAILED = "sqlite.writer.failed";

  /**
   * Counter: units whose subscriber went away. Tag {@link #TAG_STAGE}: {@code queued} (it never
   * ran) or {@code after_commit}.
   */
  public static final String WRITER_CANCELLED = "sqlite.writer.cancelled";

  /** Counter: items of batches that were dropped unwritten. */
  public static final String WRITER_DISCARDED = "sqlite.writer.discarded";

  /** Counter: transactions committed. */
  public static final String WRITER_COMMITS = "sqlite.writer.commits";

  /** Timer: the COMMIT of a group or of an interactive transaction. */
  public static final String WRITER_COMMIT = "sqlite.writer.commit";

  /** Distribution summary: units in one transaction. */
  public static final String WRITER_GROUP_SIZE = "sqlite.writer.group.size";

  /** Timer: from queueing a unit to its turn. Tags {@link #TAG_LABEL}, {@link #TAG_LANE}. */
  public static final String WRITER_QUEUE_WAIT = "sqlite.writer.queue.wait";

  /**
   * Timer: how long a unit or an interactive transaction held the writer, without its COMMIT. Tags
   * {@link #TAG_LABEL}, {@link #TAG_LANE}.
   */
  public static final String WRITER_HOLD = "sqlite.writer.hold";

  /** Gauge: units waiting for the writer. Tag {@link #TAG_LANE}. */
  public static final String WRITER_QUEUE_DEPTH = "sqlite.writer.queue.depth";

  /** Gauge in bytes: the values of the units waiting for the writer. Tag {@link #TAG_LANE}. */
  public static final String WRITER_QUEUE_BYTES = "sqlite.writer.queue.bytes";

  /** Counter: reads that completed. */
  public static final String READS_COMPLETED = "sqlite.reads.completed";

  /** Counter: reads answered with an error. */
  public static final String READS_FAILED = "sqlite.reads.failed";

  /** Counter: reads cancelled by their subscriber. */
  public static final String READS_CANCELLED = "sqlite.reads.cancelled";

  /** Gauge: readers at work, with those that streams and snapshots hold. */
  public static final String READERS_ACTIVE = "sqlite.readers.active";

  /** Gauge: readers open and free. */
  public static final String READERS_IDLE = "sqlite.readers.idle";

  /** Gauge: reads waiting for a reader. */
  public static final String READERS_PENDING = "sqlite.readers.pending";

  /** Counter: readers replaced because they were broken. */
  public static final String READERS_REPLACED = "sqlite.readers.replaced";

  /** Gauge: frames in the WAL. */
  public static final String WAL_FRAMES = "sqlite.wal.frames";

  /** Gauge: frames of the WAL that have been copied into the database file. */
  public static final String WAL_CHECKPOINTED_FRAMES = "sqlite.wal.checkpointed.frames";

  /** Gauge in bytes: the size of the WAL file. */
  public static final String WAL_BYTES = "sqlite.wal.bytes";

  /**
   * Long task timer: open reads that keep the WAL from starting over; its maximum is the age of the
   * oldest. Tag {@link #TAG_LABEL}.
   */
  public static final String WAL_PINS = "sqlite.wal.pins";

  /**
   * Timer: checkpoints. Tags {@link #TAG_MODE}, {@link #TAG_OUTCOME} ({@code completed} or {@code
   * busy}).
   */
  public static final String WAL_CHECKPOINT = "sqlite.wal.checkpoint";

  /**
   * Timer: an operation as its caller sees it, as OpenTelemetry names it, with the tags {@link
   * #TAG_SYSTEM}, {@link #TAG_NAMESPACE}, {@link #TAG_OPERATION}, {@link #TAG_ERROR_TYPE}, {@link
   * #TAG_LABEL}. See <a
   * href="https://opentelemetry.io/docs/specs/semconv/db/database-metrics/">database metrics</a>.
   */
  public static final String OPERATION = "db.client.operation.duration";

  /** Tag: the name of the database. */
  public static final String TAG_DATABASE = "database";

  /** Tag: the label of the operation, {@link #NONE} without one, or {@link #OTHER}. */
  public static final String TAG_LABEL = "label";

  /** Tag: the queue of the unit, {@code interactive} or {@code bulk}. */
  public static final String TAG_LANE = "lane";

  /** Tag: how a wait or a checkpoint ended. */
  public static final String TAG_OUTCOME = "outcome";

  /** Tag: where a cancelled unit was. */
  public static final String TAG_STAGE = "stage";

  /** Tag: the mode of a checkpoint in lower case, such as {@code passive}. */
  public static final String TAG_MODE = "mode";

  /** Tag of {@link #OPERATION}: always {@code sqlite}. */
  public static final String TAG_SYSTEM = "db.system.name";

  /** Tag of {@link #OPERATION}: the name of the database. */
  public static final String TAG_NAMESPACE = "db.namespace";

  /** Tag of {@link #OPERATION}: the kind of operation, such as {@code SELECT}. */
  public static final String TAG_OPERATION = "db.operation.name";

  /**
   * Tag of {@link #OPERATION}: the type of the error, {@link #NONE} on success, or {@link
   * #OTHER_ERROR}.
   */
  public static final String TAG_ERROR_TYPE = "error.type";

  /** The tag value where there is nothing to say. */
  public static final String NONE = "none";

  /** The tag value of every label and operation beyond the first {@value #TAG_VALUE_LIMIT}. */
  public static final String OTHER = "other";

  /** The value of {@link #TAG_ERROR_TYPE} beyond the first {@value #TAG_VALUE_LIMIT} types. */
  public static final String OTHER_ERROR = "_OTHER";

  /** How many distinct labels, operation names and error types get a tag value of their own. */
  public static final int TAG_VALUE_LIMIT = 100;

  /** The histogram buckets of {@link #OPERATION}, those that OpenTelemetry recommends. */
  public static final List<Duration> OPERATION_BUCKETS =
      List.of(
          Duration.ofMillis(1),
          Duration.ofMillis(5),
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10));

  /** The histogram buckets of all other timers; every alert threshold is one of them. */
  public static final List<Duration> TIME_BUCKETS =
      List.of(
          Duration.ofNanos(100_000),
          Duration.ofMillis(1),
          Duration.ofMillis(5),
          Duration.ofMillis(10),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));

  /** The histogram buckets of {@link #WRITER_GROUP_SIZE}. */
  public static final List<Double> GROUP_SIZE_BUCKETS =
      List.of(1.0, 4.0, 16.0, 64.0, 256.0, 1024.0);

  private MeterNames() {}
}
