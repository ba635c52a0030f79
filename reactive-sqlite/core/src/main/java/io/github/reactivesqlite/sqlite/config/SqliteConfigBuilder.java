package io.github.reactivesqlite.sqlite.config;

import io.github.reactivesqlite.RetryPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Builds a {@link SqliteConfig}. Not thread-safe. A setter takes any value; {@link #build()} checks
 * them all.
 */
public final class SqliteConfigBuilder {

  private final Knobs knobs;

  SqliteConfigBuilder(Knobs knobs) {
    this.knobs = knobs;
  }

  /**
   * Makes the configuration. The builder may be used again.
   *
   * @throws IllegalArgumentException if values are out of range; it names all of them
   */
  public SqliteConfig build() {
    List<String> violations = knobs.violations();
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(
          "The configuration of the database is not valid: " + String.join("; ", violations) + ".");
    }
    return new SqliteConfig(knobs);
  }

  /**
   * Names the database in threads, metrics, logs and errors. Default: the file's name without its
   * extension. From 1 to 64 letters, digits, '.', '_' and '-'.
   */
  public SqliteConfigBuilder name(String newName) {
    knobs.name = Objects.requireNonNull(newName, "name");
    return this;
  }

  /**
   * Connections for reading, each with a thread and a cache of its own; at least 2, as streams and
   * snapshots never take the last one. Default: one per processor, at least 2 and at most 4. More
   * help only when reads wait for the disk.
   */
  public SqliteConfigBuilder readers(int connections) {
    knobs.readers = connections;
    return this;
  }

  /**
   * Units that may wait for the writer in the interactive lane; the next one fails with {@link
   * io.github.reactivesqlite.error.WriteQueueFullException}. At least 1. Default 10,000: what the
   * writer clears well within a second, so that a longer queue would only hide an overload.
   */
  public SqliteConfigBuilder interactiveQueueCapacity(int units) {
    knobs.interactiveQueueCapacity = units;
    return this;
  }

  /**
   * Chunks that may wait for the writer in the bulk lane. Sources of batches are held back instead
   * of failing when it is full. At least 1. Default 256.
   */
  public SqliteConfigBuilder bulkQueueCapacity(int chunks) {
    knobs.bulkQueueCapacity = chunks;
    return this;
  }

  /**
   * Bytes of bound values that may wait for the writer, over both lanes; an estimate, which bounds
   * the heap when values are large. At least 1. Default 64 MiB.
   */
  public SqliteConfigBuilder queueBytes(long bytes) {
    knobs.queueBytes = bytes;
    return this;
  }

  /**
   * Reads that may wait for a reader; the next one fails with {@link
   * io.github.reactivesqlite.error.ReadQueueFullException}. At least 1. Default 10,000.
   */
  public SqliteConfigBuilder readQueueCapacity(int reads) {
    knobs.readQueueCapacity = reads;
    return this;
  }

  /**
   * Part of the interactive lane that only operations with reserved room may use, so that
   * acknowledgements still find room under overload. From 0 to 90. Default 10.
   */
  public SqliteConfigBuilder reservedQueuePercent(int percent) {
    knobs.reservedQueuePercent = percent;
    return this;
  }

  /**
   * Units that one transaction of the writer takes at most. At least 1; 1 turns group commit off.
   * Default 1,024.
   */
  public SqliteConfigBuilder maxGroupUnits(int units) {
    knobs.maxGroupUnits = units;
    return this;
  }

  /**
   * Time after which the writer commits a group although more units wait, so that the first ones
   * are not held up by the last. Positive. Default 10 ms.
   */
  public SqliteConfigBuilder maxGroupTime(Duration time) {
    knobs.maxGroupTime = Objects.requireNonNull(time, "maxGroupTime");
    return this;
  }

  /**
   * How long a unit waits for the lock of another process before it fails with {@link
   * io.github.reactivesqlite.error.DatabaseBusyException}. Opening waits as long. Positive. Default
   * 30 s.
   */
  public SqliteConfigBuilder lockTimeout(Duration time) {
    knobs.lockTimeout = Objects.requireNonNull(time, "lockTimeout");
    return this;
  }

  /**
   * Pauses between two attempts to get the lock of another process. Default {@link
   * RetryPolicy#ofDefaults()}: 1 ms doubling to 10 ms, which shares the file fairly among
   * saturating writers; longer pauses starve the loser.
   */
  public SqliteConfigBuilder retryPolicy(RetryPolicy policy) {
    knobs.retryPolicy = Objects.requireNonNull(policy, "retryPolicy");
    return this;
  }

  /**
   * How long an operation waits in a queue for its turn before it fails with {@link
   * io.github.reactivesqlite.error.AcquireTimeoutException}. Positive. Default 30 s.
   */
  public SqliteConfigBuilder acquireTimeout(Duration time) {
    knobs.acquireTimeout = Objects.requireNonNull(time, "acquireTimeout");
    return this;
  }

  /**
   * How long one operation, a chunk of a batch too, may be at work on its reader (row mapping
   * included) or on the writer before it is stopped with {@link
   * io.github.reactivesqlite.error.QueryTimeoutException}; time in queues and in subscribers does
   * not count. Positive. Default 5 s.
   */
  public SqliteConfigBuilder executionTimeout(Duration time) {
    knobs.executionTimeout = Objects.requireNonNull(time, "executionTimeout");
    return this;
  }

  /**
   * How long an interactive transaction may stay open before it is rolled back with {@link
   * io.github.reactivesqlite.error.TransactionTimeoutException}; all other writes wait meanwhile.
   * Positive. Default 5 s.
   */
  public SqliteConfigBuilder transactionTimeout(Duration time) {
    knobs.transactionTimeout = Objects.requireNonNull(time, "transactionTimeout");
    return this;
  }

  /**
   * How long a COMMIT may take before its callers are told {@link
   * io.github.reactivesqlite.error.CommitOutcomeUnknownException}. Positive. Default 30 s, as a
   * stalled disk often comes back.
   */
  public SqliteConfigBuilder commitTimeout(Duration time) {
    knobs.commitTimeout = Objects.requireNonNull(time, "commitTimeout");
    return this;
  }

  /**
   * How long a snapshot, a stream or a read unit may stay open before it ends with {@link
   * io.github.reactivesqlite.error.SnapshotTimeoutException}; the log cannot shrink meanwhile.
   * Positive. Default 5 min.
   */
  public SqliteConfigBuilder snapshotTimeout(Duration time) {
    knobs.snapshotTimeout = Objects.requireNonNull(time, "snapshotTimeout");
    return this;
  }

  /**
   * How long closing waits for queued and running work before it stops it. Positive. Default 30 s.
   */
  public SqliteConfigBuilder closeTimeout(Duration time) {
    knobs.closeTimeout = Objects.requireNonNull(time, "closeTimeout");
    return this;
  }

  /** What an acknowledged write survives. Default {@link Durability#FULL}. */
  public SqliteConfigBuilder durability(Durability level) {
    knobs.durability = Objects.requireNonNull(level, "durability");
    return this;
  }

  /**
   * Page cache of the writer and of each reader, in KiB; filled only as pages are used. At least 1.
   * Default 64,000, against 2,000 of SQLite itself.
   *
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_cache_size">PRAGMA cache_size</a>
   */
  public SqliteConfigBuilder cacheSizeKib(int kib) {
    knobs.cacheSizeKib = kib;
    return this;
  }

  /** Where temporary tables and sorts live. Default {@link TempStore#MEMORY}. */
  public SqliteConfigBuilder tempStore(TempStore store) {
    knobs.tempStore = Objects.requireNonNull(store, "tempStore");
    return this;
  }

  /**
   * Bytes of the file that are read through a memory map. 0 or more. Default 0, off: when somebody
   * truncates a mapped file, the process dies instead of getting an error.
   *
   * @see <a href="https://www.sqlite.org/mmap.html">Memory-mapped I/O</a>
   */
  public SqliteConfigBuilder mmapSize(long bytes) {
    knobs.mmapSize = bytes;
    return this;
  }

  /**
   * Page size of a file that is still empty; an existing file keeps its own. A power of two from
   * 512 to 65,536. Default 4,096, the page size of most disks.
   *
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_page_size">PRAGMA page_size</a>
   */
  public SqliteConfigBuilder pageSize(int bytes) {
    knobs.pageSize = bytes;
    return this;
  }

  /**
   * Whether a file that is still empty is laid out so that incremental vacuum can shrink it later;
   * an existing file stays as it is. Costs a little on each allocation of a page. Default off.
   *
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_auto_vacuum">PRAGMA auto_vacuum</a>
   */
  public SqliteConfigBuilder incrementalVacuum(boolean on) {
    knobs.incrementalVacuum = on;
    return this;
  }

  /** Compiled statements kept for each connection. At least 1. Default 256. */
  public SqliteConfigBuilder statementCacheSize(int statements) {
    knobs.statementCacheSize = statements;
    return this;
  }

  /**
   * Whether foreign keys are enforced. Default on, unlike SQLite itself.
   *
   * @see <a href="https://www.sqlite.org/foreignkeys.html">Foreign keys</a>
   */
  public SqliteConfigBuilder foreignKeys(boolean on) {
    knobs.foreignKeys = on;
    return this;
  }

  /**
   * Whether triggers may fire themselves, and REPLACE fires the delete triggers. Default off, as in
   * SQLite.
   *
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_recursive_triggers">PRAGMA
   *     recursive_triggers</a>
   */
  public SqliteConfigBuilder recursiveTriggers(boolean on) {
    knobs.recursiveTriggers = on;
    return this;
  }

  /**
   * Frames (pages) in the write-ahead log from which the maintenance thread starts to copy them
   * into the file. At least 1. Default 500, about 2 MB.
   *
   * @see <a href="https://www.sqlite.org/wal.html#ckpt">Checkpointing</a>
   */
  public SqliteConfigBuilder walCheckpointFrames(int frames) {
    knobs.walCheckpointFrames = frames;
    return this;
  }

  /**
   * Size of the write-ahead log above which snapshots that keep it from shrinking are ended with
   * {@link io.github.reactivesqlite.error.SnapshotTimeoutException}, and to which its file is cut
   * after it was larger. At least {@code walCheckpointFrames × pageSize}. Default 256 MiB.
   */
  public SqliteConfigBuilder walLimit(long bytes) {
    knobs.walLimit = bytes;
    return this;
  }

  /**
   * Size of the write-ahead log above which writes fail with {@link
   * io.github.reactivesqlite.error.StorageException}, to save the disk. At least the WAL limit.
   * Default {@code null}: none.
   */
  public SqliteConfigBuilder walHardLimit(@Nullable Long bytes) {
    knobs.walHardLimit = bytes;
    return this;
  }

  /**
   * How often the writer, when idle, cuts the write-ahead log to nothing. Zero turns it off.
   * Default 15 min.
   */
  public SqliteConfigBuilder truncateInterval(Duration interval) {
    knobs.truncateInterval = Objects.requireNonNull(interval, "truncateInterval");
    return this;
  }

  /**
   * How often {@code PRAGMA optimize} refreshes the statistics of the query planner; closing does
   * it too. Zero turns it off. Default 4 h.
   *
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_optimize">PRAGMA optimize</a>
   */
  public SqliteConfigBuilder optimizeInterval(Duration interval) {
    knobs.optimizeInterval = Objects.requireNonNull(interval, "optimizeInterval");
    return this;
  }

  /**
   * How long a reader may be idle before its cache and statements are given back. Zero keeps them
   * for ever. Default 10 min.
   */
  public SqliteConfigBuilder readerIdleTimeout(Duration time) {
    knobs.readerIdleTimeout = Objects.requireNonNull(time, "readerIdleTimeout");
    return this;
  }

  /** How often an idle reader is checked. Zero turns it off. Default 1 min. */
  public SqliteConfigBuilder readerValidationInterval(Duration interval) {
    knobs.readerValidationInterval = Objects.requireNonNull(interval, "readerValidationInterval");
    return this;
  }

  /**
   * How often {@code PRAGMA data_version} is read for the commits of other processes, between two
   * groups of the writer, while somebody listens to changes or a live query; at no other time. One
   * look takes a few microseconds. Zero turns it off: then only commits of this process are seen.
   * Default 5 ms.
   *
   * @see <a href="https://sqlite.org/pragma.html#pragma_data_version">pragma data_version</a>
   */
  public SqliteConfigBuilder foreignChangePolling(Duration interval) {
    knobs.foreignChangePolling = Objects.requireNonNull(interval, "foreignChangePolling");
    return this;
  }

  /**
   * From how long on a unit that holds the writer up is logged with its label. Zero turns it off.
   * Default 1 s.
   */
  public SqliteConfigBuilder holdWarning(Duration time) {
    knobs.holdWarning = Objects.requireNonNull(time, "holdWarning");
    return this;
  }

  /**
   * From how long on, between its subscription and its answer, a write is logged as slow. Zero
   * turns it off. Default 1 s.
   */
  public SqliteConfigBuilder slowOperation(Duration time) {
    knobs.slowOperation = Objects.requireNonNull(time, "slowOperation");
    return this;
  }

  /**
   * Rows that a RETURNING clause, or a query in an interactive transaction, may give; they are
   * copied before COMMIT. More fail the operation, which is rolled back. At least 1. Default
   * 10,000.
   */
  public SqliteConfigBuilder returningRowLimit(int rows) {
    knobs.returningRowLimit = rows;
    return this;
  }

  /**
   * Bytes of the rows that are copied as {@link #returningRowLimit(int)} says. At least 1. Default
   * 16 MiB.
   */
  public SqliteConfigBuilder returningBytesLimit(long bytes) {
    knobs.returningBytesLimit = bytes;
    return this;
  }

  /**
   * Rows read from the file at a time. A result that ends within the first chunk leaves its reader
   * at once; a longer one is streamed as its subscriber asks. At least 1. Default 256.
   */
  public SqliteConfigBuilder streamChunkRows(int rows) {
    knobs.streamChunkRows = rows;
    return this;
  }

  /**
   * Bytes after which a chunk of rows ends before it has {@link #streamChunkRows(int)}. At least 1.
   * Default 256 KiB.
   */
  public SqliteConfigBuilder streamChunkBytes(long bytes) {
    knobs.streamChunkBytes = bytes;
    return this;
  }

  /**
   * Greatest size of a value and of a row. From 4,096 to 1,000,000,000. Default 100,000,000: SQLite
   * itself would take 1,000,000,000, which is more than most heaps.
   *
   * @see <a href="https://www.sqlite.org/limits.html">Limits</a>
   */
  public SqliteConfigBuilder maxValueBytes(int bytes) {
    knobs.maxValueBytes = bytes;
    return this;
  }

  /** Greatest length of an SQL text. From 4,096 to 1,000,000,000. Default 1,000,000. */
  public SqliteConfigBuilder maxSqlLength(int bytes) {
    knobs.maxSqlLength = bytes;
    return this;
  }

  /** Where meters are registered. Default: Micrometer's global registry. */
  public SqliteConfigBuilder meterRegistry(MeterRegistry registry) {
    knobs.meterRegistry = Objects.requireNonNull(registry, "meterRegistry");
    return this;
  }

  /**
   * Where subscribers get their signals. Its owner disposes of it, after the database is closed.
   * Default {@code null}: threads named {@code sqlite-result-N}, as many as {@code
   * Schedulers.parallel()} has, which all databases share and which refuse to block like those.
   */
  public SqliteConfigBuilder resultScheduler(@Nullable Scheduler scheduler) {
    knobs.resultScheduler = scheduler;
    return this;
  }

  /**
   * Whether a file that is created is readable and writable for its owner only; its log inherits
   * that. Default on; off leaves it to the umask. POSIX only; an existing file keeps its rights.
   */
  public SqliteConfigBuilder privateFiles(boolean on) {
    knobs.privateFiles = on;
    return this;
  }

  /**
   * Whether missing directories of the path are created. Default off, as a missing directory is
   * mostly a wrong path or a volume that is not mounted.
   */
  public SqliteConfigBuilder createDirectories(boolean on) {
    knobs.createDirectories = on;
    return this;
  }

  /**
   * Whether a version of SQLite is accepted that can corrupt the file (older than 3.51.3, and
   * 3.52). Default off: opening fails. On, a warning is logged.
   *
   * @see <a href="https://www.sqlite.org/wal.html#walresetbug">The WAL-reset bug</a>
   */
  public SqliteConfigBuilder acceptVulnerableSqlite(boolean accepted) {
    knobs.acceptVulnerableSqlite = accepted;
    return this;
  }
}
