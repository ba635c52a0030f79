package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * COMMIT, and what is known after it failed. An I/O error at COMMIT is unknown, not no: the frames
 * may be in the log and come back at the next recovery. A fence, a later commit that succeeds,
 * overwrites them and so settles the outcome as absent.
 */
final class CommitSteps {

  private static final Logger LOG = LoggerFactory.getLogger(CommitSteps.class);
  private static final int FULL = 13;

  enum Kind {
    COMMITTED,
    ROLLED_BACK,
    UNKNOWN
  }

  /** What is known. */
  record Outcome(Kind kind, @Nullable SqlFailure cause, String why) {
    static final Outcome COMMITTED = new Outcome(Kind.COMMITTED, null, "");

    /** The failure of an outcome that is not a commit. */
    SqlFailure failure() {
      if (cause == null) {
        throw new IllegalStateException("The transaction did not fail: " + why);
      }
      return cause;
    }
  }

  private final WriterServices services;
  private final FileGuard guard;
  private final LogFiles files;
  private final LogGrowth growth;
  private boolean fileReplaced;

  CommitSteps(WriterServices services, FileGuard guard) {
    this.services = services;
    this.guard = guard;
    this.files = new LogFiles(guard.file());
    this.growth = new LogGrowth(files.log(), services.limits().walBytes(), services.timer());
  }

  /** Whether the file was found replaced: nothing may be written any more. */
  boolean isFileReplaced() {
    return fileReplaced;
  }

  /** Told of what was committed, names who makes the log too large. */
  LogGrowth growth() {
    return growth;
  }

  /** Commits the open transaction; afterwards none is open, whatever the outcome. */
  Outcome commit(EngineConnection connection, int units) {
    try {
      return tryCommit(connection, units);
    } catch (Throwable unexpected) {
      // Somewhere around the COMMIT, so nobody can say whether it took effect
      connection.rollback();
      LOG.error("The writer met an error that it does not know at COMMIT", unexpected);
      return new Outcome(Kind.UNKNOWN, null, "the writer met an unexpected error at COMMIT");
    }
  }

  private Outcome tryCommit(EngineConnection connection, int units) {
    files.usedBy(connection);
    long begun = services.timer().nanoTime();
    try {
      connection.commit();
    } catch (SqlFailure failure) {
      return failed(connection, failure);
    }
    services.metrics().groupCommitted(units, services.timer().nanoTime() - begun);
    if (!verifyFile()) {
      return new Outcome(
          Kind.UNKNOWN, null, "the file at the database's path was replaced or removed");
    }
    return verifyLog(connection)
        ? Outcome.COMMITTED
        : new Outcome(
            Kind.UNKNOWN, null, "the database's -wal or -shm file was replaced or removed");
  }

  /** Compares the file at the path with the one that was opened; once replaced, always replaced. */
  boolean verifyFile() {
    if (fileReplaced || guard.unchanged()) {
      return !fileReplaced;
    }
    fileReplaced = true;
    LOG.error(
        "The database file was replaced or removed while it was open; its last commit may be in a"
            + " file that nobody sees. Further writes are refused. Close the database, put the right"
            + " file in place, and open it again");
    return false;
  }

  /** Both files that SQLite keeps beside the database; once lost, always lost. */
  private boolean verifyLog(EngineConnection connection) {
    LogFiles.State state = files.look();
    growth.measured(files.logBytes());
    if (state == LogFiles.State.WELL) {
      return true;
    }
    fileReplaced = true;
    LOG.error(
        "The {} file beside the database was replaced or removed while the database was open, and"
            + " not by SQLite. Further writes are refused. Close the database and open it again",
        state == LogFiles.State.LOG_LOST ? "-wal" : "-shm");
    if (state == LogFiles.State.LOG_LOST) {
      save(connection);
    }
    return false;
  }

  /**
   * Copies what the lost log holds into the database file, as long as this process has it. Not
   * beside the index of somebody else, whose locks we do not see.
   */
  private static void save(EngineConnection connection) {
    try {
      connection.checkpoint(CheckpointMode.PASSIVE);
    } catch (SqlFailure failure) {
      LOG.error("What the log held could not be saved: code {}", failure.code());
    }
  }

  private Outcome failed(EngineConnection connection, SqlFailure failure) {
    boolean outside = connection.rollback();
    boolean wasRefused = failure.isConstraint() || failure.isBusy();
    boolean ranOutOfSpace = (failure.code() & 0xff) == FULL;
    if (outside && (wasRefused || ranOutOfSpace)) {
      return new Outcome(Kind.ROLLED_BACK, failure, "");
    }
    LOG.warn("A COMMIT failed with code {}; settling its outcome", failure.code());
    return connection.fence()
        ? new Outcome(Kind.ROLLED_BACK, failure, "")
        : new Outcome(Kind.UNKNOWN, failure, "the disk failed at COMMIT and again afterwards");
  }

  /** The error of work that ended in a file that is not the database's any more. */
  CommitOutcomeUnknownException fileReplaced(ErrorDetails details) {
    return unknown(
        new Outcome(Kind.UNKNOWN, null, "the file at the database's path was replaced or removed"),
        details);
  }

  /** The error of one unit whose outcome is unknown. */
  CommitOutcomeUnknownException unknown(Outcome outcome, ErrorDetails details) {
    SqlFailure failure = outcome.cause();
    return new CommitOutcomeUnknownException(
        "The write may or may not be committed: "
            + outcome.why()
            + ". Check by an idempotency key before repeating it",
        failure == null ? details : details.withCode(failure.code()),
        failure == null ? null : failure.safeCause());
  }
}
