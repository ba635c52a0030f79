package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.TransactionTimeoutException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.FatalErrors;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * An interactive transaction that holds the writer. Its steps queue here; the writer runs them one
 * by one and nothing else until it has ended.
 *
 * <p>Owner of the fields: {@code steps}, {@code ended} and its cause are guarded by the monitor;
 * the rest of the state is the writer thread's, except {@code abortReason} and {@code
 * rollbackAsked}, which anybody may set once.
 */
public final class OpenTransaction {

  /** Why somebody ended it from outside. */
  public enum Reason {
    /** Its time was over. */
    TIMEOUT,
    /** Its subscriber cancelled. */
    CANCELLED,
    /** The database is closing. */
    CLOSED,
    /** An operator behind one of its steps threw an error that Reactor takes for fatal. */
    THROWN
  }

  private static final Logger LOG = SteadyLogger.of(OpenTransaction.class);
  private static final int MOST_STEPS = 1_024;

  private final EngineConnection connection;
  private final WriterServices services;
  private final OperationSettings settings;
  private final CommitSteps commits;
  private final SchemaChanges schema;
  private final ChangeTracker changes;
  private final Runnable signal;

  private final AtomicReference<@Nullable Reason> abortReason = new AtomicReference<>();
  private final Sinks.One<Object> timedOut = Sinks.one();
  private final ArrayDeque<TransactionStep<?>> steps = new ArrayDeque<>();
  private @Nullable End ended;
  private @Nullable Throwable causeOfDeath;
  private @Nullable Disposable timeout;
  private volatile boolean rollbackAsked;
  private @Nullable TransactionStep<?> running;
  private boolean changedSchema;
  private int savepoints;

  /** How it ended. */
  private enum End {
    COMMITTED,
    ROLLED_BACK,
    TIMED_OUT,
    CLOSED,
    DIED,
    THROWN,
    UNKNOWN
  }

  OpenTransaction(
      EngineConnection connection,
      WriterServices services,
      OperationSettings settings,
      CommitSteps commits,
      SchemaChanges schema,
      ChangeTracker changes,
      Runnable signal) {
    this.connection = connection;
    this.services = services;
    this.settings = settings;
    this.commits = commits;
    this.schema = schema;
    this.changes = changes;
    this.signal = signal;
    commits.growth().begun();
    changes.begun();
  }

  void startTimeout() {
    timeout = services.timer().schedule(() -> abort(Reason.TIMEOUT), settings.transactionNanos());
  }

  /** The settings of the view that began it. */
  public OperationSettings settings() {
    return settings;
  }

  /** Whether it is still open. */
  public synchronized boolean isOpen() {
    return ended == null;
  }

  /** Fails when the transaction's time is over or its database closes; else never signals. */
  public <T> Mono<T> timedOut() {
    return timedOut.asMono().flatMap(never -> Mono.empty());
  }

  /** Ends it from outside: its running statement is stopped, and the writer rolls it back. */
  public void abort(Reason reason) {
    if (isOpen() && abortReason.compareAndSet(null, reason)) {
      signal.run();
    }
  }

  /** An operator behind a step threw instead of signalling: the work may never end by itself. */
  void subscriberThrew(Throwable error) {
    synchronized (this) {
      if (ended == null && causeOfDeath == null) {
        causeOfDeath = error;
      }
    }
    abort(Reason.THROWN);
  }

  boolean isAborted() {
    return abortReason.get() != null;
  }

  /**
   * A rollback waits for its turn: a statement whose subscriber has gone is not worth finishing.
   */
  void askForRollback() {
    rollbackAsked = true;
  }

  boolean isRollbackAsked() {
    return rollbackAsked;
  }

  WriterServices services() {
    return services;
  }

  /** Queues a step; refused when the transaction has ended. */
  void submit(TransactionStep<?> step) {
    DatabaseException refused;
    synchronized (this) {
      if (ended != null) {
        refused = null;
      } else if (steps.size() >= MOST_STEPS) {
        refused =
            new WriteQueueFullException(
                "The transaction has "
                    + MOST_STEPS
                    + " statements waiting; compose them with concatMap instead of subscribing to"
                    + " all at once",
                details(),
                steps.size(),
                MOST_STEPS);
      } else {
        steps.add(step);
        signal.run();
        return;
      }
    }
    if (refused != null) {
      step.answerLater(refused);
    } else {
      step.afterEnd(this);
    }
  }

  void remove(TransactionStep<?> step) {
    synchronized (this) {
      steps.remove(step);
    }
  }

  /**
   * Runs the next step, on the writer's thread.
   *
   * @return false when there is none
   */
  boolean runNext() {
    Reason reason = abortReason.get();
    if (reason != null) {
      rollBack(endOf(reason));
      return true;
    }
    TransactionStep<?> step = nextStep();
    if (step == null) {
      return false;
    }
    running = step;
    connection.stopSignal(step);
    try {
      step.runIn(this, connection);
      running = null;
    } finally {
      connection.stopSignal(StopSignal.NONE);
      if (isOpen()) {
        changes.unitDone(connection);
      }
      // An interrupt that a chunk's unit leaves behind is not meant for the next step
      Thread.interrupted();
    }
    return true;
  }

  private static End endOf(Reason reason) {
    return switch (reason) {
      case TIMEOUT -> End.TIMED_OUT;
      case CLOSED -> End.CLOSED;
      case CANCELLED -> End.ROLLED_BACK;
      case THROWN -> End.THROWN;
    };
  }

  void noteSchemaChange() {
    changedSchema = true;
    changes.schemaChanged();
    connection.forgetTraits();
  }

