package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;
import org.sqlite.core.Codes;
import org.sqlite.core.DB;

/**
 * Copies a database into another file with SQLite's online backup (<a
 * href="https://sqlite.org/backup.html">sqlite.org/backup.html</a>), page by page and out of one
 * snapshot.
 *
 * <p>The source connection stays in one read transaction, so a commit meanwhile neither shows in
 * the copy nor starts it over. The driver runs the whole copy in one call that neither an exception
 * of its observer nor the progress handler ends. What does end it is BUSY, which the source reports
 * while its own connection is in a write transaction: so to stop, that connection leaves its
 * snapshot and takes the write lock until the call has returned, about a millisecond. It must be
 * one that may write.
 */
public final class BackupCopy {

  private static final int PAGES_A_STEP = 256;
  private static final int STOP_WAIT_MILLIS = 20;

  /** Told how far the copy has come. */
  @FunctionalInterface
  public interface Observer {
    /** Called after each step, on the thread that copies; throws nothing. */
    void copied(long remainingPages, long totalPages);
  }

  private final EngineConnection source;
  private final StopSignal stop;
  private final Observer observer;
  private boolean stopping;

  private BackupCopy(EngineConnection source, StopSignal stop, Observer observer) {
    this.source = source;
    this.stop = stop;
    this.observer = observer;
  }

  /**
   * Copies, on the connection's thread, and leaves it outside of transactions.
   *
   * @param source a connection of a role that writes, outside of a transaction
   * @param target an empty file that nobody else uses
   * @param stop asked after each step of 256 pages
   * @param observer told after each step
   * @return false if it was stopped; the target then holds nothing of use
   * @throws SqlFailure if a page could not be read or written
   */
  public static boolean run(
      EngineConnection source, Path target, StopSignal stop, Observer observer) {
    return new BackupCopy(source, stop, observer).run(target);
  }

  private boolean run(Path target) {
    source.beginRead();
    try {
      // A transaction takes its snapshot with its first read
      source.run("SELECT 1 FROM sqlite_schema LIMIT 1");
      DB db = source.raw().getDatabase();
      int code = db.backup("main", target.toString(), this::afterStep, 0, 0, PAGES_A_STEP);
      if (stopping || stop.stopRequested()) {
        return false;
      }
      if (code != Codes.SQLITE_OK) {
        throw new SqlFailure(failed(code));
      }
      return true;
    } catch (SQLException e) {
      throw new SqlFailure(e);
    } finally {
      source.rollback();
      source.busyTimeout(0);
    }
  }

  private static SQLiteException failed(int code) {
    // The driver's own message would be that of the source, where nothing went wrong
    return DB.newSQLException(code, "backup");
  }

  private void afterStep(int remainingPages, int totalPages) {
    if (stopping || stop.stopRequested()) {
      stopping = true;
      blockNextStep();
    } else {
      observer.copied(remainingPages, totalPages);
    }
  }

  /** Nothing may be thrown into the native call. Without the lock the next step tries again. */
  private void blockNextStep() {
    try {
      source.rollback();
      source.busyTimeout(STOP_WAIT_MILLIS);
      source.beginImmediate();
    } catch (SqlFailure held) {
      // somebody else writes; the copy goes on for another step
    }
  }
}
