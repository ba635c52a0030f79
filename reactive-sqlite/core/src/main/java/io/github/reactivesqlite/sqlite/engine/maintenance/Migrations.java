package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.sql.SqlScript;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.write.WriteLane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reactor.core.publisher.Mono;

/** Brings a schema to the version that the program was written for. */
public final class Migrations {

  /** A migration whose script was cut into statements. */
  record Step(Migration migration, String checksum, List<SqlStatement> statements) {
    long version() {
      return migration.version();
    }
  }

  private Migrations() {}

  /**
   * Applies what is missing, in the order of the versions, each in a transaction of its own. Lazy;
   * each subscription looks again. What another process applies meanwhile is found and left out.
   *
   * @param lane the writer, held for all of it
   * @param settings of the view
   * @param migrations the whole history, in any order
   * @return what was done; fails with {@link io.github.reactivesqlite.error.MigrationException
   *     MigrationException} when one does not fit the schema's history or fails itself: it is
   *     rolled back, and those before it stay
   * @throws IllegalArgumentException if a version is given twice, or a script holds no statement
   * @throws InvalidSqlException if a script holds what may not run in one
   */
  public static Mono<MigrationReport> migrate(
      WriteLane lane, OperationSettings settings, List<Migration> migrations) {
    List<Step> steps = steps(migrations);
    return Mono.defer(
        () -> {
          EngineThread.rejectCurrent();
          MigrationRun run = new MigrationRun(steps, settings.label());
          return lane.transactions(settings, "MIGRATE", run::apply);
        });
  }

  private static List<Step> steps(List<Migration> migrations) {
    List<Migration> ordered = new ArrayList<>(List.copyOf(migrations));
    ordered.sort(Comparator.comparingLong(Migration::version));
    List<Step> steps = new ArrayList<>(ordered.size());
    long previous = 0;
    for (Migration migration : ordered) {
      if (migration.version() == previous) {
        throw new IllegalArgumentException(
            "Version " + previous + " is given twice; each migration has a version of its own");
      }
      previous = migration.version();
      steps.add(new Step(migration, migration.checksum(), statements(migration)));
    }
    return List.copyOf(steps);
  }

  private static List<SqlStatement> statements(Migration migration) {
    List<SqlStatement> statements;
    try {
      statements = SqlScript.parse(migration.sql());
    } catch (InvalidSqlException refused) {
      throw new InvalidSqlException(
          "Migration " + migration.version() + ": " + refused.getMessage(),
          refused.details(),
          refused);
    }
    if (statements.isEmpty()) {
      throw new IllegalArgumentException(
          "Migration " + migration.version() + " has no statements, only comments");
    }
    return statements;
  }
}
