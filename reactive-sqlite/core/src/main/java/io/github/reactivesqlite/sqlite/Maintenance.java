package io.github.reactivesqlite.sqlite;

import io.github.reactivesqlite.sqlite.config.BackupProgress;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.IntegrityReport;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.engine.maintenance.MaintenanceOperations;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a SQLite file needs beyond reading and writing. Checkpoints, {@code optimize} and the
 * release of idle readers run by themselves, as configured; the methods are for everything else,
 * and for those who want to choose the moment.
 *
 * <p>Every method is lazy and does its work again with each subscription. Signals arrive on the
 * result scheduler. Subscribing on a thread of the engine (inside a unit or a row mapper) fails
 * with {@link IllegalStateException}; after the database was closed everything fails with {@link
 * io.github.reactivesqlite.error.DatabaseClosedException}.
 *
 * <p>What runs on the writer waits for its turn in the interactive lane and holds all writes up
 * while it runs. Cancelled before its turn, it never runs; cancelled later, it runs to its end and
 * its answer is dropped. It waits for another process's lock as a write does, by the retry policy,
 * and then fails with {@link io.github.reactivesqlite.error.DatabaseBusyException}; disk and rights
 * show as {@link io.github.reactivesqlite.error.StorageException}.
 */
public final class Maintenance {

  private final MaintenanceOperations operations;

  Maintenance(MaintenanceOperations operations) {
    this.operations = operations;
  }

  /**
   * The settings in force, read back from SQLite on the writer's connection.
   *
   * @return PRAGMAs, limits and versions
   */
  public Mono<Settings> settings() {
    return operations.settings();
  }

  /**
   * Copies the write-ahead log into the database file. PASSIVE runs beside the writer. TRUNCATE
   * does the same first; then the writer copies the rest, waits up to 50 ms for readers of the log,
   * and cuts the file to nothing.
   *
   * @param mode how far to go
   * @return what was done; {@code busy} is no error, but says that a reader, a writer or another
   *     checkpoint was in the way
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_wal_checkpoint">PRAGMA
   *     wal_checkpoint</a>
   */
  public Mono<CheckpointResult> checkpoint(CheckpointMode mode) {
    return operations.checkpoint(mode);
  }

  /**
   * The size of the write-ahead log now, read on the maintenance thread: neither writer nor readers
   * are held up.
   *
   * @return frames and bytes
   */
  public Mono<WalSize> walSize() {
    return operations.walSize();
  }

  /**
   * Refreshes the query planner's statistics where they are out of date. On the writer; usually
   * milliseconds.
   *
   * @return completes when it is done
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_optimize">PRAGMA optimize</a>
   */
  public Mono<Void> optimize() {
    return operations.optimize();
  }

  /**
   * Collects all statistics anew. On the writer, and it reads every index from end to end: {@link
   * #optimize()} is nearly always enough.
   *
   * @return completes when it is done
   * @see <a href="https://www.sqlite.org/lang_analyze.html">ANALYZE</a>
   */
  public Mono<Void> analyze() {
    return operations.analyze();
  }

  /**
   * Writes the whole database anew, without free pages. On the writer, for as long as it takes to
   * write it twice, and with free disk space of about twice its size; no execution timeout applies.
   * Reads go on.
   *
   * @return completes when it is done
   * @see <a href="https://www.sqlite.org/lang_vacuum.html">VACUUM</a>
   */
  public Mono<Void> vacuum() {
    return operations.vacuum();
  }

  /**
   * Gives free pages back to the file system, a few at a time. On the writer. Without effect unless
   * the file was created with {@code incrementalVacuum}.
   *
   * @param pages at most how many, at least 1
   * @return the pages by which the database became smaller
   * @throws IllegalArgumentException if {@code pages} is below 1
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_incremental_vacuum">PRAGMA
   *     incremental_vacuum</a>
   */
  public Mono<Long> incrementalVacuum(int pages) {
    return operations.incrementalVacuum(pages);
  }

  /**
   * Checks the whole file, on a thread and connection of its own, in one read transaction: the log
   * cannot start over meanwhile. Cancel stops it within milliseconds. One check or backup at a
   * time; another one fails with {@link IllegalStateException}. No timeout applies.
   *
   * @return what was found; problems are a result, not an error
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_integrity_check">PRAGMA
   *     integrity_check</a>
   */
  public Mono<IntegrityReport> integrityCheck() {
    return operations.integrityCheck();
  }

  /**
   * Gives memory back: closes the readers that are idle, with their caches, and frees what the
   * writer's cache does not need. Readers open again by themselves.
   *
   * @return completes when it is done
   * @see <a href="https://www.sqlite.org/pragma.html#pragma_shrink_memory">PRAGMA shrink_memory</a>
   */
  public Mono<Void> releaseIdle() {
    return operations.releaseIdle();
  }

  /**
   * Copies the database as it is when the copy begins into a new file, while reads and writes go
   * on; commits meanwhile are not in it. It runs on a thread and connection of its own. Its
   * snapshot keeps the log from starting over, so the log grows by what is written meanwhile.
   *
   * <p>The copy is written under a temporary name beside the target, readable by its owner only,
   * flushed to the disk, and then renamed: the target is either complete or not there. An existing
   * target is never replaced. After an error or cancel the temporary file is removed. Cancel stops
   * the copy after its current step; for that it takes the database's write lock for about a
   * millisecond. One backup or check at a time; another one fails with {@link
   * IllegalStateException}. No timeout applies.
   *
   * @param target a file that does not exist, in an existing directory; not the name of a log
   * @return how far it has come; a slow subscriber sees the latest state only. The last element,
   *     and only that, is {@code done}. Fails with {@link
   *     io.github.reactivesqlite.error.StorageException} if the target exists (CANNOT_OPEN), the
   *     disk is full or fails, or a right is missing
   * @see <a href="https://www.sqlite.org/backup.html">SQLite backup API</a>
   */
  public Flux<BackupProgress> backup(Path target) {
    return operations.backup(target);
  }
}
