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

  /** What the unit wrote while nobody listened to it, as far as that is known. */
  private TableSet unheard = TableSet.NONE;

  /** What the unit wrote, if it changed a row since {@code totalBefore}. */
  private TableSet heard = TableSet.NONE;

  private boolean unseen;
  private boolean unitChangesSchema;
  private boolean schemaTouched;
  private long totalBefore = NOT_KNOWN;
  private long schemaVersion = NOT_KNOWN;
  private long dataVersion = NOT_KNOWN;
  private Mark mark = Mark.UNSEEN;
  private String lastSql = "";
  private TableUse lastUse = TableUse.UNKNOWN;

  ChangeTracker(CommitFeed feed) {
    this.feed = feed;
  }

  /** A connection has been opened: what was known belonged to another one. */
  void watch(EngineConnection connection) {
    connection.watchStatements(this);
    forgetUses();
    boolean replaced = dataVersion != NOT_KNOWN;
    dataVersion = NOT_KNOWN;
    lookForOthers(connection);
    if (replaced) {
      publish(TableSet.ALL);
    }
  }

  /** The schema of this connection is another one; temporary triggers show in no version. */
  void schemaChanged() {
    forgetUses();
  }

  private void forgetUses() {
    uses.clear();
    lastSql = "";
  }

  /** A transaction has begun, in which the schema has the given version. */
  void begun(long schemaVersionNow) {
    transaction = TableSet.NONE;
    if (schemaVersion != schemaVersionNow) {
      schemaVersion = schemaVersionNow;
      lastSql = "";
    }
    unseen = false;
    forgetUnit();
    if (schemaTouched) {
      // A version that was rolled back is given out again
      schemaTouched = false;
      forgetUses();
    }
  }

  /** A transaction has begun whose schema version is asked for when it is needed. */
  void begun() {
    begun(NOT_KNOWN);
  }

  private void forgetUnit() {
    unheard = TableSet.NONE;
    heard = TableSet.NONE;
    unitChangesSchema = false;
    totalBefore = NOT_KNOWN;
  }

  @Override
  public void taken(EngineConnection connection, String sql) {
    if (!feed.isListening()) {
      unseen = true;
      return;
    }
    TableUse use = use(connection, sql);
    if (use.changesSchema()) {
      unitChangesSchema = true;
      schemaTouched = true;
    }
    TableSet writes = use.writes();
    if (totalBefore != NOT_KNOWN) {
      heard = heard.union(writes);
    } else if (feed.concerns(writes)) {
      totalBefore = connection.totalChanges();
      heard = writes;
    } else {
      unheard = unheard.union(writes);
    }
  }

  private TableUse use(EngineConnection connection, String sql) {
    if (sql.equals(lastSql) && !schemaTouched) {
      return lastUse;
    }
    try {
      if (schemaVersion == NOT_KNOWN) {
        schemaVersion = connection.schemaVersion();
      }
      TableUse known = schemaTouched ? null : uses.get(sql, schemaVersion);
      if (known == null) {
        known = connection.tableUse(sql, schemaVersion);
        if (schemaTouched || known.equals(TableUse.UNKNOWN)) {
          return known;
        }
        uses.put(sql, schemaVersion, known);
      }
      lastSql = sql;
      lastUse = known;
      return known;
    } catch (SqlFailure failure) {
      // The statement itself meets the same, and is answered
      return TableUse.UNKNOWN;
    }
  }

  /** A unit, or a step of an interactive transaction, has taken its part in the transaction. */
  void unitDone(EngineConnection connection) {
    if (unitChangesSchema) {
      transaction = TableSet.ALL;
    } else {
      transaction = transaction.union(unheard);
      if (!heard.isEmpty() && connection.totalChanges() != totalBefore) {
        transaction = transaction.union(heard);
      }
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
    forgetUses();
    publish(TableSet.ALL);
    exclusiveBegun(connection);
  }

  /** It has ended; what it changed without a transaction of its own shows in these numbers. */
  void exclusiveEnded(EngineConnection connection) {
    if (feed.isListening() && (mark.equals(Mark.UNSEEN) || !markNow(connection).equals(mark))) {
      forgetUses();
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
