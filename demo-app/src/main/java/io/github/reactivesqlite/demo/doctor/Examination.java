package io.github.reactivesqlite.demo.doctor;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.sqlite.Maintenance;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.IntegrityReport;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.config.WalSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;

/** Looks into a database through reactive-sqlite. */
final class Examination {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration LONGEST_CHECK = Duration.ofMinutes(30);
  private static final long LARGEST_COPY = 1024L * 1024 * 1024;
  private static final int MOST_PROBLEMS = 10;

  /** Opens a file that is in WAL mode already, so that opening changes nothing. */
  static void inPlace(Path file, Findings findings) {
    try (SqliteDatabase database = open(file)) {
      Maintenance maintenance = database.maintenance();
      maintenance
          .walSize()
          .doOnNext(wal -> describe(wal, findings))
          .then(maintenance.settings())
          .doOnNext(settings -> describe(settings, findings))
          .then(maintenance.integrityCheck())
          .doOnNext(report -> describe(report, findings))
          .block(LONGEST_CHECK);
    } catch (DatabaseException e) {
      findings.problem(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Checks a private copy, as opening the file itself would change its journal mode for good. A
   * copy during which somebody wrote is worth nothing, and says so.
   */
  static void ofCopy(Path file, FileHeader before, Findings findings) throws IOException {
    if (Files.size(file) > LARGEST_COPY) {
      findings.fact("Integrity", "not checked: too large to be copied");
      return;
    }
    Path folder = Files.createTempDirectory("doctor");
    Path copy = folder.resolve("copy.db");
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      Files.copy(file, copy);
      if (Surroundings.hasJournal(file)
          || !FileHeader.read(file).equals(Optional.of(before))
          || !Files.getLastModifiedTime(file).equals(changed)) {
        findings.fact(
            "Integrity", "not checked: somebody is writing, or was when the program died");
        return;
      }
      try (SqliteDatabase database = open(copy)) {
        database
            .maintenance()
            .integrityCheck()
            .doOnNext(report -> describe(report, findings))
            .block(LONGEST_CHECK);
      } catch (DatabaseException e) {
        findings.problem(String.valueOf(e.getMessage()));
      }
    } finally {
      for (String suffix : new String[] {"-wal", "-shm", ""}) {
        Files.deleteIfExists(Surroundings.beside(copy, suffix));
      }
      Files.delete(folder);
    }
  }

  /** No schedule of ours is to touch somebody else's file. */
  private static SqliteDatabase open(Path file) {
    return SqliteDatabase.builder(file).config(Examination::passive).build();
  }

  private static SqliteConfigBuilder passive(SqliteConfigBuilder config) {
    return config
        .name("doctor")
        .readers(2)
        .lockTimeout(PATIENCE)
        .acquireTimeout(PATIENCE)
        .closeTimeout(PATIENCE)
        .optimizeInterval(Duration.ZERO)
        .truncateInterval(Duration.ZERO);
  }

  private static void describe(WalSize wal, Findings findings) {
    findings.fact(
        "WAL frames",
        wal.frames() + ", of which " + wal.pendingFrames() + " are not in the file yet");
  }

  private static void describe(Settings settings, Findings findings) {
    findings.fact(
        "Settings",
        "in force on a connection of reactive-sqlite (SQLite "
            + settings.sqliteVersion()
            + ", driver "
            + settings.driverVersion()
            + ")");
    settings
        .values()
        .forEach((name, value) -> findings.more(String.format("%-28s%s", name, value)));
  }

  private static void describe(IntegrityReport report, Findings findings) {
    findings.fact("Integrity", report.ok() ? "ok" : report.problems().size() + " problems");
    report.problems().stream().limit(MOST_PROBLEMS).forEach(findings::more);
    if (!report.ok()) {
      findings.problem(
          "The file is damaged. Copy it with its log to a safe place, then restore a backup, or"
              + " save what can be read: sqlite3 FILE .recover");
    }
  }

  private Examination() {}
}
