package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.MigrationException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The versions that a schema has, with the checksums of the texts that made it. */
final class MigrationHistory {

  private static final String EXISTS =
      "SELECT count(*) FROM sqlite_schema"
          + " WHERE type = 'table' AND name = 'reactive_sqlite_migration'";
  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS reactive_sqlite_migration ("
          + "version INTEGER PRIMARY KEY, description TEXT NOT NULL, checksum TEXT NOT NULL,"
          + " applied_at TEXT NOT NULL)";
  private static final String READ = "SELECT version, checksum FROM reactive_sqlite_migration";
  private static final String ADD =
      "INSERT INTO reactive_sqlite_migration (version, description, checksum, applied_at)"
          + " VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))";

  private final TreeMap<Long, String> checksums = new TreeMap<>();

  private MigrationHistory() {}

  /** Reads it, inside a transaction or outside of any. */
  static MigrationHistory read(EngineConnection connection) {
    MigrationHistory history = new MigrationHistory();
    if (connection.longValue(EXISTS) == 0) {
      return history;
    }
    EngineStatement statement = connection.statement(READ);
    try {
      boolean row = statement.execute(null);
      while (row) {
        String checksum = statement.row().get(2, String.class);
        history.checksums.put(statement.row().getLong(1), checksum == null ? "" : checksum);
        row = statement.next();
      }
    } finally {
      connection.release(statement);
    }
    return history;
  }

  /** Adds a version to the schema's history, inside the transaction that makes it. */
  static void add(EngineConnection connection, Migrations.Step step) {
    connection.run(CREATE);
    EngineStatement statement = connection.statement(ADD);
    try {
      Object[] values = {step.version(), step.migration().description(), step.checksum()};
      statement.execute(values);
    } finally {
      connection.release(statement);
    }
  }

  boolean has(Migrations.Step step) {
    return checksums.containsKey(step.version());
  }

  /** The highest version; 0 without any. */
  long version() {
    return checksums.isEmpty() ? 0 : checksums.lastKey();
  }

  /**
   * Fails unless the migrations continue this history.
   *
   * @throws MigrationException naming the version that does not fit, and what to do
   */
  void requireFits(List<Migrations.Step> steps, @Nullable String label) {
    TreeMap<Long, Migrations.Step> given = new TreeMap<>();
    steps.forEach(step -> given.put(step.version(), step));
    for (Map.Entry<Long, String> applied : checksums.entrySet()) {
      Migrations.Step step = given.get(applied.getKey());
      if (step == null) {
        throw unknown(applied.getKey(), given, label);
      }
      if (!step.checksum().equals(applied.getValue())) {
        throw refused(
            "Migration "
                + step.version()
                + " was changed after it had been applied to this schema. Restore its text, and put"
                + " the change into a new migration",
            step.version(),
            label);
      }
    }
    for (Migrations.Step step : steps) {
      if (step.version() < version() && !has(step)) {
        throw refused(
            "Migration "
                + step.version()
                + " was never applied, but the schema is at version "
                + version()
                + " already. Give it a version above that",
            step.version(),
            label);
      }
    }
  }

  private static MigrationException unknown(
      long version, SortedMap<Long, Migrations.Step> given, @Nullable String label) {
    long highest = given.isEmpty() ? 0 : given.lastKey();
    return version > highest
        ? refused(
            "The schema is at version "
                + version
                + ", and this program knows versions up to "
                + highest
                + ": a newer program has been here. Use that one, or restore a backup",
            version,
            label)
        : refused(
            "Migration "
                + version
                + " was applied to this schema and is missing from the program. Put it back",
            version,
            label);
  }

  private static MigrationException refused(String message, long version, @Nullable String label) {
    return new MigrationException(message, ErrorDetails.NONE.withLabel(label), version);
  }
}
