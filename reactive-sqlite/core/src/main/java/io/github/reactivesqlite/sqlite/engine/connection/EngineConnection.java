package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * One connection, touched by its own thread only, from open to close. Transactions are driven by
 * SQL of ours; the driver's own transaction handling is switched off.
 *
 * <p>A permanent progress handler asks the current {@link StopSignal} every 1,000 steps of SQLite's
 * virtual machine: that is how statements are stopped (<a
 * href="https://sqlite.org/c3ref/progress_handler.html">sqlite.org</a>).
 */
public final class EngineConnection {

  private static final int STEPS_BETWEEN_CHECKS = 1_000;
  private static final String SAVEPOINT = "SAVEPOINT reactive_sqlite_unit";
  private static final String RELEASE = "RELEASE reactive_sqlite_unit";
  private static final String ROLLBACK_TO = "ROLLBACK TO reactive_sqlite_unit";

  private final SQLiteConnection raw;
  private final DB db;
  private final StatementCache statements;
  private final String name;
  private final TriggerTexts triggerTexts = new TriggerTexts(this);
  private final TextEncoding encoding = new TextEncoding(this);
  private StopSignal stopSignal = StopSignal.NONE;
  private long traitsGeneration;
  private @Nullable SchemaMap schemaMap;
  private long schemaMapKey;
  private @Nullable StatementWatch watch;
  private boolean closed;

  private EngineConnection(SQLiteConnection raw, int statementCacheSize, String name)
      throws SQLException {
    this.raw = raw;
    this.db = raw.getDatabase();
    this.statements = new StatementCache(statementCacheSize);
    this.name = name;
    ProgressHandler.setHandler(
        raw,
        STEPS_BETWEEN_CHECKS,
        new ProgressHandler() {
          @Override
          protected int progress() {
            return stopSignal.stopRequested() ? 1 : 0;
          }
        });
  }

