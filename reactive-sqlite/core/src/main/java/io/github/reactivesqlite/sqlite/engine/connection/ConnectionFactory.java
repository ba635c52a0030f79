package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.SQLiteLimits;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * Opens the connections of one database, all alike but for their role. Stateless; any thread, but
 * the thread that opens a connection is the only one that may use and close it.
 *
 * <p>A connection comes out of JDBC's auto-commit mode without a transaction, so that the driver
 * adds no BEGIN and no COMMIT of its own: transactions are SQL statements, and the methods {@code
 * commit} and {@code rollback} of JDBC must not be used.
 */
public final class ConnectionFactory {

  private static final Logger LOG = SteadyLogger.of(ConnectionFactory.class);

  private static final List<String> SHOWN_PRAGMAS =
      List.of(
          "journal_mode",
          "synchronous",
          "locking_mode",
          "wal_autocheckpoint",
          "journal_size_limit",
          "busy_timeout",
          "page_size",
          "auto_vacuum",
          "encoding",
          "cache_size",
          "mmap_size",
          "temp_store",
          "foreign_keys",
          "recursive_triggers",
          "trusted_schema",
          "cell_size_check",
          "query_only");
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "synchronous", List.of("off", "normal", "full", "extra"),
          "auto_vacuum", List.of("none", "full", "incremental"),
          "temp_store", List.of("default", "file", "memory"));
  private static final List<SQLiteLimits> SHOWN_LIMITS =
      List.of(
          SQLiteLimits.SQLITE_LIMIT_LENGTH,
          SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH,
          SQLiteLimits.SQLITE_LIMIT_COLUMN,
          SQLiteLimits.SQLITE_LIMIT_EXPR_DEPTH,
          SQLiteLimits.SQLITE_LIMIT_COMPOUND_SELECT,
          SQLiteLimits.SQLITE_LIMIT_FUNCTION_ARG,
          SQLiteLimits.SQLITE_LIMIT_ATTACHED,
          SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH,
          SQLiteLimits.SQLITE_LIMIT_VARIABLE_NUMBER,
          SQLiteLimits.SQLITE_LIMIT_TRIGGER_DEPTH);

  private final String path;
  private final SqliteConfig config;
  private final Runnable verifyFile;

  /**
   * Creates the factory; opens nothing.
   *
   * @param realPath {@link FileGuard#file()} of a guard that is held
   * @param config the configuration
   */
  public ConnectionFactory(Path realPath, SqliteConfig config) {
    this(realPath, config, () -> {});
  }

  /**
   * Creates the factory of a database that is open; opens nothing. Once another file is at the
   * path, all but the writer's connections are refused: they would read that one.
   *
   * @param guard a guard that is held
   * @param config the configuration
   */
  public ConnectionFactory(FileGuard guard, SqliteConfig config) {
    this(guard.file(), config, guard::verifyUnchanged);
  }

  private ConnectionFactory(Path realPath, SqliteConfig config, Runnable verifyFile) {
    if (!realPath.isAbsolute()) {
      throw new IllegalArgumentException("The real path of a claimed file is needed");
    }
    this.path = realPath.toString();
    this.config = config;
    this.verifyFile = verifyFile;
  }

  /**
   * Opens a connection, sets it up, and reads every setting back. Blocks, but waits for no lock.
   * After any error nothing stays open.
   *
   * @throws SQLException only as the driver throws it when the file's lock is taken ({@link
   *     ErrorTranslator#isBusy}): wait, and open again
   * @throws StorageException if the file is damaged or no database, a setting did not hold, the
   *     version of SQLite is not safe (UNSUPPORTED_VERSION), or another file is at the path
   *     (FILE_REPLACED)
   */
  public SQLiteConnection open(Role role) throws SQLException {
    verifyFile(role);
    SQLiteConnection connection = connect(role);
    try {
      connection.getConnectionConfig().setAutoCommit(false);
      checkVersion(connection, role);
      new Pragmas(config, role).applyTo(connection);
      verifyFile(role);
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw busyOr(translate(e, role), e);
    } catch (RuntimeException | Error e) {
      closeQuietly(connection);
      throw e;
    }
  }

  /** The writer compares by itself, when it commits. */
  private void verifyFile(Role role) {
    if (role != Role.WRITER) {
      verifyFile.run();
    }
  }

  /** The driver's constructor itself, as its factory methods would parse the path. */
  private SQLiteConnection connect(Role role) throws SQLException {
    SQLiteConfig driver = new SQLiteConfig();
    // Never CREATE: a file that vanished must not come back with the rights of the umask.
    driver.resetOpenMode(SQLiteOpenMode.CREATE);
    if (!role.writes()) {
      driver.resetOpenMode(SQLiteOpenMode.READWRITE);
      driver.setOpenMode(SQLiteOpenMode.READONLY);
    }
    // Somebody else may have turned the shared cache on for the whole process.
    driver.setOpenMode(SQLiteOpenMode.PRIVATECACHE);
    // The driver has a monitor round each call already, and one thread uses a connection.
    driver.setOpenMode(SQLiteOpenMode.NOMUTEX);
    driver.enableLoadExtension(false);
    driver.setGetGeneratedKeys(false);
    driver.setBusyTimeout(0);
    try {
      return new JDBC4Connection("jdbc:sqlite:" + path, path, driver.toProperties());
    } catch (SQLiteException e) {
      throw busyOr(translate(e, role), e);
    } catch (SQLException e) {
      if (ErrorTranslator.saysOutOfMemory(e)) {
        throw translate(e, role);
      }
      throw new StorageException(
          "The native library of the driver could not be loaded. Make the directory for temporary"
              + " files writable and executable, or name another one with the system property"
              + " org.sqlite.tmpdir, or a library that is unpacked already with"
              + " org.sqlite.lib.path.",
          ErrorDetails.NONE,
          StorageException.Kind.CANNOT_OPEN,
          ErrorTranslator.safeCause(e));
    }
  }

  private static DatabaseException translate(SQLException error, Role role) {
    return role.writes()
        ? ErrorTranslator.translateOnWriter(error, ErrorDetails.NONE)
        : ErrorTranslator.translate(error, ErrorDetails.NONE);
  }

  /** Throws the translated error, but lets a lock error through for the caller to wait. */
  private static SQLException busyOr(DatabaseException translated, SQLException error) {
    if (ErrorTranslator.isBusy(error)) {
      return error;
    }
    throw translated;
  }

  private void checkVersion(SQLiteConnection connection, Role role) throws SQLException {
    SqliteVersion version = SqliteVersion.parse(sqliteVersion(connection));
    if (version.isSafe()) {
      return;
    }
    if (!config.acceptVulnerableSqlite()) {
      version.requireSafe();
    } else if (role == Role.WRITER) {
      LOG.warn("{} The risk was accepted by configuration.", version.warning());
    }
  }

  /**
   * The settings that a connection works with, read back from SQLite. On the connection's thread.
   *
   * @throws SQLException as the driver throws it
   */
  public Settings settings(SQLiteConnection connection) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      for (String pragma : SHOWN_PRAGMAS) {
        values.put(pragma, inWords(pragma, Pragmas.read(statement, pragma)));
      }
    }
    for (SQLiteLimits limit : SHOWN_LIMITS) {
      String name = limit.name().substring("SQLITE_LIMIT_".length()).toLowerCase(Locale.ROOT);
      int value = connection.getDatabase().limit(limit.getId(), -1);
      values.put("limit." + name, Integer.toString(value));
    }
    return new Settings(values, sqliteVersion(connection), SQLiteJDBCLoader.getVersion());
  }

  /**
   * Lets a connection attach databases, or no longer: VACUUM and VACUUM INTO attach one themselves.
   * On the connection's thread, and only round such a statement.
   *
   * @throws SQLException as the driver throws it
   */
  public static void allowAttach(SQLiteConnection connection, boolean allowed) throws SQLException {
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, allowed ? 1 : 0);
  }

  private static String inWords(String pragma, String value) {
    List<String> words = WORDS.get(pragma);
    boolean known = words != null && value.matches("\\d") && value.charAt(0) - '0' < words.size();
    return words != null && known ? words.get(value.charAt(0) - '0') : value;
  }

  private static String sqliteVersion(SQLiteConnection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sqlite_version()")) {
      String version = rows.next() ? rows.getString(1) : null;
      return version == null ? "" : version;
    }
  }

  private static void closeQuietly(SQLiteConnection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug(
          "Closing a connection that could not be set up failed with code {}",
          e instanceof SQLiteException s && s.getResultCode() != null
              ? s.getResultCode()
              : SQLiteErrorCode.UNKNOWN_ERROR);
    }
  }
}