  String nextSavepoint() {
    savepoints++;
    return "reactive_sqlite_savepoint_" + savepoints;
  }

  /** After a failed step: somebody may have ended it meanwhile, or SQLite by itself. */
  void checkAlive() {
    Reason reason = abortReason.get();
    if (reason != null) {
      rollBack(endOf(reason));
    } else if (!connection.isInTransaction()) {
      end(End.DIED);
    }
  }

  /** What a failed step was answered with: if SQLite ended the transaction, this is why. */
  synchronized void noteFailure(Throwable error) {
    if (ended == End.DIED && causeOfDeath == null) {
      causeOfDeath = error;
    }
  }

  /** The writer met an error of its own; its connection is closed next, which rolls back. */
  void writerFailed() {
    end(End.DIED);
    TransactionStep<?> step = running;
    if (step != null) {
      step.afterEnd(this);
      running = null;
    }
  }

  /** Commits; the answer says what is known. */
  @Nullable Throwable commit() {
    if (isAborted()) {
      Reason reason = abortReason.get();
      rollBack(reason == null ? End.ROLLED_BACK : endOf(reason));
      return endedError();
    }
    CommitSteps.Outcome outcome = watchedCommit();
    switch (outcome.kind()) {
      case COMMITTED -> {
        noteCommitted();
        changes.committed();
        return null;
      }
      case ROLLED_BACK -> {
        end(End.ROLLED_BACK);
        services.metrics().unitFailed();
        SqlFailure failure = outcome.failure();
        return failure.toWriterException(details());
      }
      default -> {
        end(End.UNKNOWN);
        changes.committed();
        services.metrics().unitFailed();
        return commits.unknown(outcome, details());
      }
    }
  }

  /** It has taken effect: nothing that goes wrong from now on makes it a failure. */
  private void noteCommitted() {
    try {
      end(End.COMMITTED);
      commits.growth().committed(this);
      services.metrics().unitsCommitted(1);
      if (changedSchema) {
        connection.clearStatements();
        schema.changed();
      }
    } catch (Throwable afterwards) {
      LOG.error("A transaction was committed, but its notes could not be made", afterwards);
    }
  }

  private CommitSteps.Outcome watchedCommit() {
    connection.stopSignal(StopSignal.NONE);
    CommitOutcomeUnknownException overdue =
        new CommitOutcomeUnknownException(
            "COMMIT has not come back within commitTimeout: the transaction may or may not be"
                + " committed. The disk is slow or stuck; check by an idempotency key before"
                + " repeating it",
            details());
    TransactionStep<?> asking = running;
    Disposable alarm =
        services
            .timer()
            .schedule(
                () -> {
                  if (asking != null) {
                    asking.answerLater(overdue);
                  }
                },
                services.limits().commitNanos());
    try {
      return commits.commit(connection, 1);
    } finally {
      alarm.dispose();
    }
  }

  /** Rolls back on the writer's thread. */
  void rollBack() {
    rollBack(End.ROLLED_BACK);
  }

  private void rollBack(End how) {
    connection.rollback();
    end(how);
  }

  private void end(End how) {
    synchronized (this) {
      if (ended != null) {
        return;
      }
      ended = how;
    }
    Disposable alarm = timeout;
    if (alarm != null) {
      alarm.dispose();
    }
    endSteps();
    if (how == End.TIMED_OUT || how == End.CLOSED || how == End.THROWN) {
      services.answers().deliver(() -> timedOut.tryEmitError(endedError()));
    }
  }

  /** No more come: it has ended. */
  private void endSteps() {
    TransactionStep<?> step = nextStep();
    while (step != null) {
      try {
        step.afterEnd(this);
      } catch (Throwable failed) {
        LOG.error("A step could not be told that its transaction has ended", failed);
        step.answerLater(FatalErrors.asException("The end of the transaction", failed));
      }
      step = nextStep();
    }
  }

  private synchronized @Nullable TransactionStep<?> nextStep() {
    return steps.poll();
  }

  /** Whether it has taken effect. */
  synchronized boolean isCommitted() {
    return ended == End.COMMITTED;
  }

  /** Whether rolling back again would change nothing. */
  synchronized boolean isRolledBack() {
    return ended != null && ended != End.COMMITTED && ended != End.UNKNOWN;
  }

  ErrorDetails details() {
    return new ErrorDetails(0, settings.label(), null);
  }

  /** Why nothing can run in it any more. */
  RuntimeException endedError() {
    End how;
    Throwable cause;
    synchronized (this) {
      how = ended;
      cause = causeOfDeath;
    }
    if (how == null) {
      throw new IllegalStateException("The transaction is open");
    }
    return switch (how) {
      case TIMED_OUT -> {
        Duration limit = Duration.ofNanos(settings.transactionNanos());
        yield new TransactionTimeoutException(
            "The transaction was open for "
                + limit.toMillis()
                + " ms and was rolled back, because it holds up every other write. Keep slow work"
                + " outside of transactions, or raise transactionTimeout",
            details(),
            limit);
      }
      case CLOSED -> WriteQueue.closedError(details());
      case UNKNOWN ->
          new CommitOutcomeUnknownException(
              "The outcome of the transaction's COMMIT is not known; nothing more can run in it",
              details());
      case COMMITTED ->
          new IllegalStateException(
              "The transaction has been committed; nothing more can run in it");
      case ROLLED_BACK, DIED, THROWN ->
          new IllegalStateException(
              "The transaction has been rolled back; nothing more can run in it", cause);
    };
  }
}