  /** Opens a connection on the current thread, which owns it from now on. */
  public static EngineConnection open(
      ConnectionFactory factory, Role role, int statementCacheSize, String name) {
    try {
      return new EngineConnection(factory.open(role), statementCacheSize, name);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /**
   * Opens the writer's connection, and takes note of the log and the index that it uses, before
   * anybody else may exchange them.
   */
  public static EngineConnection openWriter(
      ConnectionFactory factory, FileGuard guard, int statementCacheSize, String name) {
    EngineConnection writer = open(factory, Role.WRITER, statementCacheSize, name);
    try {
      writer.schemaVersion();
      guard.logFiles().seenBy(writer);
      return writer;
    } catch (RuntimeException | Error failed) {
      writer.close();
      throw failed;
    }
  }

  /** The name in logs: database, role and generation. */
  public String name() {
    return name;
  }

  /** Sets who may stop the statements that run from now on. */
  public void stopSignal(StopSignal signal) {
    stopSignal = signal;
  }

  /** Whether whoever may stop the statements asks for it now. */
  public boolean isStopRequested() {
    return stopSignal.stopRequested();
  }

  /** Told of each statement of an application before it is prepared. */
  @FunctionalInterface
  public interface StatementWatch {
    /** Called on the connection's thread; does not throw. */
    void taken(EngineConnection connection, String sql);
  }

  /** Sets who is told of the statements that are taken from now on. */
  public void watchStatements(StatementWatch statementWatch) {
    watch = statementWatch;
  }

  /** A prepared statement, to be given back by {@link #release}. */
  public EngineStatement statement(String sql) {
    if (watch != null) {
      watch.taken(this, sql);
    }
    encoding.settle();
    return ownStatement(sql);
  }

  /** A statement of the engine itself, which changes no table of the application. */
  EngineStatement ownStatement(String sql) {
    EngineStatement cached = statements.take(sql);
    if (cached != null) {
      return cached;
    }
    try {
      EngineStatement fresh = prepared(sql);
      statements.add(fresh);
      return fresh;
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /** Takes a statement back and ends its run. */
  public void release(EngineStatement statement) {
    statement.reset();
    statements.release(statement);
  }

  /** Runs a statement to its end, ignoring rows. */
  public void run(String sql) {
    EngineStatement statement = ownStatement(sql);
    try {
      boolean row = statement.execute(null);
      while (row) {
        row = statement.next();
      }
    } finally {
      release(statement);
    }
  }

  /** Runs a statement that gives one integer. */
  public long longValue(String sql) {
    EngineStatement statement = ownStatement(sql);
    try {
      return statement.execute(null) ? statement.row().longValue(1) : 0;
    } finally {
      release(statement);
    }
  }

  /** Runs a statement that gives one text. */
  @Nullable String textValue(String sql) {
    EngineStatement statement = ownStatement(sql);
    try {
      return statement.execute(null) ? statement.row().stringValue(1) : null;
    } finally {
      release(statement);
    }
  }

  /** Rows changed by the last statement, without those of triggers. */
  public long changes() {
    try {
      return db.changes();
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /** Takes the write lock or fails as busy; no transaction is ever upgraded to a writing one. */
  public void beginImmediate() {
    run("BEGIN IMMEDIATE");
  }

  /** Begins a transaction whose snapshot is taken by its first read. */
  public void beginRead() {
    run("BEGIN");
  }

  /** Commits. */
  public void commit() {
    run("COMMIT");
  }

  /**
   * Commits one page, which overwrites what a failed COMMIT may have left in the log: whatever that
   * was has not happened then, and cannot come back. The header's user version is written with the
   * value it has.
   *
   * @return whether it worked; if not, no transaction is open and the outcome is still unknown
   */
  public boolean fence() {
    try {
      beginImmediate();
      long version = longValue("PRAGMA user_version");
      run("PRAGMA user_version = " + version);
      commit();
      return true;
    } catch (SqlFailure failed) {
      rollback();
      return false;
    }
  }

  /**
   * Makes sure that no transaction is open: after some errors SQLite has rolled back already.
   *
   * @return whether the connection is known to be outside a transaction now
   */
  public boolean rollback() {
    try {
      run("ROLLBACK");
      return true;
    } catch (SqlFailure refused) {
      return !isInTransaction();
    }
  }

  /** Opens the savepoint of a unit. */
  public void savepoint() {
    run(SAVEPOINT);
  }

  /** Keeps what the unit did; fails when the transaction has gone. */
  public void releaseSavepoint() {
    run(RELEASE);
  }

  /** Undoes what the unit did; fails when the transaction has gone. */
  public void rollbackToSavepoint() {
    run(ROLLBACK_TO);
    run(RELEASE);
  }

  /**
   * Asks SQLite itself whether a transaction is open: the driver's flag does not know of those that
   * SQLite ended. A BEGIN inside a transaction is refused without harm.
   */
  public boolean isInTransaction() {
    try {
      run("BEGIN");
    } catch (SqlFailure refused) {
      return true;
    }
    run("ROLLBACK");
    return false;
  }

  /** The schema's version; inside a write transaction nobody else can change it. */
  public long schemaVersion() {
    return longValue("PRAGMA schema_version");
  }

  /** What a failure of the statement would do to a transaction, by the given schema version. */
  public StatementTraits traits(EngineStatement statement, long schemaVersion) {
    long known = schemaKey(schemaVersion);
    if (!statement.knowsTraits(known)) {
      // EXPLAIN alone would not notice that another process has changed the schema
      run("SELECT 1 FROM sqlite_schema LIMIT 1");
      statement.traits(explain(statement.sql()), known);
    }
    return statement.traits();
  }

  private long schemaKey(long schemaVersion) {
    return (traitsGeneration << 32) | (schemaVersion & 0xffff_ffffL);
  }

  /**
   * Forgets what failures would do, after this connection has changed the schema or rolled a change
   * back: temporary triggers do not show in the schema's version, and a version that was rolled
   * back is given out again.
   */
  public void forgetTraits() {
    traitsGeneration++;
  }

  /** Rows changed since the connection was opened, with those of triggers and cascades. */
  public long totalChanges() {
    try {
      return db.total_changes();
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /**
   * A number that moves when another connection has committed (<a
   * href="https://sqlite.org/pragma.html#pragma_data_version">pragma data_version</a>).
   */
  public long dataVersion() {
    return longValue("PRAGMA data_version");
  }

  /**
   * The tables that a statement uses. Within one transaction, whose schema version is given.
   *
   * @throws SqlFailure if the statement cannot be prepared, or was stopped
   */
  public TableUse tableUse(String sql, long schemaVersion) {
    long key = schemaKey(schemaVersion);
    // EXPLAIN alone would not notice that another process has changed the schema
    run("SELECT 1 FROM sqlite_schema LIMIT 1");
    SchemaMap map = schemaMap;
    if (map == null || schemaMapKey != key) {
      map = SchemaMap.load(this);
      schemaMap = map;
      schemaMapKey = key;
    }
    ExplainedProgram program = program(sql);
    long compiledFor = program.schemaVersion();
    if (compiledFor != -1 && compiledFor != schemaVersion) {
      // The transaction itself has changed the schema, and may yet be rolled back
      schemaMap = null;
      return TableUse.UNKNOWN;
    }
    return map.use(program.steps());
  }

  ExplainedProgram program(String sql) {
    try (Prepared explain = new Prepared(prepared("EXPLAIN " + sql))) {
      return ExplainedProgram.read(explain.statement());
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /** All rows of a short result, each with the given number of columns. */
  List<List<@Nullable Object>> rows(String sql, int columns) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    EngineStatement statement = ownStatement(sql);
    try {
      boolean ready = statement.execute(null);
      while (ready) {
        List<@Nullable Object> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(statement.row().value(i));
        }
        rows.add(row);
        ready = statement.next();
      }
      return rows;
    } finally {
      release(statement);
    }
  }

  private StatementTraits explain(String sql) {
    try (Prepared explain = new Prepared(prepared("EXPLAIN " + sql))) {
      return ExplainedProgram.traits(explain.statement());
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  private EngineStatement prepared(String sql) throws SQLException {
    CoreStatement statement = (CoreStatement) raw.prepareStatement(sql);
    return new EngineStatement(db, statement, sql, triggerTexts, encoding);
  }

  /** A statement that is used once and not cached. */
  private record Prepared(EngineStatement statement) implements AutoCloseable {
    @Override
    public void close() {
      statement.close();
    }
  }

  /** Runs a checkpoint; outside of transactions only. */
  public CheckpointResult checkpoint(CheckpointMode mode) {
    EngineStatement statement = ownStatement("PRAGMA wal_checkpoint(" + mode.name() + ")");
    try {
      statement.execute(null);
      CursorRow row = statement.row();
      return new CheckpointResult(row.longValue(1) != 0, row.longValue(2), row.longValue(3));
    } finally {
      release(statement);
    }
  }

  /** Reads the size of the log without moving a frame. */
  public CheckpointResult walState() {
    EngineStatement statement = ownStatement("PRAGMA wal_checkpoint(NOOP)");
    try {
      statement.execute(null);
      CursorRow row = statement.row();
      return new CheckpointResult(row.longValue(1) != 0, row.longValue(2), row.longValue(3));
    } finally {
      release(statement);
    }
  }

  /** Sets how long SQLite itself waits for locks; 0 outside of short, bounded steps. */
  public void busyTimeout(int millis) {
    try {
      db.busy_timeout(millis);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /** Runs work that attaches a database inside SQLite: VACUUM copies into one. */
  public void withAttachAllowed(Runnable work) {
    try {
      ConnectionFactory.allowAttach(raw, true);
      try {
        work.run();
      } finally {
        ConnectionFactory.allowAttach(raw, false);
      }
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /** The settings it works with, read back from SQLite by the factory that opened it. */
  public Settings settings(ConnectionFactory factory) {
    try {
      return factory.settings(raw);
    } catch (SQLException e) {
      throw new SqlFailure(e);
    }
  }

  /** Forgets prepared statements, after the schema has changed. */
  public void clearStatements() {
    statements.clear();
  }

  /** The driver's connection, for the other classes of this package. */
  SQLiteConnection raw() {
    return raw;
  }

  /**
   * Leaves it open for as long as the process lives: to close it from now on does nothing. For a
   * connection that would do harm to the file when it is closed.
   *
   * @return whether it was open
   */
  public boolean keepOpen() {
    boolean wasOpen = !closed;
    closed = true;
    return wasOpen;
  }

  /**
   * Closes on the owning thread, which rolls back what is open; a second call does nothing. Errors
   * are of no use to anybody any more.
   */
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    statements.clear();
    try {
      ProgressHandler.clearHandler(raw);
      raw.close();
    } catch (SQLException ignored) {
      // the file is released with the process at the latest
    }
  }
}
