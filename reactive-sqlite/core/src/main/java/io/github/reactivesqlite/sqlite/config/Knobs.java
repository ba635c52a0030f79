package io.github.reactivesqlite.sqlite.config;

import io.github.reactivesqlite.RetryPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The values behind a configuration and its builder. The builder changes its own copy; the copy of
 * a configuration is never changed once it is made.
 */
final class Knobs implements Cloneable {

  static final int LONGEST_NAME = 64;

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1," + LONGEST_NAME + "}");
  private static final Duration LONGEST_TIME = Duration.ofDays(36_500);
  private static final int SMALLEST_LENGTH_LIMIT = 4_096;
  private static final int GREATEST_LENGTH_LIMIT = 1_000_000_000;

  @Nullable String name;
  int readers = SqliteDefaults.READERS;
  int interactiveQueueCapacity = SqliteDefaults.INTERACTIVE_QUEUE_CAPACITY;
  int bulkQueueCapacity = SqliteDefaults.BULK_QUEUE_CAPACITY;
  long queueBytes = SqliteDefaults.QUEUE_BYTES;
  int readQueueCapacity = SqliteDefaults.READ_QUEUE_CAPACITY;
  int reservedQueuePercent = SqliteDefaults.RESERVED_QUEUE_PERCENT;
  int maxGroupUnits = SqliteDefaults.MAX_GROUP_UNITS;
  Duration maxGroupTime = SqliteDefaults.MAX_GROUP_TIME;
  Duration lockTimeout = SqliteDefaults.LOCK_TIMEOUT;
  RetryPolicy retryPolicy = SqliteDefaults.RETRY_POLICY;
  Duration acquireTimeout = SqliteDefaults.ACQUIRE_TIMEOUT;
  Duration executionTimeout = SqliteDefaults.EXECUTION_TIMEOUT;
  Duration transactionTimeout = SqliteDefaults.TRANSACTION_TIMEOUT;
  Duration commitTimeout = SqliteDefaults.COMMIT_TIMEOUT;
  Duration snapshotTimeout = SqliteDefaults.SNAPSHOT_TIMEOUT;
  Duration closeTimeout = SqliteDefaults.CLOSE_TIMEOUT;
  Durability durability = SqliteDefaults.DURABILITY;
  int cacheSizeKib = SqliteDefaults.CACHE_SIZE_KIB;
  TempStore tempStore = SqliteDefaults.TEMP_STORE;
  long mmapSize = SqliteDefaults.MMAP_SIZE;
  int pageSize = SqliteDefaults.PAGE_SIZE;
  boolean incrementalVacuum = SqliteDefaults.INCREMENTAL_VACUUM;
  int statementCacheSize = SqliteDefaults.STATEMENT_CACHE_SIZE;
  boolean foreignKeys = SqliteDefaults.FOREIGN_KEYS;
  boolean recursiveTriggers = SqliteDefaults.RECURSIVE_TRIGGERS;
  int walCheckpointFrames = SqliteDefaults.WAL_CHECKPOINT_FRAMES;
  long walLimit = SqliteDefaults.WAL_LIMIT;
  @Nullable Long walHardLimit;
  Duration truncateInterval = SqliteDefaults.TRUNCATE_INTERVAL;
  Duration optimizeInterval = SqliteDefaults.OPTIMIZE_INTERVAL;
  Duration readerIdleTimeout = SqliteDefaults.READER_IDLE_TIMEOUT;
  Duration readerValidationInterval = SqliteDefaults.READER_VALIDATION_INTERVAL;
  Duration foreignChangePolling = SqliteDefaults.FOREIGN_CHANGE_POLLING;
  Duration holdWarning = SqliteDefaults.HOLD_WARNING;
  Duration slowOperation = SqliteDefaults.SLOW_OPERATION;
  int returningRowLimit = SqliteDefaults.RETURNING_ROW_LIMIT;
  long returningBytesLimit = SqliteDefaults.RETURNING_BYTES_LIMIT;
  int streamChunkRows = SqliteDefaults.STREAM_CHUNK_ROWS;
  long streamChunkBytes = SqliteDefaults.STREAM_CHUNK_BYTES;
  int maxValueBytes = SqliteDefaults.MAX_VALUE_BYTES;
  int maxSqlLength = SqliteDefaults.MAX_SQL_LENGTH;
  MeterRegistry meterRegistry = Metrics.globalRegistry;
  @Nullable Scheduler resultScheduler;
  boolean privateFiles = SqliteDefaults.PRIVATE_FILES;
  boolean createDirectories = SqliteDefaults.CREATE_DIRECTORIES;
  boolean acceptVulnerableSqlite = SqliteDefaults.ACCEPT_VULNERABLE_SQLITE;

  /** A copy; every value in it is immutable or shared on purpose. */
  Knobs copy() {
    try {
      return (Knobs) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything that is wrong, each with the value found; empty if nothing is. */
  List<String> violations() {
    Checks checks = new Checks();
    if (name != null && !NAME.matcher(name).matches()) {
      checks.add("name has 1 to " + LONGEST_NAME + " letters, digits, '.', '_' and '-'", name);
    }
    checks.atLeast("readers", readers, 2);
    checks.atLeast("interactiveQueueCapacity", interactiveQueueCapacity, 1);
    checks.atLeast("bulkQueueCapacity", bulkQueueCapacity, 1);
    checks.atLeast("queueBytes", queueBytes, 1);
    checks.atLeast("readQueueCapacity", readQueueCapacity, 1);
    checks.between("reservedQueuePercent", reservedQueuePercent, 0, 90);
    checks.atLeast("maxGroupUnits", maxGroupUnits, 1);
    checks.positive("maxGroupTime", maxGroupTime);
    checks.positive("lockTimeout", lockTimeout);
    checks.positive("acquireTimeout", acquireTimeout);
    checks.positive("executionTimeout", executionTimeout);
    checks.positive("transactionTimeout", transactionTimeout);
    checks.positive("commitTimeout", commitTimeout);
    checks.positive("snapshotTimeout", snapshotTimeout);
    checks.positive("closeTimeout", closeTimeout);
    checks.atLeast("cacheSizeKib", cacheSizeKib, 1);
    checks.atLeast("mmapSize", mmapSize, 0);
    if (pageSize < 512 || pageSize > 65_536 || Integer.bitCount(pageSize) != 1) {
      checks.add("pageSize is a power of two from 512 to 65536", pageSize);
    }
    checks.atLeast("statementCacheSize", statementCacheSize, 1);
    checks.atLeast("walCheckpointFrames", walCheckpointFrames, 1);
    long checkpointBytes = (long) walCheckpointFrames * pageSize;
    if (walLimit < checkpointBytes) {
      checks.add("walLimit is at least walCheckpointFrames × pageSize", walLimit);
    }
    if (walHardLimit != null && walHardLimit < walLimit) {
      checks.add("walHardLimit is at least walLimit", walHardLimit);
    }
    checks.notNegative("truncateInterval", truncateInterval);
    checks.notNegative("optimizeInterval", optimizeInterval);
    checks.notNegative("readerIdleTimeout", readerIdleTimeout);
    checks.notNegative("readerValidationInterval", readerValidationInterval);
    checks.notNegative("foreignChangePolling", foreignChangePolling);
    checks.notNegative("holdWarning", holdWarning);
    checks.notNegative("slowOperation", slowOperation);
    checks.atLeast("returningRowLimit", returningRowLimit, 1);
    checks.atLeast("returningBytesLimit", returningBytesLimit, 1);
    checks.atLeast("streamChunkRows", streamChunkRows, 1);
    checks.atLeast("streamChunkBytes", streamChunkBytes, 1);
    checks.between("maxValueBytes", maxValueBytes, SMALLEST_LENGTH_LIMIT, GREATEST_LENGTH_LIMIT);
    checks.between("maxSqlLength", maxSqlLength, SMALLEST_LENGTH_LIMIT, GREATEST_LENGTH_LIMIT);
    return checks.found;
  }

  /** Collects what is wrong. */
  private static final class Checks {

    private final List<String> found = new ArrayList<>();

    void add(String rule, Object value) {
      found.add(rule + ", not " + value);
    }

    void atLeast(String knob, long value, long least) {
      if (value < least) {
        add(knob + " is at least " + least, value);
      }
    }

    void between(String knob, long value, long least, long greatest) {
      if (value < least || value > greatest) {
        add(knob + " is from " + least + " to " + greatest, value);
      }
    }

    void positive(String knob, Duration value) {
      if (value.isZero() || value.isNegative() || value.compareTo(LONGEST_TIME) > 0) {
        add(knob + " is positive and at most 100 years", value);
      }
    }

    void notNegative(String knob, Duration value) {
      if (value.isNegative() || value.compareTo(LONGEST_TIME) > 0) {
        add(knob + " is zero (off) or positive, and at most 100 years", value);
      }
    }
  }
}
