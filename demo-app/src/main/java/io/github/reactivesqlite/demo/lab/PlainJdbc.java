package io.github.reactivesqlite.demo.lab;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/**
 * Connections as the applications opened them: the driver and nothing else.
 *
 * @param busyTimeoutMillis how long SQLite itself waits for a lock; negative for the driver's
 *     default
 * @param pragmas settings of every connection
 */
public record PlainJdbc(int busyTimeoutMillis, List<String> pragmas) {

  /** As the driver comes: rollback journal, full synchronisation, 3 s. */
  public static final PlainJdbc DRIVER_DEFAULTS = new PlainJdbc(-1, List.of());

  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int PRIMARY_CODE = 0xFF;

  /**
   * Opens a connection.
   *
   * @param file the database
   * @return an open connection in auto-commit mode
   * @throws SQLException also if the file is locked
   */
  public Connection open(Path file) throws SQLException {
    Properties properties = new Properties();
    if (busyTimeoutMillis >= 0) {
      properties.setProperty("busy_timeout", Integer.toString(busyTimeoutMillis));
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, properties);
    try {
      for (String pragma : pragmas) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA " + pragma);
        }
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Runs statements one after another.
   *
   * @param connection where
   * @param statements without parameters
   * @throws SQLException if one fails
   */
  public static void run(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /**
   * Runs a statement with parameters.
   *
   * @param connection where
   * @param sql the statement
   * @param values for its parameters
   * @return rows changed
   * @throws SQLException if it fails
   */
  public static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /**
   * Asks for one number.
   *
   * @param connection where
   * @param sql a query with one row and one column
   * @param values for its parameters
   * @return the number; 0 without a row
   * @throws SQLException if it fails
   */
  public static long number(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /**
   * Whether this is "database is locked" or one of its kin.
   *
   * @param error an error of the driver
   * @return true for SQLITE_BUSY and SQLITE_LOCKED
   */
  public static boolean isLock(SQLException error) {
    int code = error.getErrorCode() & PRIMARY_CODE;
    return code == BUSY || code == LOCKED;
  }

  /**
   * Ends a transaction that failed; what that says is not interesting any more.
   *
   * @param connection where
   */
  public static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The transaction is gone already
    }
  }
}
