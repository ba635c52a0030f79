package io.github.reactivesqlite.benchmarks.peer;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A row of the table that every workload writes or reads; about 120 bytes.
 *
 * @param id the primary key
 * @param name a short text
 * @param score a number, summed up to check that all rows are there
 * @param body a longer text
 */
public record Item(long id, String name, long score, String body) {

  /** The row under the cursor, of a query for {@link Sql#COLUMNS}. */
  static Item of(ResultSet row) throws SQLException {
    return new Item(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4));
  }
}
