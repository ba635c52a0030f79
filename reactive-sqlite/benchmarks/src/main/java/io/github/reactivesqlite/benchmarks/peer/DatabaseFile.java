package io.github.reactivesqlite.benchmarks.peer;

import io.github.reactivesqlite.sqlite.config.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The file of a run: made by plain JDBC before a peer opens it, and counted by plain JDBC after the
 * peer has closed it.
 */
public final class DatabaseFile implements AutoCloseable {

  private static final int FILL_CHUNK = 10_000;

  private final Path file;

  private DatabaseFile(Path file) {
    this.file = file;
  }

  /**
   * Makes an empty database with the tables of the workloads.
   *
   * @throws SQLException if it cannot be made
   */
  public static DatabaseFile create(Path directory, String name) throws SQLException, IOException {
    DatabaseFile created = new DatabaseFile(directory.resolve(name + ".db").toAbsolutePath());
    created.delete();
    try (Connection connection = created.connection();
        java.sql.Statement statement = connection.createStatement()) {
      for (String sql : Sql.SCHEMA) {
        statement.execute(sql);
      }
    }
    return created;
  }

  /**
   * Adds rows, numbered from {@code first}; the keys are one higher.
   *
   * @throws SQLException if they cannot be added
   */
  public DatabaseFile fill(Items items, long first, long end) throws SQLException {
    try (Connection connection = connection()) {
      for (long begin = first; begin < end; begin += FILL_CHUNK) {
        RawJdbc.insertChunk(connection, items, begin, Math.min(end, begin + FILL_CHUNK));
      }
      try (java.sql.Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
    }
    return this;
  }

  /** What a peer needs to open it. */
  public PeerSettings settings(Durability durability, Load load) {
    return new PeerSettings(file, durability, load);
  }

  /**
   * Takes the file's lock, as another process would; nobody writes until it is closed.
   *
   * @throws SQLException if it cannot be had
   */
  public Lock lock() throws SQLException {
    Connection connection = connection();
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
    }
    return () -> {
      try (connection;
          java.sql.Statement statement = connection.createStatement()) {
        statement.execute("ROLLBACK");
      }
    };
  }

  /** The lock of a file. */
  public interface Lock extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /**
   * Rows and sum of scores of the table.
   *
   * @throws SQLException if it cannot be read
   */
  public RowCount rows() throws SQLException {
    return count("SELECT count(*), coalesce(sum(score), 0) FROM t");
  }

  /**
   * Texts in the full-text index, and the sum of their titles' lengths.
   *
   * @throws SQLException if it cannot be read
   */
  public RowCount documents() throws SQLException {
    return count("SELECT count(*), coalesce(sum(length(title)), 0) FROM docs");
  }

  /**
   * How many units were counted.
   *
   * @throws SQLException if it cannot be read
   */
  public long counter() throws SQLException {
    return count("SELECT n, 0 FROM counter WHERE id = 1").rows();
  }

  /**
   * Counts something again and again, over a connection of its own.
   *
   * @param sql gives one row with one number
   * @throws SQLException if it cannot be prepared
   */
  public Count counting(String sql) throws SQLException {
    Connection connection = connection();
    try {
      return new Count(connection, connection.prepareStatement(sql));
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  /** A number that changes. */
  public record Count(Connection connection, java.sql.PreparedStatement statement)
      implements AutoCloseable {

    /**
     * What it is now.
     *
     * @throws SQLException if it cannot be read
     */
    public long now() throws SQLException {
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }

    @Override
    public void close() throws SQLException {
      try (connection;
          statement) {
        // in this order
      }
    }
  }

  private RowCount count(String sql) throws SQLException {
    try (Connection connection = connection();
        java.sql.Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLException("The database has lost the row that counts");
      }
      return new RowCount(row.getLong(1), row.getLong(2));
    }
  }

  private Connection connection() throws SQLException {
    return settings(Durability.NORMAL, Load.WRITES).dataSource().getConnection();
  }

  private void delete() throws IOException {
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
  }

  /** Deletes the file. */
  @Override
  public void close() throws IOException {
    delete();
  }
}
