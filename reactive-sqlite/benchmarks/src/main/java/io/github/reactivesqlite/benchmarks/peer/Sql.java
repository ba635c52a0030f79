package io.github.reactivesqlite.benchmarks.peer;

import java.util.List;

/** The statements of the workloads; the same texts for every peer. */
public final class Sql {

  static final String COLUMNS = "id, name, score, body";

  /** One row of the table. */
  public static final String INSERT = "INSERT INTO t(name, score, body) VALUES (?, ?, ?)";

  /** One text of the full-text index. */
  public static final String INSERT_DOCUMENT = "INSERT INTO docs(title, body) VALUES (?, ?)";

  /** Counts units: lost updates would show. */
  public static final String COUNT_UNIT = "UPDATE counter SET n = n + 1 WHERE id = 1";

  static final String READ = "SELECT " + COLUMNS + " FROM t WHERE id = ?";
  static final String SCAN = "SELECT " + COLUMNS + " FROM t";

  static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, score INTEGER, body TEXT)",
          "CREATE TABLE counter(id INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
          "INSERT INTO counter VALUES (1, 0)",
          "CREATE VIRTUAL TABLE docs USING fts5(title, body)");

  private Sql() {}
}
