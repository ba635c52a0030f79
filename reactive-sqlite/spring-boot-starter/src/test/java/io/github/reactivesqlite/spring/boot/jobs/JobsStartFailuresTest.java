package io.github.reactivesqlite.spring.boot.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.spring.boot.FailedStart;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.spring.boot.TwoOwnDatabases;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What keeps jobs from starting, as people see it: the report of a start that failed. */
@ExtendWith(OutputCaptureExtension.class)
class JobsStartFailuresTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({SqliteAutoConfiguration.class, SqliteJobsAutoConfiguration.class})
  static class Application {}

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(SqliteJobsAutoConfiguration.class)
  static class WithoutViews {
    @Bean
    SqliteDatabase own() {
      return SqliteDatabase.temporary();
    }
  }

  private String report(CapturedOutput output, String... arguments) {
    return FailedStart.report(output, new Class<?>[] {Application.class}, arguments);
  }

  private String file(String name) {
    return "file=" + dir.resolve(name);
  }

  private Connection other() throws Exception {
    return DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("app.db"));
  }

  private void make(String... statements) throws Exception {
    try (SqliteDatabase made = SqliteDatabase.open(dir.resolve("app.db"))) {
      Jobs.of(made).migrate().block(WAIT);
    }
    try (Connection other = other();
        Statement statement = other.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void anotherProcessHoldsTheLock(CapturedOutput output) throws Exception {
    make();
    try (Connection other = other();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");

      assertThat(report(output, file("app.db"), "lock-timeout=200ms"))
          .contains("The tables of the jobs could not be made or brought up to date")
          .contains("in the main database")
          .contains("Another process holds the file's lock")
          .contains("raise reactive-sqlite.lock-timeout,")
          .contains("reactive-sqlite.jobs.migrate-timeout");
      assertThat(
              report(
                  output,
                  "databases.archive." + file("app.db"),
                  "databases.archive.lock-timeout=200ms"))
          .contains("in database 'archive'")
          .contains("raise reactive-sqlite.databases.archive.lock-timeout,");
    }
  }

  @Test
  void theTimeIsOverBeforeTheLockIsFree(CapturedOutput output) throws Exception {
    make();
    try (Connection other = other();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");

      assertThat(report(output, file("app.db"), "jobs.migrate-timeout=200ms"))
          .contains("this did not end within 200 ms")
          .contains("Raise reactive-sqlite.jobs.migrate-timeout");
    }
  }

  @Test
  void aNewerVersionHasMadeTheTables(CapturedOutput output) throws Exception {
    make("INSERT INTO jobs_schema (version, applied_at) VALUES (1000, 0)");

    assertThat(report(output, file("app.db")))
        .contains("at version 1000")
        .contains("Start the newer version of the application")
        .contains("reactive-sqlite.jobs.enabled=false");
  }

  @Test
  void theApplicationHasTablesOfTheSameName(CapturedOutput output) throws Exception {
    try (Connection other = other();
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE jobs_schema (title TEXT)");
    }

    assertThat(report(output, file("app.db")))
        .contains("no such column")
        .contains("Tables whose names begin with jobs_")
        .contains("set reactive-sqlite.jobs.database");
  }

  @Test
  void noneOfTheDatabasesIsTheMainOne(CapturedOutput output) {
    Class<?>[] own = {Application.class, TwoOwnDatabases.class};

    assertThat(report(output, "databases.a." + file("a.db"), "databases.b." + file("b.db")))
        .contains("none of them is the main one")
        .contains("Set reactive-sqlite.jobs.database to one of these: a, b; or declare");
    assertThat(FailedStart.report(output, own, "databases.archive." + file("archive.db")))
        .contains("none of them is the main one")
        .contains("Set reactive-sqlite.jobs.database to one of these: archive; or declare");
    assertThat(FailedStart.report(output, own))
        .contains("none of them is the main one")
        .contains("Declare the TransactionAwareDatabase")
        .contains("reactive-sqlite.jobs.enabled=false");
  }

  @Test
  void theOnlyDatabaseHasNoView(CapturedOutput output) {
    assertThat(FailedStart.report(output, new Class<?>[] {WithoutViews.class}))
        .contains("There is no TransactionAwareDatabase")
        .contains("Declare TransactionAwareDatabase.of(database)")
        .doesNotContain("several");
  }

  @Test
  void theDatabaseOfTheJobsIsUnknown(CapturedOutput output) {
    assertThat(
            report(
                output,
                file("main.db"),
                "databases.archive." + file("archive.db"),
                "jobs.database=archives"))
        .contains("reactive-sqlite.jobs.database")
        .contains("There is no database of that name. There are: archive, main");
  }

  /** What cannot be provoked everywhere: as root, with a healthy disk. */
  @ParameterizedTest
  @CsvSource({
    "PERMISSION, its directory",
    "READ_ONLY, its directory",
    "DISK_FULL, Free space",
    "CORRUPT, Restore a backup",
    "FILE_REPLACED, the right file",
    "IO_ERROR, the disk below it"
  })
  void theDiskIsToBlame(StorageException.Kind kind, String action) {
    FailureAnalysis analysis = analyzed(new StorageException("It failed", ErrorDetails.NONE, kind));

    assertThat(analysis.getDescription()).contains("in the main database: It failed");
    assertThat(analysis.getAction()).contains(action);
  }

  private static FailureAnalysis analyzed(DatabaseException cause) {
    JobsDatabase database = new JobsDatabase("main", "reactiveDatabase", true);
    return new JobsStartFailureAnalyzer()
        .analyze(new RuntimeException(new JobsStartException(database, cause)));
  }
}
