package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * A connection that does nothing but hold the shared lock while another one of this process is
 * closed. The last connection to a file copies the log into it and deletes the log at the path, and
 * the driver offers no way to forbid that: fatal when that log belongs to somebody else meanwhile.
 * Beside this one, no other is the last; and this one cannot do it, as it may only read.
 *
 * <p>Between two reads SQLite keeps the lock by itself only for a connection that has opened the
 * log, and a log of others may not even open. So this one asks for the exclusive locking mode, in
 * which what is locked once stays locked whatever comes of the read. Its read gets as far as the
 * exclusive lock, which it needs for a log in this mode and cannot have beside the connection that
 * is to be closed: that it is told so proves that both are locked. It never opens the log.
 *
 * @see <a href="https://www.sqlite.org/pragma.html#pragma_locking_mode">PRAGMA locking_mode</a>
 */
public final class LastLock implements AutoCloseable {

  private static final Logger LOG = SteadyLogger.of(LastLock.class);

  private final JDBC4Connection connection;

  private LastLock(JDBC4Connection connection) {
    this.connection = connection;
  }

  /**
   * Takes the lock, while another connection of this process is open. Blocks, but waits for nobody,
   * and throws nothing.
   *
   * @return null if it is not certain that the lock is held: then that one must not be closed
   */
  public static @Nullable LastLock on(FileGuard guard) {
    try {
      LastLock lock = new LastLock(open(guard.file()));
      if (lock.isHeld()) {
        return lock;
      }
      lock.close();
    } catch (SQLException | RuntimeException | Error failed) {
      LOG.warn("{} closing: the file could not be opened to lock it", guard.name());
    }
    return null;
  }

  private static JDBC4Connection open(Path file) throws SQLException {
    SQLiteConfig driver = new SQLiteConfig();
    driver.resetOpenMode(SQLiteOpenMode.CREATE);
    driver.resetOpenMode(SQLiteOpenMode.READWRITE);
    driver.setOpenMode(SQLiteOpenMode.READONLY);
    driver.setOpenMode(SQLiteOpenMode.PRIVATECACHE);
    driver.setOpenMode(SQLiteOpenMode.NOMUTEX);
    driver.setBusyTimeout(0);
    return new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), driver.toProperties());
  }

  private boolean isHeld() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA locking_mode=EXCLUSIVE");
      statement.execute("PRAGMA schema_version");
      // No log is used any more; the lock is kept all the same
      return Pragmas.read(statement, "locking_mode").equals("exclusive");
    } catch (SQLException failed) {
      LOG.debug("The read beside the last connection ended with code {}", failed.getErrorCode());
      return ErrorTranslator.isBusy(failed);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // the file is released with the process at the latest
    }
  }
}
