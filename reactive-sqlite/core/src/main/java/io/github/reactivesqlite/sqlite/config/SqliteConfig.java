package io.github.reactivesqlite.sqlite.config;

import io.github.reactivesqlite.RetryPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * What a database is opened with. Immutable and thread-safe; made by {@link #builder()}, changed by
 * {@link #toBuilder()}.
 *
 * <p>{@link SqliteConfigBuilder} says for each value what it does, its unit and its range; {@link
 * SqliteDefaults} has the defaults.
 */
public final class SqliteConfig {

  private static final SqliteConfig DEFAULTS = builder().build();

  private final Knobs knobs;

  SqliteConfig(Knobs knobs) {
    this.knobs = knobs.copy();
  }

  /** The defaults. */
  public static SqliteConfig ofDefaults() {
    return DEFAULTS;
  }

  /** A builder that starts from the defaults. */
  public static SqliteConfigBuilder builder() {
    return new SqliteConfigBuilder(new Knobs());
  }

  /** A builder that starts from these values. */
  public SqliteConfigBuilder toBuilder() {
    return new SqliteConfigBuilder(knobs.copy());
  }

  /**
   * The name of the database in threads, metrics, logs and errors: the configured one, or else one
   * made from the file's name without its extension, in which other characters than letters,
   * digits, '.', '_' and '-' become '_'.
   */
  public String nameFor(Path file) {
    if (knobs.name != null) {
      return knobs.name;
    }
    Path last = file.getFileName();
    String text = last == null ? "" : last.toString();
    int dot = text.lastIndexOf('.');
    String stem = (dot > 0 ? text.substring(0, dot) : text).replaceAll("[^\\p{L}\\p{N}._-]", "_");
    if (stem.isEmpty()) {
      return "database";
    }
    int end = Math.min(stem.length(), Knobs.LONGEST_NAME);
    return stem.substring(0, Character.isHighSurrogate(stem.charAt(end - 1)) ? end - 1 : end);
  }

  /** See {@link SqliteConfigBuilder#name(String)}; {@code null} if it comes from the file. */
  public @Nullable String name() {
    return knobs.name;
  }

  /** See {@link SqliteConfigBuilder#readers(int)}. */
  public int readers() {
    return knobs.readers;
  }

  /** See {@link SqliteConfigBuilder#interactiveQueueCapacity(int)}. */
  public int interactiveQueueCapacity() {
    return knobs.interactiveQueueCapacity;
  }

  /** See {@link SqliteConfigBuilder#bulkQueueCapacity(int)}. */
  public int bulkQueueCapacity() {
    return knobs.bulkQueueCapacity;
  }

  /** See {@link SqliteConfigBuilder#queueBytes(long)}. */
  public long queueBytes() {
    return knobs.queueBytes;
  }

  /** See {@link SqliteConfigBuilder#readQueueCapacity(int)}. */
  public int readQueueCapacity() {
    return knobs.readQueueCapacity;
  }

  /** See {@link SqliteConfigBuilder#reservedQueuePercent(int)}. */
  public int reservedQueuePercent() {
    return knobs.reservedQueuePercent;
  }

  /** See {@link SqliteConfigBuilder#maxGroupUnits(int)}. */
  public int maxGroupUnits() {
    return knobs.maxGroupUnits;
  }

  /** See {@link SqliteConfigBuilder#maxGroupTime(Duration)}. */
  public Duration maxGroupTime() {
    return knobs.maxGroupTime;
  }

  /** See {@link SqliteConfigBuilder#lockTimeout(Duration)}. */
  public Duration lockTimeout() {
    return knobs.lockTimeout;
  }

  /** See {@link SqliteConfigBuilder#retryPolicy(RetryPolicy)}. */
  public RetryPolicy retryPolicy() {
    return knobs.retryPolicy;
  }

  /** See {@link SqliteConfigBuilder#acquireTimeout(Duration)}. */
  public Duration acquireTimeout() {
    return knobs.acquireTimeout;
  }

  /** See {@link SqliteConfigBuilder#executionTimeout(Duration)}. */
  public Duration executionTimeout() {
    return knobs.executionTimeout;
  }

  /** See {@link SqliteConfigBuilder#transactionTimeout(Duration)}. */
  public Duration transactionTimeout() {
    return knobs.transactionTimeout;
  }

  /** See {@link SqliteConfigBuilder#commitTimeout(Duration)}. */
  public Duration commitTimeout() {
    return knobs.commitTimeout;
  }

  /** See {@link SqliteConfigBuilder#snapshotTimeout(Duration)}. */
  public Duration snapshotTimeout() {
    return knobs.snapshotTimeout;
  }

  /** See {@link SqliteConfigBuilder#closeTimeout(Duration)}. */
  public Duration closeTimeout() {
    return knobs.closeTimeout;
  }

  /** See {@link SqliteConfigBuilder#durability(Durability)}. */
  public Durability durability() {
    return knobs.durability;
  }

  /** See {@link SqliteConfigBuilder#cacheSizeKib(int)}. */
  public int cacheSizeKib() {
    return knobs.cacheSizeKib;
  }

  /** See {@link SqliteConfigBuilder#tempStore(TempStore)}. */
  public TempStore tempStore() {
    return knobs.tempStore;
  }

  /** See {@link SqliteConfigBuilder#mmapSize(long)}. */
  public long mmapSize() {
    return knobs.mmapSize;
  }

  /** See {@link SqliteConfigBuilder#pageSize(int)}. */
  public int pageSize() {
    return knobs.pageSize;
  }

  /** See {@link SqliteConfigBuilder#incrementalVacuum(boolean)}. */
  public boolean incrementalVacuum() {
    return knobs.incrementalVacuum;
  }

  /** See {@link SqliteConfigBuilder#statementCacheSize(int)}. */
  public int statementCacheSize() {
    return knobs.statementCacheSize;
  }

  /** See {@link SqliteConfigBuilder#foreignKeys(boolean)}. */
  public boolean foreignKeys() {
    return knobs.foreignKeys;
  }

  /** See {@link SqliteConfigBuilder#recursiveTriggers(boolean)}. */
  public boolean recursiveTriggers() {
    return knobs.recursiveTriggers;
  }

  /** See {@link SqliteConfigBuilder#walCheckpointFrames(int)}. */
  public int walCheckpointFrames() {
    return knobs.walCheckpointFrames;
  }

  /** See {@link SqliteConfigBuilder#walLimit(long)}. */
  public long walLimit() {
    return knobs.walLimit;
  }

  /** See {@link SqliteConfigBuilder#walHardLimit(Long)}; {@code null} if there is none. */
  public @Nullable Long walHardLimit() {
    return knobs.walHardLimit;
  }

  /** See {@link SqliteConfigBuilder#truncateInterval(Duration)}. */
  public Duration truncateInterval() {
    return knobs.truncateInterval;
  }

  /** See {@link SqliteConfigBuilder#optimizeInterval(Duration)}. */
  public Duration optimizeInterval() {
    return knobs.optimizeInterval;
  }

  /** See {@link SqliteConfigBuilder#readerIdleTimeout(Duration)}. */
  public Duration readerIdleTimeout() {
    return knobs.readerIdleTimeout;
  }

  /** See {@link SqliteConfigBuilder#readerValidationInterval(Duration)}. */
  public Duration readerValidationInterval() {
    return knobs.readerValidationInterval;
  }

  /** See {@link SqliteConfigBuilder#foreignChangePolling(Duration)}. */
  public Duration foreignChangePolling() {
    return knobs.foreignChangePolling;
  }

  /** See {@link SqliteConfigBuilder#holdWarning(Duration)}. */
  public Duration holdWarning() {
    return knobs.holdWarning;
  }

  /** See {@link SqliteConfigBuilder#slowOperation(Duration)}. */
  public Duration slowOperation() {
    return knobs.slowOperation;
  }

  /** See {@link SqliteConfigBuilder#returningRowLimit(int)}. */
  public int returningRowLimit() {
    return knobs.returningRowLimit;
  }

  /** See {@link SqliteConfigBuilder#returningBytesLimit(long)}. */
  public long returningBytesLimit() {
    return knobs.returningBytesLimit;
  }

  /** See {@link SqliteConfigBuilder#streamChunkRows(int)}. */
  public int streamChunkRows() {
    return knobs.streamChunkRows;
  }

  /** See {@link SqliteConfigBuilder#streamChunkBytes(long)}. */
  public long streamChunkBytes() {
    return knobs.streamChunkBytes;
  }

  /** See {@link SqliteConfigBuilder#maxValueBytes(int)}. */
  public int maxValueBytes() {
    return knobs.maxValueBytes;
  }

  /** See {@link SqliteConfigBuilder#maxSqlLength(int)}. */
  public int maxSqlLength() {
    return knobs.maxSqlLength;
  }

  /** See {@link SqliteConfigBuilder#meterRegistry(MeterRegistry)}. */
  public MeterRegistry meterRegistry() {
    return knobs.meterRegistry;
  }

  /** See {@link SqliteConfigBuilder#resultScheduler(Scheduler)}; {@code null} if none was set. */
  public @Nullable Scheduler resultScheduler() {
    return knobs.resultScheduler;
  }

  /** See {@link SqliteConfigBuilder#privateFiles(boolean)}. */
  public boolean privateFiles() {
    return knobs.privateFiles;
  }

  /** See {@link SqliteConfigBuilder#createDirectories(boolean)}. */
  public boolean createDirectories() {
    return knobs.createDirectories;
  }

  /** See {@link SqliteConfigBuilder#acceptVulnerableSqlite(boolean)}. */
  public boolean acceptVulnerableSqlite() {
    return knobs.acceptVulnerableSqlite;
  }
}
