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
 */
public final class LastLock implements AutoCloseable {

  private static final Logger LOG = SteadyLogger.of(LastLock.class);

  private final @Nullable JDBC4Connection connection;

  private LastLock(@Nullable JDBC4Connection connection) {
    this.connection = connection;
  }

  /** Takes the lock. Blocks, but waits for nobody. */
  public static LastLock on(FileGuard guard) {
    SQLiteConfig driver = new SQLiteConfig();
    driver.resetOpenMode(SQLiteOpenMode.CREATE);
    driver.resetOpenMode(SQLiteOpenMode.READWRITE);
    driver.setOpenMode(SQLiteOpenMode.READONLY);
    driver.setOpenMode(SQLiteOpenMode.PRIVATECACHE);
    driver.setOpenMode(SQLiteOpenMode.NOMUTEX);
    driver.setBusyTimeout(0);
    Path file = guard.file();
    try {
      JDBC4Connection opened =
          new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), driver.toProperties());
      touch(opened);
      return new LastLock(opened);
    } catch (SQLException failed) {
      LOG.warn("{} closing: the file could not be locked meanwhile", guard.name());
      return new LastLock(null);
    }
  }

  /** What it reads may be nonsense; with the first try to read, the lock is taken for good. */
  private static void touch(JDBC4Connection opened) {
    try (Statement statement = opened.createStatement()) {
      statement.execute("PRAGMA schema_version");
    } catch (SQLException nonsense) {
      LOG.debug("The log that is there now cannot be read: code {}", nonsense.getErrorCode());
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException ignored) {
        // the file is released with the process at the latest
      }
    }
  }
}
