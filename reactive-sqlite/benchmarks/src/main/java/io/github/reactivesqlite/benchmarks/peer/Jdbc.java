package io.github.reactivesqlite.benchmarks.peer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Plain JDBC, as the blocking peers use it: a statement is prepared for each use. */
final class Jdbc {

  private Jdbc() {}

  static int write(Connection connection, Statement statement) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
      bind(prepared, statement.values());
      return prepared.executeUpdate();
    }
  }

  static int unit(Connection connection, List<Statement> statements) throws SQLException {
    return inTransaction(
        connection,
        () -> {
          int rows = 0;
          for (Statement statement : statements) {
            rows += write(connection, statement);
          }
          return rows;
        });
  }

  static Item read(Connection connection, long id) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(Sql.READ)) {
      prepared.setLong(1, id);
      try (ResultSet row = prepared.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("Row " + id + " is missing");
        }
        return Item.of(row);
      }
    }
  }

  /** Commits every {@code chunk} rows. */
  static long bulk(Connection connection, Items items, long rows, int chunk) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(Sql.INSERT)) {
      for (long first = 0; first < rows; first += chunk) {
        long begin = first;
        long end = Math.min(rows, first + chunk);
        inTransaction(
            connection,
            () -> {
              for (long number = begin; number < end; number++) {
                bind(prepared, items.insert(number).values());
                prepared.addBatch();
              }
              return prepared.executeBatch().length;
            });
      }
    }
    return rows;
  }

  /** Work on a connection. */
  interface SqlCall<T> {
    T call() throws SQLException;
  }

  static <T> T inTransaction(Connection connection, SqlCall<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.call();
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException failed) {
      connection.rollback();
      throw failed;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  static void bind(PreparedStatement prepared, Object[] values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      prepared.setObject(i + 1, values[i]);
    }
  }
}
