package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** Each mistake that people make, as they see it: the report of a start that failed. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysesTest {

  @TempDir private Path dir;

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(SqliteAutoConfiguration.class)
  static class Application {}

  private static String report(CapturedOutput output, String... arguments) {
    return FailedStart.report(output, new Class<?>[] {Application.class}, arguments);
  }

  private String file(String name) {
    return "file=" + dir.resolve(name);
  }

  @Test
  void noFileIsNamed(CapturedOutput output) {
    assertThat(report(output))
        .contains("The main database could not be started: no property says which file")
        .contains("Set reactive-sqlite.file")
        .contains("reactive-sqlite.enabled=false");
  }

  @Test
  void noFileIsNamedForANamedDatabase(CapturedOutput output) {
    assertThat(report(output, file("main.db"), "databases.archive.readers=2"))
        .contains("The database 'archive' could not be started")
        .contains("Set reactive-sqlite.databases.archive.file");
  }

  @Test
  void aNamedDatabaseIsCalledMain(CapturedOutput output) {
    assertThat(report(output, "databases.main.file=" + dir.resolve("app.db")))
        .contains("reactive-sqlite.databases.main")
        .contains("choose another name");
  }

  @ParameterizedTest
  @CsvSource({"reactive, reactiveDatabase", "sqlite, sqliteDatabase"})
  void aNamedDatabaseIsCalledAsABeanIs(String name, String bean, CapturedOutput output) {
    assertThat(
            report(output, file("main.db"), "databases." + name + ".file=" + dir.resolve("a.db")))
        .contains("reactive-sqlite.databases." + name)
        .contains("called " + bean)
        .contains("Choose another name");
  }

  @Test
  void aNamedDatabaseIsGivenItsFileAsAValue(CapturedOutput output) {
    assertThat(report(output, file("main.db"), "databases.archive=archive.db"))
        .contains("The database 'archive' could not be started")
        .contains("Set reactive-sqlite.databases.archive.file");
  }

  @ParameterizedTest
  @CsvSource({
    "https://host/app.db, without the prefix of a URL",
    "~/app.db, ${user.home}",
    "'${nowhere}/app.db', the placeholder in reactive-sqlite.file"
  })
  void theFileIsWhatShellsAndPlaceholdersWouldReplace(
      String path, String action, CapturedOutput output) {
    assertThat(report(output, "file=" + path, "create-directories=true"))
        .contains("is not the path of a file")
        .contains(action);
  }

  @Test
  void theFileIsADirectory(CapturedOutput output) {
    assertThat(report(output, "file=" + dir))
        .contains(dir + " is a directory")
        .contains("Name a file in that directory in reactive-sqlite.file")
        .doesNotContain("create-directories");
  }

  @Test
  void theTimeOfTheSchemaIsNotPositive(CapturedOutput output) {
    assertThat(report(output, file("app.db"), "schema.timeout=0s"))
        .contains("schema.timeout is positive, not PT0S")
        .contains("Correct these properties below reactive-sqlite;");
  }

  @Test
  void theFileIsAUrl(CapturedOutput output) {
    assertThat(report(output, "file=jdbc:sqlite:app.db"))
        .contains("\"jdbc:sqlite:app.db\" is not the path of a file")
        .contains("without the prefix of a URL");
  }

  @Test
  void theFileIsInMemory(CapturedOutput output) {
    assertThat(report(output, "file=:memory:"))
        .contains("\":memory:\" is not the path of a file")
        .contains("There is no database in memory")
        .contains("SqliteDatabase.temporary()");
  }

  @Test
  void theDirectoryIsMissing(CapturedOutput output) {
    assertThat(report(output, "file=" + dir.resolve("missing/app.db")))
        .contains(dir.resolve("missing/app.db").toString())
        .contains("set reactive-sqlite.create-directories=true");
  }

  @Test
  void theFileIsNoDatabase(CapturedOutput output) throws Exception {
    Files.writeString(dir.resolve("notes.txt"), "These are notes, not a database.".repeat(50));

    assertThat(report(output, file("notes.txt")))
        .contains("the file is something else, or encrypted")
        .contains("Nothing was changed in it");
  }

  @Test
  void theFileIsOpenAlready(CapturedOutput output) {
    assertThat(report(output, file("app.db"), "databases.archive.file=" + dir.resolve("app.db")))
        .contains("The database 'archive' in " + dir.resolve("app.db"))
        .contains("Give each database a file of its own")
        .contains("In tests");
  }

  @Test
  void anotherProcessHoldsTheLock(CapturedOutput output) throws Exception {
    try (SqliteDatabase made = SqliteDatabase.open(dir.resolve("app.db"))) {
      assertThat(made.name()).isEqualTo("app");
    }
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("app.db"));
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA locking_mode=EXCLUSIVE");
      statement.execute("BEGIN EXCLUSIVE");
      statement.execute("CREATE TABLE held (x)");

      assertThat(report(output, file("app.db"), "lock-timeout=200ms"))
          .contains("Another process holds the file's lock")
          .contains("reactive-sqlite.lock-timeout");
    }
  }

  @Test
  void knobsAreOutOfRange(CapturedOutput output) {
    assertThat(report(output, file("app.db"), "readers=1", "page-size=5000B", "lock-timeout=-1s"))
        .contains("readers")
        .contains("pageSize")
        .contains("lockTimeout")
        .contains("Correct these properties below reactive-sqlite;");
  }

  @Test
  void theRetryPolicyContradictsItself(CapturedOutput output) {
    assertThat(
            report(
                output, file("app.db"), "retry-policy.preset=patient", "retry-policy.first=50ms"))
        .contains("retry-policy.preset and retry-policy.first exclude each other");
  }

  @Test
  void theSchemaScriptIsMissing(CapturedOutput output) {
    assertThat(report(output, file("app.db"), "schema.script=classpath:nowhere.sql"))
        .contains("the schema script classpath:nowhere.sql does not exist")
        .contains("reactive-sqlite.schema.script");
  }

  @Test
  void theSchemaScriptHasAMistake(CapturedOutput output) throws Exception {
    Files.writeString(dir.resolve("schema.sql"), "CREATE TABEL book (id INTEGER)");

    assertThat(report(output, file("app.db"), "schema.script=file:" + dir.resolve("schema.sql")))
        .contains("Correct the schema's SQL")
        .contains("CREATE TABLE IF NOT EXISTS");
  }

  @Test
  void aMigrationHasABadName(CapturedOutput output) throws Exception {
    Path migrations = Files.createDirectory(dir.resolve("migrations"));
    Files.writeString(migrations.resolve("1-create.sql"), "CREATE TABLE book (id INTEGER)");

    assertThat(report(output, file("app.db"), "schema.migrations=file:" + migrations))
        .contains("1-create.sql")
        .contains("V1__create_book.sql");
  }

  @Test
  void anAppliedMigrationWasChanged(CapturedOutput output) throws Exception {
    Path migrations = Files.createDirectory(dir.resolve("migrations"));
    Files.writeString(migrations.resolve("V1__create.sql"), "CREATE TABLE book (id INTEGER)");
    SpringApplication application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application
        .run(
            "--reactive-sqlite." + file("app.db"),
            "--reactive-sqlite.schema.migrations=file:" + migrations)
        .close();
    Files.writeString(migrations.resolve("V1__create.sql"), "CREATE TABLE books (id INTEGER)");

    assertThat(report(output, file("app.db"), "schema.migrations=file:" + migrations))
        .contains("must never change");
  }

  @Test
  void aMigrationFails(CapturedOutput output) throws Exception {
    Path migrations = Files.createDirectory(dir.resolve("migrations"));
    Files.writeString(migrations.resolve("V1__create.sql"), "INSERT INTO nowhere VALUES (1)");

    assertThat(report(output, file("app.db"), "schema.migrations=file:" + migrations))
        .contains("no such table")
        .contains("correct it and start again");
  }

  @Test
  void thereAreAScriptAndMigrations(CapturedOutput output) throws Exception {
    Path migrations = Files.createDirectory(dir.resolve("migrations"));
    Files.writeString(migrations.resolve("V1__create.sql"), "CREATE TABLE book (id INTEGER)");
    Files.writeString(dir.resolve("schema.sql"), "CREATE TABLE IF NOT EXISTS book (id INTEGER)");

    assertThat(
            report(
                output,
                file("app.db"),
                "schema.script=file:" + dir.resolve("schema.sql"),
                "schema.migrations=file:" + migrations))
        .contains("only one of them can be in charge")
        .contains("reactive-sqlite.schema.enabled=false");
  }

  /** What cannot be provoked everywhere: as root, with a healthy disk, with this build's driver. */
  @ParameterizedTest
  @CsvSource({
    "CANNOT_OPEN, write the directory",
    "PERMISSION, its directory",
    "READ_ONLY, its directory",
    "DISK_FULL, Free space",
    "CORRUPT, Restore a backup",
    "UNSUPPORTED_VERSION, sqlite-jdbc.version",
    "IO_ERROR, the disk below it"
  })
  void theDiskOrTheDriverIsToBlame(StorageException.Kind kind, String action) {
    StorageException storage = new StorageException("It failed", ErrorDetails.NONE, kind);
    Path file = dir.resolve("app.db");

    FailureAnalysis analysis =
        new DatabaseStartFailureAnalyzer()
            .analyze(new RuntimeException(new DatabaseStartException("main", file, storage)));

    assertThat(analysis.getDescription()).contains(file.toString()).contains("It failed");
    assertThat(analysis.getAction()).contains(action);
  }
}
