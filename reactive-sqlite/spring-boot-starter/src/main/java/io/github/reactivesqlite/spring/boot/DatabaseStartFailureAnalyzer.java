package io.github.reactivesqlite.spring.boot;

import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.MigrationException;
import io.github.reactivesqlite.error.StorageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in words what kept a database from starting, and which property or step helps. */
final class DatabaseStartFailureAnalyzer extends AbstractFailureAnalyzer<DatabaseStartException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, DatabaseStartException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return new FailureAnalysis(description(failure, cause), action(failure, cause), failure);
  }

  private static String description(DatabaseStartException failure, Throwable cause) {
    StringBuilder text = new StringBuilder(failure.subject());
    if (failure.file() != null) {
      text.append(" in ").append(failure.file().toAbsolutePath());
    }
    text.append(" could not be started: ").append(cause.getMessage());
    if (cause instanceof DatabaseException database) {
      database.sql().ifPresent(sql -> text.append(" [").append(sql).append(']'));
    }
    return text.toString();
  }

  private static String action(DatabaseStartException failure, Throwable cause) {
    if (cause instanceof StorageException storage) {
      return stored(failure, storage.kind());
    }
    if (cause instanceof MissingFileException) {
      return "Set "
          + failure.property("file")
          + ", for example to data/app.db. If the application has no SQLite database of its own,"
          + " set reactive-sqlite.enabled=false.";
    }
    if (cause instanceof NotAPathException wrong) {
      return wrong.advice(failure.property("file"));
    }
    String other = schema(failure, cause);
    return other != null ? other : unreadable(failure, cause);
  }

  private static String stored(DatabaseStartException failure, StorageException.Kind kind) {
    String file = failure.property("file");
    return switch (kind) {
      case CANNOT_OPEN -> cannotOpen(failure);
      case PERMISSION, READ_ONLY ->
          "Let the user who runs the application write the file and its directory: SQLite keeps"
              + " its log beside the file.";
      case NOT_A_DATABASE ->
          "Check "
              + file
              + ": the file is something else, or encrypted, which is not supported. Nothing was"
              + " changed in it.";
      case ALREADY_OPEN ->
          "Give each database a file of its own, and inject one SqliteDatabase wherever it is"
              + " needed instead of opening the file again. In tests, Spring keeps the contexts of"
              + " earlier test classes open: give each a file of its own there, for example "
              + file
              + "=${java.io.tmpdir}/${random.uuid}.db";
      case UNSUPPORTED_VERSION ->
          "Spring Boot manages the version of sqlite-jdbc. Set the property sqlite-jdbc.version of"
              + " the build to 3.54.1.0 or newer; to accept the risk, set "
              + failure.property("accept-vulnerable-sqlite")
              + "=true.";
      case DISK_FULL -> "Free space on the volume of the file.";
      case CORRUPT ->
          "Restore a backup. To see what is damaged, run: sqlite3 <file> 'PRAGMA integrity_check'";
      default -> "Look at the file, its directory and the disk below it.";
    };
  }

  private static String cannotOpen(DatabaseStartException failure) {
    String property = failure.property("file");
    Path file = failure.file() == null ? Path.of("") : failure.file().toAbsolutePath();
    if (Files.isDirectory(file)) {
      return "Name a file in that directory in " + property + ", for example app.db.";
    }
    Path directory = file.getParent();
    return directory != null && Files.isDirectory(directory)
        ? "Correct " + property + ", or let the user who runs the application write the directory."
        : "Create the directory, correct "
            + property
            + ", or set "
            + failure.property("create-directories")
            + "=true.";
  }

  private static @Nullable String schema(DatabaseStartException failure, Throwable cause) {
    if (cause instanceof DatabaseBusyException) {
      return "Another process holds the file's lock: find it (lsof, fuser), let it end its"
          + " transaction, or raise "
          + failure.property("lock-timeout")
          + ".";
    }
    if (cause instanceof MigrationException) {
      return "A migration that was applied must never change; write a new one with the next"
          + " version. One that failed was rolled back: correct it and start again.";
    }
    if (cause instanceof SchemaConfigurationException) {
      return "Correct the schema's files, or the properties "
          + failure.property("schema.script")
          + " and "
          + failure.property("schema.migrations")
          + "; "
          + failure.property("schema.enabled")
          + "=false turns both off.";
    }
    return cause instanceof InvalidSqlException
        ? "Correct the schema's SQL. A script runs at every start, so write CREATE TABLE IF NOT"
            + " EXISTS, and use migrations for what may run only once."
        : null;
  }

  private static String unreadable(DatabaseStartException failure, Throwable cause) {
    if (cause instanceof InvalidPathException) {
      return "Correct " + failure.property("file") + ".";
    }
    return cause instanceof IllegalArgumentException
        ? "Correct these properties below "
            + failure.prefix()
            + "; docs/configuration.md of the library has the range of each."
        : "See the message above, and the cause in the log.";
  }
}
