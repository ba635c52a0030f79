package io.github.reactivesqlite.benchmarks.peer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import reactor.core.publisher.Flux;

/** A scan over JDBC that reads a row when one is asked for. */
final class Cursor implements AutoCloseable {

  private final Connection connection;
  private final PreparedStatement prepared;
  private final ResultSet rows;
  private final boolean owned;

  private Cursor(Connection connection, boolean owned) throws SQLException {
    this.connection = connection;
    this.owned = owned;
    this.prepared = connection.prepareStatement(Sql.SCAN);
    this.rows = prepared.executeQuery();
  }

  /**
   * Every row, read by the subscribing thread.
   *
   * @param connections gives the connection
   * @param owned whether to close it at the end
   */
  static Flux<Item> scan(Callable<Connection> connections, boolean owned) {
    return Flux.generate(
        () -> new Cursor(connections.call(), owned),
        (cursor, sink) -> {
          try {
            if (cursor.rows.next()) {
              sink.next(Item.of(cursor.rows));
            } else {
              sink.complete();
            }
          } catch (SQLException failed) {
            sink.error(failed);
          }
          return cursor;
        },
        Cursor::close);
  }

  @Override
  public void close() {
    try {
      rows.close();
      prepared.close();
      if (owned) {
        connection.close();
      }
    } catch (SQLException failed) {
      throw new IllegalStateException("A cursor could not be closed", failed);
    }
  }
}
