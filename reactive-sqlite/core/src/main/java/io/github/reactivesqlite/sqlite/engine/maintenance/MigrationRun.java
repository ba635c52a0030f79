package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.MigrationException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One subscription's migrations, on the writer's thread. When a BEGIN meets the lock of another
 * process, all of it is run again later: it looks at the history each time, and remembers which
 * versions it was the one to apply.
 */
final class MigrationRun {

  private static final int NAMED_TABLES = 5;

  private final List<Migrations.Step> steps;
  private final @Nullable String label;
  private final List<Long> applied = new ArrayList<>();

  MigrationRun(List<Migrations.Step> steps, @Nullable String label) {
    this.steps = steps;
    this.label = label;
  }

  /**
   * Applies what is missing.
   *
   * @throws SqlFailure with a busy code if somebody else holds the lock; to be run again
   * @throws MigrationException if one does not fit or failed; no transaction is open
   */
  MigrationReport apply(EngineConnection connection, WriteLane.Commit commit) {
    MigrationHistory history = MigrationHistory.read(connection);
    history.requireFits(steps, label);
    boolean changed = false;
    for (Migrations.Step step : steps) {
      if (!history.has(step)) {
        apply(connection, commit, step);
        changed = true;
      }
    }
    if (changed) {
      // They ran once, and would only push others out of the cache
      connection.clearStatements();
    }
    long version = Math.max(history.version(), steps.isEmpty() ? 0 : last().version());
    return new MigrationReport(applied, steps.size() - applied.size(), version);
  }

  private Migrations.Step last() {
    return steps.get(steps.size() - 1);
  }

  private void apply(EngineConnection connection, WriteLane.Commit commit, Migrations.Step step) {
    if (!step.migration().rebuilds()) {
      inTransaction(connection, commit, step);
      return;
    }
    // Inside a transaction SQLite ignores the change
    long enforced = connection.longValue("PRAGMA foreign_keys");
    connection.run("PRAGMA foreign_keys = OFF");
    try {
      inTransaction(connection, commit, step);
    } finally {
      connection.run("PRAGMA foreign_keys = " + enforced);
    }
  }

  private void inTransaction(
      EngineConnection connection, WriteLane.Commit commit, Migrations.Step step) {
    connection.beginImmediate();
    boolean ended = false;
    try {
      MigrationHistory history = MigrationHistory.read(connection);
      history.requireFits(steps, label);
      if (!history.has(step)) {
        runStatements(connection, step);
        MigrationHistory.add(connection, step);
        commit(commit, step);
        ended = true;
        applied.add(step.version());
      }
    } catch (SqlFailure failure) {
      // The lock is ours, so a busy code does not mean that it is to be waited for
      throw failed(step, "could not be recorded", failure, ErrorDetails.NONE);
    } finally {
      if (!ended) {
        connection.rollback();
      }
    }
  }

  private void runStatements(EngineConnection connection, Migrations.Step step) {
    int number = 0;
    for (SqlStatement statement : step.statements()) {
      number++;
      try {
        connection.run(statement.scalarSql());
      } catch (SqlFailure failure) {
        throw failed(
            step,
            "failed in statement " + number,
            failure,
            ErrorDetails.NONE.withSql(statement.maskedText()));
      }
    }
    if (step.migration().rebuilds()) {
      requireForeignKeys(connection, step);
    }
  }

  private void requireForeignKeys(EngineConnection connection, Migrations.Step step) {
    Set<String> tables = new TreeSet<>();
    EngineStatement check = connection.statement("PRAGMA foreign_key_check");
    try {
      boolean row = check.execute(null);
      while (row && tables.size() <= NAMED_TABLES) {
        tables.add(String.valueOf(check.row().get(1, String.class)));
        row = check.next();
      }
    } finally {
      connection.release(check);
    }
    if (!tables.isEmpty()) {
      String names = String.join(", ", tables.stream().limit(NAMED_TABLES).toList());
      throw new MigrationException(
          what(step)
              + " left rows that refer to missing rows in "
              + names
              + (tables.size() > NAMED_TABLES ? " and more tables" : "")
              + ", and was rolled back. Delete or complete those rows in the migration",
          details(ErrorDetails.NONE),
          step.version());
    }
  }

  /** Afterwards no transaction is open. */
  private void commit(WriteLane.Commit commit, Migrations.Step step) {
    try {
      commit.commit();
    } catch (SqlFailure failure) {
      throw failed(step, "failed at COMMIT", failure, ErrorDetails.NONE);
    } catch (CommitOutcomeUnknownException unknown) {
      throw new CommitOutcomeUnknownException(
          what(step)
              + " may or may not be applied. "
              + unknown.getMessage()
              + ". Migrating again finds out",
          unknown.details(),
          unknown);
    }
  }

  private MigrationException failed(
      Migrations.Step step, String how, SqlFailure failure, ErrorDetails details) {
    DatabaseException cause = failure.toWriterException(details(details));
    return new MigrationException(
        what(step)
            + " "
            + how
            + " and was rolled back; those before it stay applied. "
            + cause.getMessage(),
        cause.details(),
        step.version(),
        cause);
  }

  private static String what(Migrations.Step step) {
    return "Migration " + step.version() + " (" + step.migration().description() + ")";
  }

  private ErrorDetails details(ErrorDetails details) {
    return details.withLabel(label);
  }
}
