package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.LogFiles;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * COMMIT, and what is known after it failed. An I/O error at COMMIT is unknown, not no: the frames
 * may be in the log and come back at the next recovery. A fence, a later commit that succeeds,
 * overwrites them and so settles the outcome as absent.
 */
final class CommitSteps {

  private static final Logger LOG = SteadyLogger.of(CommitSteps.class);
  private static final String FILE_LOST = "the file at the database's path was replaced or removed";
  private static final String LOG_LOST = "the database's -wal or -shm file was replaced or removed";
  private static final String NOT_SEEN =
      "the database's files could not be looked at, so it is not known whether they are still those"
          + " that were opened";

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
  private final HoldWatch watch;
  private final LogFiles files;
  private final LogGrowth growth;
  private boolean fileReplaced;
  private boolean unsaved;

  CommitSteps(WriterServices services, FileGuard guard, HoldWatch watch) {
    this.services = services;
    this.guard = guard;
    this.watch = watch;
    this.files = guard.logFiles();
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
    watch.pauseHold(begun);
    try {
      connection.commit();
    } catch (SqlFailure failure) {
      // No meter tells the time of a COMMIT that failed: it stays in the hold
      watch.resumeHold(begun);
      return failed(connection, failure);
    }
    long ended = services.timer().nanoTime();
    watch.resumeHold(ended);
    services.metrics().groupCommitted(units, ended - begun);
    String doubt = doubt(connection);
    return doubt == null ? Outcome.COMMITTED : new Outcome(Kind.UNKNOWN, null, doubt);
  }

  /** Why what was just written may not be where others look for it; null if it is. */
  private @Nullable String doubt(EngineConnection connection) {
    long before = services.timer().nanoTime();
    if (guard.directory().isUntouched(before) && !fileReplaced) {
      return null;
    }
    if (!verifyFile()) {
      return fileReplaced ? FILE_LOST : NOT_SEEN;
    }
    if (!verifyLog(connection)) {
      return fileReplaced ? LOG_LOST : NOT_SEEN;
    }
    guard.directory().foundWell(before);
    return null;
  }

  /**
   * Compares the file at the path with the one that was opened; once replaced, always replaced. One
   * that cannot be looked at is looked at again the next time.
   */
  boolean verifyFile() {
    if (fileReplaced) {
      return false;
    }
    FileGuard.Look look = guard.look();
    if (look == FileGuard.Look.SAME) {
      return true;
    }
    if (look == FileGuard.Look.UNSEEN) {
      LOG.warn("The database file could not be looked at; the next write looks again");
      return false;
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
    if (state == LogFiles.State.WELL) {
      return true;
    }
    if (state == LogFiles.State.UNSEEN) {
      LOG.warn("The -wal and -shm files could not be looked at; the next write looks again");
      return false;
    }
    fileReplaced = true;
    LOG.error(
        "The {} file beside the database was replaced or removed while the database was open, and"
            + " not by SQLite. Further writes are refused. Close the database and open it again",
        state == LogFiles.State.LOG_LOST ? "-wal" : "-wal or -shm");
    if (state == LogFiles.State.LOG_LOST) {
      save(connection);
    }
    return false;
  }

  /**
   * Whether the connection may be replaced. Not once a file was lost: as the last one, it would
   * copy its log into the file when it is closed, and delete the log that is there now.
   */
  boolean mayRenew(EngineConnection connection) {
    verifyFile();
    if (!fileReplaced && files.isKnownOf(connection)) {
      verifyLog(connection);
    }
    if (!fileReplaced) {
      files.forget();
      guard.directory().forget();
    }
    return !fileReplaced;
  }

  /** Before exclusive work. */
  void exclusiveBegins(EngineConnection connection) {
    files.seenBy(connection);
  }

  /**
   * After exclusive work, which may have committed by itself.
   *
   * @return the error of work that ended in files that are not the database's any more, or may not
   *     be; null if they are
   */
  @Nullable CommitOutcomeUnknownException exclusiveEnded(
      EngineConnection connection, ErrorDetails details) {
    growth.look();
    boolean well = verifyFile();
    String doubt = well ? null : fileReplaced ? FILE_LOST : NOT_SEEN;
    if (well && files.isKnownOf(connection) && !verifyLog(connection)) {
      doubt = fileReplaced ? LOG_LOST : NOT_SEEN;
    }
    return doubt == null ? null : unknown(new Outcome(Kind.UNKNOWN, null, doubt), details);
  }

  /**
   * Copies what the lost log holds into the database file, as long as this process has it. Not
   * beside the index of somebody else, whose locks we do not see. A read of our own may keep a part
   * of it from being copied.
   */
  private void save(EngineConnection connection) {
    boolean retry = unsaved;
    unsaved = true;
    try {
      CheckpointResult saved = connection.checkpoint(CheckpointMode.PASSIVE);
      unsaved = saved.busy() || !saved.complete();
      if (!unsaved) {
        LOG.info("What the lost log held was saved: {} frames", saved.walFrames());
      } else if (!retry) {
        LOG.error(
            "Of the {} frames of the lost log, {} could be saved, as a read still needs the pages"
                + " of before. The next write and the close try again",
            saved.walFrames(),
            saved.checkpointedFrames());
      }
    } catch (SqlFailure failure) {
      if (!retry) {
        LOG.error(
            "What the log held could not be saved: code {}. The next write and the close try again",
            failure.code());
      }
    }
  }

  /** Tries again to copy what a lost log holds, if not all of it could be copied. */
  void saveTheRest(EngineConnection connection) {
    if (unsaved && files.look() == LogFiles.State.LOG_LOST) {
      save(connection);
    }
  }

  private Outcome failed(EngineConnection connection, SqlFailure failure) {
    boolean outside = connection.rollback();
    boolean wasRefused = failure.isConstraint() || failure.isBusy();
    if (outside && (wasRefused || failure.isFull())) {
      return new Outcome(Kind.ROLLED_BACK, failure, "");
    }
    LOG.warn("A COMMIT failed with code {}; settling its outcome", failure.code());
    return connection.fence()
        ? new Outcome(Kind.ROLLED_BACK, failure, "")
        : new Outcome(Kind.UNKNOWN, failure, "the disk failed at COMMIT and again afterwards");
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
