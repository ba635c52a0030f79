package io.github.reactivesqlite.sqlite.engine.session;

import io.github.reactivesqlite.ReadSession;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.bind.InPlace;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import java.util.List;

/**
 * A unit's session on a connection. It belongs to the thread that made it and ends with the unit.
 */
public final class ConnectionSession implements WriteSession, AutoCloseable {

  private final EngineConnection connection;
  private final SqlCache sqlCache;
  private final SessionOwner owner;
  private final Thread thread = Thread.currentThread();
  private boolean open = true;
  private long rowsUpdated;
  private boolean changedSchema;

  /** A session for the current thread. */
  public ConnectionSession(EngineConnection connection, SqlCache sqlCache, SessionOwner owner) {
    this.connection = connection;
    this.sqlCache = sqlCache;
    this.owner = owner;
  }

  @Override
  public SessionQuery query(String sql) {
    check();
    return new BoundQuery(sqlCache.statement(sql).requireQuery());
  }

  @Override
  public SessionUpdate update(String sql) {
    check();
    return new BoundUpdate(sqlCache.statement(sql).requireUpdate());
  }

  /** Runs a bound write; the sum of changed rows is kept. */
  public long execute(BoundSql bound) {
    check();
    EngineStatement statement = prepare(bound);
    try {
      boolean row = statement.execute(bound.values());
      while (row) {
        row = statement.next();
      }
      return wrote(bound.statement());
    } catch (SqlFailure failure) {
      throw ranAndFailed(owner, failure, bound);
    } finally {
      connection.release(statement);
    }
  }

  /**
   * Runs one statement with many rows of values.
   *
   * @param progress its first element is the index of the row at work, for whoever catches an error
   */
  public long executeAll(BoundSql first, List<BoundSql> rows, int[] progress) {
    check();
    EngineStatement statement = prepare(first);
    try {
      for (int i = 0; i < rows.size(); i++) {
        progress[0] = i;
        statement.execute(rows.get(i).values());
        rowsUpdated += connection.changes();
      }
      return rowsUpdated;
    } catch (SqlFailure failure) {
      throw ranAndFailed(owner, failure, first);
    } finally {
      connection.release(statement);
    }
  }

  /** What the unit sees of a statement that failed while it ran. */
  static RuntimeException ranAndFailed(SessionOwner owner, SqlFailure failure, BoundSql bound) {
    ErrorDetails details = bound.details(owner.label());
    boolean leftNothing = bound.statement().kind().isRead() || failure.isUndone();
    return leftNothing ? owner.failed(failure, details) : owner.failedHalfWay(failure, details);
  }

  private long wrote(SqlStatement statement) {
    if (!statement.kind().isDml()) {
      changedSchema = true;
      return 0;
    }
    long rows = connection.changes();
    rowsUpdated += rows;
    return rows;
  }

  private EngineStatement prepare(BoundSql bound) {
    try {
      return connection.statement(bound.sql());
    } catch (SqlFailure failure) {
      throw owner.failed(failure, bound.details(owner.label()));
    }
  }

  /** Rows changed by all statements of this session. */
  public long rowsUpdated() {
    return rowsUpdated;
  }

  /** Whether a statement of this session changed the schema. */
  public boolean changedSchema() {
    return changedSchema;
  }

  private void check() {
    if (!open) {
      throw new IllegalStateException(
          "The session has ended with its unit. Return what you need from the unit instead of"
              + " keeping its session");
    }
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "The session belongs to the thread "
              + thread.getName()
              + ". Use it inside the unit itself, not on other threads");
    }
    owner.beforeCall();
  }

  @Override
  public void close() {
    open = false;
  }

  private final class BoundQuery extends InPlace<ReadSession.SessionQuery>
      implements ReadSession.SessionQuery {

    BoundQuery(SqlStatement statement) {
      super(statement);
    }

    @Override
    protected ReadSession.SessionQuery self() {
      return this;
    }

    @Override
    public <T> SessionRows<T> map(RowMapper<? extends T> mapper) {
      return new CursorRows<>(() -> cursor(bindings()), mapper, owner, () -> {});
    }

    @Override
    public <T> SessionRows<T> mapTo(Class<T> type) {
      return map(RowMapper.of(type));
    }
  }

  private final class BoundUpdate extends InPlace<WriteSession.SessionUpdate>
      implements WriteSession.SessionUpdate {

    BoundUpdate(SqlStatement statement) {
      super(statement);
    }

    @Override
    protected WriteSession.SessionUpdate self() {
      return this;
    }

    @Override
    public long execute() {
      return ConnectionSession.this.execute(bindings().bound());
    }

    @Override
    public <T> SessionRows<T> returning(RowMapper<? extends T> mapper) {
      return new CursorRows<>(
          () -> cursor(bindings()), mapper, owner, () -> wrote(bindings().statement()));
    }

    @Override
    public <T> SessionRows<T> returning(Class<T> type) {
      return returning(RowMapper.of(type));
    }
  }

  private Cursor cursor(Bindings bindings) {
    check();
    BoundSql bound = bindings.bound();
    return new Cursor(connection, prepare(bound), bound);
  }
}
