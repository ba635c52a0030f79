package io.github.reactivesqlite.sqlite.config;

import io.github.reactivesqlite.RetryPolicy;
import java.time.Duration;

/** Every default of {@link SqliteConfig}; {@link SqliteConfigBuilder} says what each knob does. */
public final class SqliteDefaults {

  /** {@link SqliteConfigBuilder#readers(int)}: one per processor, at least 2 and at most 4. */
  public static final int READERS =
      Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));

  /** {@link SqliteConfigBuilder#interactiveQueueCapacity(int)}: 10,000 units. */
  public static final int INTERACTIVE_QUEUE_CAPACITY = 10_000;

  /** {@link SqliteConfigBuilder#bulkQueueCapacity(int)}: 256 chunks. */
  public static final int BULK_QUEUE_CAPACITY = 256;

  /** {@link SqliteConfigBuilder#queueBytes(long)}: 64 MiB. */
  public static final long QUEUE_BYTES = 64L * 1024 * 1024;

  /** {@link SqliteConfigBuilder#readQueueCapacity(int)}: 10,000 reads. */
  public static final int READ_QUEUE_CAPACITY = 10_000;

  /** {@link SqliteConfigBuilder#reservedQueuePercent(int)}: 10 percent. */
  public static final int RESERVED_QUEUE_PERCENT = 10;

  /** {@link SqliteConfigBuilder#maxGroupUnits(int)}: 1,024 units. */
  public static final int MAX_GROUP_UNITS = 1_024;

  /** {@link SqliteConfigBuilder#maxGroupTime(Duration)}: 10 ms. */
  public static final Duration MAX_GROUP_TIME = Duration.ofMillis(10);

  /** {@link SqliteConfigBuilder#lockTimeout(Duration)}: 30 s. */
  public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

  /** {@link SqliteConfigBuilder#retryPolicy(RetryPolicy)}: 1 ms doubling to 10 ms. */
  public static final RetryPolicy RETRY_POLICY = RetryPolicy.ofDefaults();

  /** {@link SqliteConfigBuilder#acquireTimeout(Duration)}: 30 s. */
  public static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

  /** {@link SqliteConfigBuilder#executionTimeout(Duration)}: 5 s. */
  public static final Duration EXECUTION_TIMEOUT = Duration.ofSeconds(5);

  /** {@link SqliteConfigBuilder#transactionTimeout(Duration)}: 5 s. */
  public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(5);

  /** {@link SqliteConfigBuilder#commitTimeout(Duration)}: 30 s. */
  public static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);

  /** {@link SqliteConfigBuilder#snapshotTimeout(Duration)}: 5 min. */
  public static final Duration SNAPSHOT_TIMEOUT = Duration.ofMinutes(5);

  /** {@link SqliteConfigBuilder#closeTimeout(Duration)}: 30 s. */
  public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** {@link SqliteConfigBuilder#durability(Durability)}: FULL. */
  public static final Durability DURABILITY = Durability.FULL;

  /** {@link SqliteConfigBuilder#cacheSizeKib(int)}: 64,000 KiB. */
  public static final int CACHE_SIZE_KIB = 64_000;

  /** {@link SqliteConfigBuilder#tempStore(TempStore)}: MEMORY. */
  public static final TempStore TEMP_STORE = TempStore.MEMORY;

  /** {@link SqliteConfigBuilder#mmapSize(long)}: 0, off. */
  public static final long MMAP_SIZE = 0;

  /** {@link SqliteConfigBuilder#pageSize(int)}: 4,096 bytes. */
  public static final int PAGE_SIZE = 4_096;

  /** {@link SqliteConfigBuilder#incrementalVacuum(boolean)}: off. */
  public static final boolean INCREMENTAL_VACUUM = false;

  /** {@link SqliteConfigBuilder#statementCacheSize(int)}: 256 statements. */
  public static final int STATEMENT_CACHE_SIZE = 256;

  /** {@link SqliteConfigBuilder#foreignKeys(boolean)}: on. */
  public static final boolean FOREIGN_KEYS = true;

  /** {@link SqliteConfigBuilder#recursiveTriggers(boolean)}: off. */
  public static final boolean RECURSIVE_TRIGGERS = false;

  /** {@link SqliteConfigBuilder#walCheckpointFrames(int)}: 500 frames. */
  public static final int WAL_CHECKPOINT_FRAMES = 500;

  /** {@link SqliteConfigBuilder#walLimit(long)}: 256 MiB. */
  public static final long WAL_LIMIT = 256L * 1024 * 1024;

  /** {@link SqliteConfigBuilder#truncateInterval(Duration)}: 15 min. */
  public static final Duration TRUNCATE_INTERVAL = Duration.ofMinutes(15);

  /** {@link SqliteConfigBuilder#optimizeInterval(Duration)}: 4 h. */
  public static final Duration OPTIMIZE_INTERVAL = Duration.ofHours(4);

  /** {@link SqliteConfigBuilder#readerIdleTimeout(Duration)}: 10 min. */
  public static final Duration READER_IDLE_TIMEOUT = Duration.ofMinutes(10);

  /** {@link SqliteConfigBuilder#readerValidationInterval(Duration)}: 1 min. */
  public static final Duration READER_VALIDATION_INTERVAL = Duration.ofMinutes(1);

  /** {@link SqliteConfigBuilder#foreignChangePolling(Duration)}: 5 ms. */
  public static final Duration FOREIGN_CHANGE_POLLING = Duration.ofMillis(5);

  /** {@link SqliteConfigBuilder#holdWarning(Duration)}: 1 s. */
  public static final Duration HOLD_WARNING = Duration.ofSeconds(1);

  /** {@link SqliteConfigBuilder#slowOperation(Duration)}: 1 s. */
  public static final Duration SLOW_OPERATION = Duration.ofSeconds(1);

  /** {@link SqliteConfigBuilder#returningRowLimit(int)}: 10,000 rows. */
  public static final int RETURNING_ROW_LIMIT = 10_000;

  /** {@link SqliteConfigBuilder#returningBytesLimit(long)}: 16 MiB. */
  public static final long RETURNING_BYTES_LIMIT = 16L * 1024 * 1024;

  /** {@link SqliteConfigBuilder#streamChunkRows(int)}: 256 rows. */
  public static final int STREAM_CHUNK_ROWS = 256;

  /** {@link SqliteConfigBuilder#streamChunkBytes(long)}: 256 KiB. */
  public static final long STREAM_CHUNK_BYTES = 256L * 1024;

  /** {@link SqliteConfigBuilder#maxValueBytes(int)}: 100 MB. */
  public static final int MAX_VALUE_BYTES = 100_000_000;

  /** {@link SqliteConfigBuilder#maxSqlLength(int)}: 1 MB. */
  public static final int MAX_SQL_LENGTH = 1_000_000;

  /** {@link SqliteConfigBuilder#privateFiles(boolean)}: on. */
  public static final boolean PRIVATE_FILES = true;

  /** {@link SqliteConfigBuilder#createDirectories(boolean)}: off. */
  public static final boolean CREATE_DIRECTORIES = false;

  /** {@link SqliteConfigBuilder#acceptVulnerableSqlite(boolean)}: off. */
  public static final boolean ACCEPT_VULNERABLE_SQLITE = false;

  private SqliteDefaults() {}
}
