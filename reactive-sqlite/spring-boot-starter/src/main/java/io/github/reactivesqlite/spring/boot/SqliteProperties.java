package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.sqlite.config.Durability;
import io.github.reactivesqlite.sqlite.config.TempStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * One database. A property that is not set leaves the library's default alone; {@code
 * docs/configuration.md} says of each what it does, its range and its reason.
 *
 * @param file Database file, in an existing directory unless create-directories is set; created
 *     when it does not exist.
 * @param name Name in threads, metrics, logs and errors. By default the file's name without its
 *     extension.
 * @param schema How the tables come to be.
 * @param retryPolicy Pauses between two attempts to get the lock of another process.
 * @param readers Connections for reading. By default one per processor, at least 2 and at most 4.
 * @param interactiveQueueCapacity Units that may wait for the writer in the interactive lane.
 * @param bulkQueueCapacity Chunks that may wait for the writer in the bulk lane.
 * @param queueBytes Bytes of bound values that may wait for the writer.
 * @param readQueueCapacity Reads that may wait for a reader.
 * @param reservedQueuePercent Percent of the interactive lane kept free for acknowledgements.
 * @param maxGroupUnits Units that one transaction of the writer takes at most; 1 turns group commit
 *     off.
 * @param maxGroupTime Time after which a group is committed although more units wait.
 * @param lockTimeout Time that a unit, or opening, waits for the lock of another process.
 * @param acquireTimeout Time that an operation waits in a queue.
 * @param executionTimeout Time that one operation may be at work.
 * @param transactionTimeout Time that an interactive transaction may stay open.
 * @param commitTimeout Time that a COMMIT may take before its outcome is called unknown.
 * @param snapshotTimeout Time that a snapshot, a stream or a read unit may stay open.
 * @param closeTimeout Time that closing waits for queued and running work.
 * @param durability What an acknowledged write survives.
 * @param cacheSizeKib Page cache of the writer and of each reader, in KiB.
 * @param tempStore Where temporary tables and sorts live.
 * @param mmapSize Part of the file that is read through a memory map; 0 turns it off.
 * @param pageSize Page size of a file that is still empty.
 * @param incrementalVacuum Whether a file that is still empty can be shrunk later.
 * @param statementCacheSize Compiled statements kept for each connection.
 * @param foreignKeys Whether foreign keys are enforced.
 * @param recursiveTriggers Whether triggers may fire themselves.
 * @param walCheckpointFrames Frames in the write-ahead log from which it is copied into the file.
 * @param walLimit Size of the write-ahead log above which snapshots that pin it are ended.
 * @param walHardLimit Size of the write-ahead log above which writes are refused. By default none.
 * @param truncateInterval Interval at which the write-ahead log is cut to nothing; 0 turns it off.
 * @param optimizeInterval Interval of PRAGMA optimize; 0 turns it off.
 * @param readerIdleTimeout Time after which an idle reader gives its memory back; 0 keeps it.
 * @param readerValidationInterval Interval at which idle readers are checked; 0 turns it off.
 * @param foreignChangePolling Interval at which live queries look for commits of other processes; 0
 *     turns it off.
 * @param holdWarning Time from which on a unit that holds the writer is logged; 0 turns it off.
 * @param slowOperation Time from which on a write is logged as slow; 0 turns it off.
 * @param returningRowLimit Rows that a RETURNING clause, or a query in a transaction, may give.
 * @param returningBytesLimit Bytes of the rows that returning-row-limit counts.
 * @param streamChunkRows Rows read from the file at a time.
 * @param streamChunkBytes Bytes after which a chunk of rows ends early.
 * @param maxValueBytes Greatest size of a value and of a row.
 * @param maxSqlLength Greatest length of an SQL text.
 * @param privateFiles Whether a file that is created is readable and writable for its owner only.
 * @param createDirectories Whether missing directories of the path are created.
 * @param acceptVulnerableSqlite Whether a version of SQLite is accepted that can corrupt the file.
 */
@ConfigurationProperties("reactive-sqlite")
public record SqliteProperties(
    @Nullable String file,
    @Nullable String name,
    @NestedConfigurationProperty @Nullable SchemaProperties schema,
    @NestedConfigurationProperty @Nullable RetryProperties retryPolicy,
    @Nullable Integer readers,
    @Nullable Integer interactiveQueueCapacity,
    @Nullable Integer bulkQueueCapacity,
    @Nullable DataSize queueBytes,
    @Nullable Integer readQueueCapacity,
    @Nullable Integer reservedQueuePercent,
    @Nullable Integer maxGroupUnits,
    @Nullable Duration maxGroupTime,
    @Nullable Duration lockTimeout,
    @Nullable Duration acquireTimeout,
    @Nullable Duration executionTimeout,
    @Nullable Duration transactionTimeout,
    @Nullable Duration commitTimeout,
    @Nullable Duration snapshotTimeout,
    @Nullable Duration closeTimeout,
    @Nullable Durability durability,
    @Nullable Integer cacheSizeKib,
    @Nullable TempStore tempStore,
    @Nullable DataSize mmapSize,
    @Nullable DataSize pageSize,
    @Nullable Boolean incrementalVacuum,
    @Nullable Integer statementCacheSize,
    @Nullable Boolean foreignKeys,
    @Nullable Boolean recursiveTriggers,
    @Nullable Integer walCheckpointFrames,
    @Nullable DataSize walLimit,
    @Nullable DataSize walHardLimit,
    @Nullable Duration truncateInterval,
    @Nullable Duration optimizeInterval,
    @Nullable Duration readerIdleTimeout,
    @Nullable Duration readerValidationInterval,
    @Nullable Duration foreignChangePolling,
    @Nullable Duration holdWarning,
    @Nullable Duration slowOperation,
    @Nullable Integer returningRowLimit,
    @Nullable DataSize returningBytesLimit,
    @Nullable Integer streamChunkRows,
    @Nullable DataSize streamChunkBytes,
    @Nullable DataSize maxValueBytes,
    @Nullable DataSize maxSqlLength,
    @Nullable Boolean privateFiles,
    @Nullable Boolean createDirectories,
    @Nullable Boolean acceptVulnerableSqlite) {}
