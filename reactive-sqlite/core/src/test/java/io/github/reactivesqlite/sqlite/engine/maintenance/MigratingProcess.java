package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** A program of its own that migrates one file as soon as the others are there too. */
final class MigratingProcess {

  static final int MIGRATIONS = 30;

  private MigratingProcess() {}

  static List<Migration> migrations() {
    return LongStream.rangeClosed(1, MIGRATIONS)
        .mapToObj(
            version ->
                Migration.of(
                    version,
                    "table " + version,
                    "CREATE TABLE t" + version + " (x); INSERT INTO t" + version + " VALUES (1)"))
        .toList();
  }

  /** Arguments: the database, the file to write the applied versions to, the file to wait for. */
  public static void main(String[] arguments) throws IOException {
    Path result = Path.of(arguments[1]);
    Files.writeString(result.resolveSibling(result.getFileName() + ".ready"), "");
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!Files.exists(Path.of(arguments[2])) && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
    }
    try (SqliteDatabase database = SqliteDatabase.open(Path.of(arguments[0]))) {
      MigrationReport report = database.migrate(migrations()).block(Duration.ofSeconds(60));
      List<String> applied = report.applied().stream().map(String::valueOf).toList();
      Files.write(result, applied);
    }
  }
}
