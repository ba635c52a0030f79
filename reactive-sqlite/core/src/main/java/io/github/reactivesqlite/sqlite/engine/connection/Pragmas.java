package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * The settings of a connection: issued one by one in a fixed order, as the driver would not keep
 * any order, and read back afterwards.
 *
 * @see <a href="https://www.sqlite.org/pragma.html">PRAGMA statements</a>
 */
final class Pragmas {

  /** SQLite's own cache, for connections that serve nobody. */
  private static final int SMALL_CACHE_KIB = 2_000;

  /**
   * A LIKE takes up to the product of both lengths, in one step that no deadline stops: about a
   * second for a pattern of this size and a text of a megabyte.
   */
  private static final int LIKE_PATTERN_BYTES = 1_000;

  /** A PRAGMA, what to set it to, and what it must say afterwards. */
  private record Setting(String pragma, String set, String expected) {

    Setting(String pragma, long value) {
      this(pragma, Long.toString(value), Long.toString(value));
    }

    static Setting of(String pragma, boolean on) {
      return new Setting(pragma, on ? 1 : 0);
    }
  }

  private final SqliteConfig config;
  private final Role role;

  Pragmas(SqliteConfig config, Role role) {
    this.config = config;
    this.role = role;
  }

  void applyTo(SQLiteConnection connection) throws SQLException {
    List<Setting> settings = settings();
    try (Statement statement = connection.createStatement()) {
      // Before the schema is read: a hostile one must not get to run anything.
      statement.execute("PRAGMA trusted_schema=OFF");
      statement.execute("PRAGMA cell_size_check=ON");
      statement.execute("PRAGMA busy_timeout=0");
      if (role == Role.WRITER) {
        layOutNewFile(statement);
        statement.execute("PRAGMA journal_mode=WAL");
      }
      for (Setting setting : settings) {
        statement.execute("PRAGMA " + setting.pragma() + "=" + setting.set());
      }
      verify("trusted_schema", "0", read(statement, "trusted_schema"));
      verify("cell_size_check", "1", read(statement, "cell_size_check"));
      verify("busy_timeout", "0", read(statement, "busy_timeout"));
      verify("journal_mode", "wal", read(statement, "journal_mode"));
      for (Setting setting : settings) {
        verify(setting.pragma(), setting.expected(), read(statement, setting.pragma()));
      }
    }
    for (Map.Entry<SQLiteLimits, Integer> limit : limits().entrySet()) {
      connection.setLimit(limit.getKey(), limit.getValue());
      verify(
          limit.getKey().name(),
          limit.getValue().toString(),
          Integer.toString(connection.getDatabase().limit(limit.getKey().getId(), -1)));
    }
  }

  /**
   * What only an empty file accepts. Not read back: another process may be first, and then the file
   * is laid out as that one says.
   */
  private void layOutNewFile(Statement statement) throws SQLException {
    if (read(statement, "page_count").equals("0")) {
      statement.execute("PRAGMA page_size=" + config.pageSize());
      statement.execute("PRAGMA auto_vacuum=" + (config.incrementalVacuum() ? 2 : 0));
    }
  }

  private List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    if (role.writes()) {
      settings.add(
          switch (config.durability()) {
            case FULL -> new Setting("synchronous", "FULL", "2");
            case NORMAL -> new Setting("synchronous", "NORMAL", "1");
          });
      settings.add(new Setting("journal_size_limit", config.walLimit()));
    }
    settings.add(new Setting("wal_autocheckpoint", 0));
    settings.add(Setting.of("foreign_keys", config.foreignKeys()));
    settings.add(Setting.of("recursive_triggers", config.recursiveTriggers()));
    settings.add(
        switch (config.tempStore()) {
          case DEFAULT -> new Setting("temp_store", "DEFAULT", "0");
          case FILE -> new Setting("temp_store", "FILE", "1");
          case MEMORY -> new Setting("temp_store", "MEMORY", "2");
        });
    settings.add(
        new Setting("cache_size", -(role.serves() ? config.cacheSizeKib() : SMALL_CACHE_KIB)));
    settings.add(new Setting("mmap_size", role.serves() ? config.mmapSize() : 0));
    settings.add(Setting.of("query_only", role == Role.READER));
    return settings;
  }

  /** No database may be attached: ATTACH could reach any file of the process. */
  private Map<SQLiteLimits, Integer> limits() {
    return Map.of(
        SQLiteLimits.SQLITE_LIMIT_ATTACHED,
        0,
        SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH,
        LIKE_PATTERN_BYTES,
        SQLiteLimits.SQLITE_LIMIT_LENGTH,
        config.maxValueBytes(),
        SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH,
        config.maxSqlLength());
  }

  static String read(Statement statement, String pragma) throws SQLException {
    if (!statement.execute("PRAGMA " + pragma)) {
      return "";
    }
    try (ResultSet rows = statement.getResultSet()) {
      String value = rows.next() ? rows.getString(1) : null;
      return value == null ? "" : value;
    }
  }

  private static void verify(String setting, String wanted, String found) {
    if (!wanted.equals(found)) {
      throw new StorageException(
          "The setting "
              + setting
              + " is '"
              + found
              + "' although '"
              + wanted
              + "' was asked for"
              + (setting.equals("journal_mode")
                  ? ". The file system may not support shared memory, or another process changed"
                      + " it. Use a local disk, and the same settings everywhere."
                  : ". Ask for a value that this build of SQLite supports."),
          ErrorDetails.NONE,
          StorageException.Kind.OTHER);
    }
  }
}
