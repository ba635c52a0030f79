package io.github.reactivesqlite.sqlite;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.ChunkUnit;
import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.ReadUnit;
import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.WriteUnit;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.Engine;
import io.github.reactivesqlite.sqlite.engine.EngineOpening;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.sql.Identifiers;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A SQLite file as a {@link ReactiveDatabase}: one writer, many readers. One per file and JVM; a
 * second open is refused. Other processes may use the same file: writes then wait for each other.
 *
 * <p>The file is in WAL mode, so it belongs on a local disk (<a
 * href="https://sqlite.org/wal.html">sqlite.org/wal.html</a>).
 */
public final class SqliteDatabase implements ReactiveDatabase {

  private final Engine engine;
  private final ReactiveDatabase root;
  private final Maintenance maintenance;

  SqliteDatabase(Engine engine, TemporaryFiles files) {
    this.engine = engine;
    this.root = engine.root();
    this.maintenance = new Maintenance(engine.maintenance());
    engine.afterClosed(files::delete);
  }

  /**
   * Opens a file with the default configuration, and creates it when it does not exist. Blocks: it
   * may wait for another process's lock; refused on a thread that must not block.
   *
   * @param file the database file, in an existing directory
   * @return the open database
   * @throws io.github.reactivesqlite.error.StorageException if the file cannot be used: the kind
   *     and the message say why and what to do
   * @throws io.github.reactivesqlite.error.DatabaseBusyException if another process keeps it locked
   * @throws IllegalArgumentException if the path cannot name a database file
   */
  public static SqliteDatabase open(Path file) {
    return builder(file).build();
  }

  /**
   * Opens a file with the default configuration without blocking the caller.
   *
   * @param file the database file, in an existing directory
   * @return the open database; lazy, each subscription opens; errors as {@link #open(Path)}.
   *     Signals arrive on the result scheduler. Whoever cancels an opening under way closes what
   *     was opened
   */
  public static Mono<SqliteDatabase> openAsync(Path file) {
    return builder(file).buildAsync();
  }

  /**
   * A database in a private temporary file, with the same semantics as any other, deleted on close.
   * There is no in-memory form: none of SQLite's keeps the promises of this class. Blocks.
   *
   * @return the open database
   */
  public static SqliteDatabase temporary() {
    TemporaryFiles files = TemporaryFiles.create();
    return new SqliteDatabaseBuilder(files.database(), files).build();
  }

  /**
   * Configures and opens a file.
   *
   * @param file the database file
   * @return a builder
   */
  public static SqliteDatabaseBuilder builder(Path file) {
    return new SqliteDatabaseBuilder(file, TemporaryFiles.NONE);
  }

  static SqliteDatabase open(Path file, SqliteConfig config, TemporaryFiles files) {
    if (Schedulers.isInNonBlockingThread()) {
      throw new IllegalStateException(
          "Opening a database can wait for locks and disks, and this thread must not block. Use"
              + " openAsync or buildAsync here");
    }
    // Bounded by lockTimeout inside; the margin is for a slow disk
    SqliteDatabase opened =
        opening(file, config, files).block(config.lockTimeout().plus(config.commitTimeout()));
    return Objects.requireNonNull(opened, "an opening gives a database or an error");
  }

  static Mono<SqliteDatabase> opening(Path file, SqliteConfig config, TemporaryFiles files) {
    return EngineOpening.open(file, config, EngineTimer.real())
        .map(engine -> new SqliteDatabase(engine, files))
        .doOnError(failed -> files.delete());
  }

  /**
   * Quotes a name for use as an identifier in SQL, for the rare case that a table or column name is
   * not known when the program is written. Values are bound, never quoted.
   *
   * @param name any text without NUL
   * @return the name in double quotes
   * @throws IllegalArgumentException if the name is empty or holds NUL or an unpaired surrogate
   */
  public static String quoteIdentifier(String name) {
    return Identifiers.quote(name);
  }

  /**
   * The database's name in logs, thread names and metrics.
   *
   * @return the name
   */
  public String name() {
    return engine.name();
  }

  /**
   * The configuration the database was opened with, limits and capacities included. What SQLite
   * itself says is in force is {@link Maintenance#settings()}.
   *
   * @return the configuration
   */
  public SqliteConfig config() {
    return engine.config();
  }

  /**
   * What SQLite needs beyond reading and writing: settings in force, checkpoints, backup, checks.
   *
   * @return the operations
   */
  public Maintenance maintenance() {
    return maintenance;
  }

  @Override
  public Query query(String sql) {
    return root.query(sql);
  }

  @Override
  public Update update(String sql) {
    return root.update(sql);
  }

  @Override
  public Batch batch(String sql) {
    return root.batch(sql);
  }

  @Override
  public <P> Flux<BatchResult> writeChunks(
      Publisher<? extends P> items, ChunkOptions<P> options, ChunkUnit<P> unit) {
    return root.writeChunks(items, options, unit);
  }

  @Override
  public Mono<Void> script(String sql) {
    return root.script(sql);
  }

  @Override
  public Mono<MigrationReport> migrate(List<Migration> migrations) {
    return root.migrate(migrations);
  }

  @Override
  public <T> Mono<T> read(ReadUnit<T> unit) {
    return root.read(unit);
  }

  @Override
  public <T> Mono<T> write(WriteUnit<T> unit) {
    return root.write(unit);
  }

  @Override
  public <T> Mono<T> withTransaction(
      Function<? super Transaction, ? extends Mono<? extends T>> work) {
    return root.withTransaction(work);
  }

  @Override
  public Mono<Transaction> begin(TransactionOptions options) {
    return root.begin(options);
  }

  @Override
  public <T> Mono<T> withSnapshot(Function<? super Snapshot, ? extends Mono<? extends T>> work) {
    return root.withSnapshot(work);
  }

  @Override
  public <T> Flux<T> withSnapshotMany(
      Function<? super Snapshot, ? extends Publisher<? extends T>> work) {
    return root.withSnapshotMany(work);
  }

  @Override
  public ReactiveDatabase with(OperationOptions options) {
    return root.with(options);
  }

  @Override
  public Flux<ChangeSet> changes(String... tables) {
    return root.changes(tables);
  }

  @Override
  public DatabaseStats stats() {
    return root.stats();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return engine.closeGracefully();
  }

  @Override
  public void close() {
    engine.close();
  }
}
