package io.github.reactivesqlite.spring.boot.jobs;

import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.jobs.JobException;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in words what kept the jobs from their tables, and which property or step helps. */
final class JobsStartFailureAnalyzer extends AbstractFailureAnalyzer<JobsStartException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, JobsStartException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String description = String.valueOf(failure.getMessage());
    if (cause instanceof DatabaseException database) {
      description += database.sql().map(sql -> " [" + sql + "]").orElse("");
    }
    return new FailureAnalysis(description, action(failure.database(), cause), failure);
  }

  private static String action(JobsDatabase database, Throwable cause) {
    if (cause instanceof DatabaseBusyException) {
      return "Another process holds the file's lock: find it (lsof, fuser), let it end its"
          + " transaction, or raise "
          + database.property("lock-timeout")
          + ", and reactive-sqlite.jobs.migrate-timeout above it.";
    }
    if (cause instanceof TimeoutException) {
      return "Another process may hold the file's lock (lsof, fuser), or the disk be slow. Raise"
          + " reactive-sqlite.jobs.migrate-timeout if it only needs longer.";
    }
    if (cause instanceof StorageException storage) {
      return stored(storage.kind());
    }
    if (cause instanceof JobException) {
      return "Start the newer version of the application that made the tables, or restore a backup"
          + " from before it. To start without jobs, set reactive-sqlite.jobs.enabled=false.";
    }
    return cause instanceof InvalidSqlException
        ? "Tables whose names begin with jobs_ belong to the jobs. Rename the application's own, or"
            + " set reactive-sqlite.jobs.database to another database."
        : "See the message above, and the cause in the log. To start without jobs, set"
            + " reactive-sqlite.jobs.enabled=false.";
  }

  private static String stored(StorageException.Kind kind) {
    return switch (kind) {
      case PERMISSION, READ_ONLY ->
          "Let the user who runs the application write the file and its directory: SQLite keeps"
              + " its log beside the file.";
      case DISK_FULL -> "Free space on the volume of the file.";
      case CORRUPT ->
          "Restore a backup. To see what is damaged, run: sqlite3 <file> 'PRAGMA integrity_check'";
      case FILE_REPLACED -> "Put the right file in its place, and start again.";
      default -> "Look at the file, its directory and the disk below it.";
    };
  }
}
