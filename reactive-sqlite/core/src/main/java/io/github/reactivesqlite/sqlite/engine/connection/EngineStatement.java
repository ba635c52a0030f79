package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.sqlite.engine.value.ColumnNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * A prepared statement of one connection, used by that connection's thread only. It steps the
 * statement by the driver's own handle: no result set, no lambda and no boxing per value.
 */
public final class EngineStatement {

  /** A star that is not an argument, as in {@code count(*)}. */
  private static final Pattern STAR = Pattern.compile("(?<!\\()\\*");

  private final TriggerTexts triggerTexts;
  private final TextEncoding encoding;
  private final DB db;
  private final CoreStatement prepared;
  private final long handle;
  private final String sql;
  private final boolean returnsColumns;
  private final boolean hasStar;

  private @Nullable ColumnNames columns;
  private @Nullable CursorRow row;
  private boolean dead;
  private boolean running;
  private boolean inUse;
  private boolean cached;
  private long traitsSchema = -1;
  private StatementTraits traits = StatementTraits.PLAIN;

  EngineStatement(
      DB db, CoreStatement prepared, String sql, TriggerTexts triggerTexts, TextEncoding encoding)
      throws SQLException {
    this.triggerTexts = triggerTexts;
    this.encoding = encoding;
    this.db = db;
    this.prepared = prepared;
    this.sql = sql;
    this.handle = prepared.pointer.safeRunLong((owner, pointer) -> pointer);
    this.returnsColumns = db.column_count(handle) > 0;
    this.hasStar = returnsColumns && STAR.matcher(sql).find();
  }

  /** The text it was prepared from. */
  public String sql() {
    return sql;
  }

  /** Whether it can give rows. */
  public boolean returnsColumns() {
    return returnsColumns;
  }

  /**
   * Binds all values and takes the first step.
   *
   * @return whether a row is ready; without one the statement has finished
   */
  public boolean execute(@Nullable Object @Nullable [] values) {
    try {
      running = true;
      boolean rowReady = db.execute(prepared, values);
      if (rowReady) {
        refreshColumns();
      }
      // Without a row the driver has reset it
      running = rowReady;
      return rowReady;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Takes the next step after a row.
   *
   * @return whether another row is ready
   */
  public boolean next() {
    try {
      int code = db.step(handle);
      if (code == Codes.SQLITE_ROW) {
        return true;
      }
      db.reset(handle);
      running = false;
      if (code != Codes.SQLITE_DONE) {
        db.throwex(code);
      }
      return false;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private SqlFailure failed(SQLException e) {
    if (prepared.pointer.isClosed()) {
      dead = true;
    } else {
      reset();
    }
    return new SqlFailure(triggerTexts.checked(e));
  }

  /** Ends a run before its last row. */
  public void reset() {
    if (dead || !running) {
      return;
    }
    running = false;
    try {
      db.reset(handle);
    } catch (SQLException ignored) {
      // sqlite3_reset repeats the error of the step before it, which has been reported
    }
  }

  /** The current row, valid until the next step. */
  public CursorRow row() {
    CursorRow current = row;
    if (current == null) {
      throw new IllegalStateException("The statement has no row");
    }
    return current;
  }

  /** The names of the result's columns, once a row was ready. */
  public ColumnNames columns() {
    ColumnNames current = columns;
    if (current == null) {
      throw new IllegalStateException("The statement has no row");
    }
    return current;
  }

  /**
   * A schema change can widen a prepared {@code SELECT *} or change its names; columns that are
   * named in the text cannot change without an error.
   */
  private void refreshColumns() throws SQLException {
    int count = db.column_count(handle);
    ColumnNames known = columns;
    boolean mayHaveChanged = known != null && hasStar && !namesAreStill(known, count);
    if (known != null && known.size() == count && !mayHaveChanged) {
      return;
    }
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add(db.column_name(handle, i));
    }
    ColumnNames fresh = ColumnNames.of(names);
    columns = fresh;
    row = new CursorRow(db, handle, encoding, fresh);
  }

  private boolean namesAreStill(ColumnNames known, int count) throws SQLException {
    if (known.size() != count) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (!known.asList().get(i).equals(db.column_name(handle, i))) {
        return false;
      }
    }
    return true;
  }

  boolean isDead() {
    return dead;
  }

  boolean isInUse() {
    return inUse;
  }

  void inUse(boolean use) {
    inUse = use;
  }

  boolean isCached() {
    return cached;
  }

  void cached(boolean inCache) {
    cached = inCache;
  }

  boolean knowsTraits(long schemaVersion) {
    return traitsSchema == schemaVersion;
  }

  StatementTraits traits() {
    return traits;
  }

  void traits(StatementTraits found, long schemaVersion) {
    traits = found;
    traitsSchema = schemaVersion;
  }

  void close() {
    dead = true;
    try {
      prepared.pointer.close();
    } catch (SQLException ignored) {
      // sqlite3_finalize repeats the error of the last step, which has been reported
    }
  }
}
