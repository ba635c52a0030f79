package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.connection.TableUse;
import io.github.reactivesqlite.sqlite.engine.connection.TableUseCache;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import org.slf4j.Logger;

/**
 * Collects what the transaction under way writes, and publishes it when it is committed. A unit
 * that changed no row, or was undone, adds nothing. While nobody listens it does nothing but
 * remember that something ran unseen: whoever begins to listen before that COMMIT is told that
 * everything may have changed.
 *
 * <p>All fields belong to the writer thread.
 */
final class ChangeTracker implements EngineConnection.StatementWatch {

  private static final Logger LOG = SteadyLogger.of(ChangeTracker.class);
  private static final long NOT_KNOWN = -1;

  private final CommitFeed feed;
  private final TableUseCache uses = new TableUseCache();

  private TableSet transaction = TableSet.NONE;
  private TableSet unit = TableSet.NONE;
  private boolean unseen;
  private boolean unitChangesSchema;
  private boolean schemaTouched;
  private long totalBefore = NOT_KNOWN;
  private long schemaVersion = NOT_KNOWN;
  private long dataVersion = NOT_KNOWN;
  private Mark mark = Mark.UNSEEN;

  ChangeTracker(CommitFeed feed) {
    this.feed = feed;
  }

  /** A connection has been opened: what was known belonged to another one. */
  void watch(EngineConnection connection) {
    connection.watchStatements(this);
    uses.clear();
    boolean replaced = dataVersion != NOT_KNOWN;
    dataVersion = NOT_KNOWN;
    lookForOthers(connection);
    if (replaced) {
      publish(TableSet.ALL);
    }
  }

  /** A transaction has begun. */
  void begun() {
    transaction = TableSet.NONE;
    schemaVersion = NOT_KNOWN;
    unseen = false;
    forgetUnit();
    if (schemaTouched) {
      // A version that was rolled back is given out again
      schemaTouched = false;
      uses.clear();
    }
  }

  private void forgetUnit() {
    unit = TableSet.NONE;
    unitChangesSchema = false;
    totalBefore = NOT_KNOWN;
  }

  /** A unit, or a step of an interactive transaction, begins. */
  void unitStarted(EngineConnection connection) {
    forgetUnit();
    if (feed.isListening()) {
      totalBefore = connection.totalChanges();
    }
  }

  @Override
  public void taken(EngineConnection connection, String sql) {
    if (!feed.isListening()) {
      unseen = true;
      return;
    }
    TableUse use = use(connection, sql);
    unit = unit.union(use.writes());
    if (use.changesSchema()) {
      unitChangesSchema = true;
      schemaTouched = true;
    }
  }

  private TableUse use(EngineConnection connection, String sql) {
    try {
      if (schemaVersion == NOT_KNOWN) {
        schemaVersion = connection.schemaVersion();
      }
      TableUse known = uses.get(sql, schemaVersion);
      if (known != null && !schemaTouched) {
        return known;
      }
      TableUse found = connection.tableUse(sql, schemaVersion);
      if (!schemaTouched && !found.equals(TableUse.UNKNOWN)) {
        uses.put(sql, schemaVersion, found);
      }
      return found;
    } catch (SqlFailure failure) {
      // The statement itself meets the same, and is answered
      return TableUse.UNKNOWN;
    }
  }

  /** The unit has taken its part in the transaction. */
  void unitDone(EngineConnection connection) {
    if (unitChangesSchema) {
      transaction = TableSet.ALL;
    } else if (!unit.isEmpty()
        && (totalBefore == NOT_KNOWN || connection.totalChanges() != totalBefore)) {
      transaction = transaction.union(unit);
    }
    forgetUnit();
  }

  /** What the unit did was undone. */
  void unitUndone() {
    forgetUnit();
  }

  /** The COMMIT has returned, and perhaps it took effect. */
  void committed() {
    publish(unseen ? TableSet.ALL : transaction);
    transaction = TableSet.NONE;
    unseen = false;
  }

  private void publish(TableSet tables) {
    if (!tables.isEmpty() && feed.isListening()) {
      try {
        feed.committed(tables);
      } catch (Throwable unexpected) {
        // The commit has taken effect, whatever becomes of those who listen
        LOG.error("A commit could not be published to those who listen to changes", unexpected);
      }
    }
  }

  // ---- work outside of units

  /** The state before work whose statements are not watched. */
  private record Mark(long schemaVersion, long totalChanges) {
    private static final Mark UNSEEN = new Mark(NOT_KNOWN, NOT_KNOWN);
  }

  /** Work between two transactions begins: a migration, VACUUM and the like. */
  void exclusiveBegun(EngineConnection connection) {
    begun();
    mark = feed.isListening() ? markNow(connection) : Mark.UNSEEN;
  }

  private static Mark markNow(EngineConnection connection) {
    try {
      return new Mark(connection.schemaVersion(), connection.totalChanges());
    } catch (SqlFailure failure) {
      return Mark.UNSEEN;
    }
  }

  /** One of its own transactions was committed, or perhaps. */
  void exclusiveCommitted(EngineConnection connection) {
    uses.clear();
    publish(TableSet.ALL);
    exclusiveBegun(connection);
  }

  /** It has ended; what it changed without a transaction of its own shows in these numbers. */
  void exclusiveEnded(EngineConnection connection) {
    if (feed.isListening() && (mark.equals(Mark.UNSEEN) || !markNow(connection).equals(mark))) {
      uses.clear();
      publish(TableSet.ALL);
    }
  }

  // ---- other processes

  /** Looks whether another connection has committed; outside of transactions. */
  void lookForOthers(EngineConnection connection) {
    long now;
    try {
      now = connection.dataVersion();
    } catch (SqlFailure failure) {
      return; // the next look finds out
    }
    boolean others = dataVersion != NOT_KNOWN && now != dataVersion;
    dataVersion = now;
    if (others) {
      publish(TableSet.ALL);
    }
  }
}
