package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a group of units in one transaction, which is open when it comes here, and answers all of
 * them after its end.
 *
 * <p>Whatever happens to one unit, the others succeed exactly once. When the whole transaction
 * dies, all its units go back to the queue, those that had failed too: a known culprit alone and
 * the rest as one group; after an unknown culprit, or a second death, each in its own transaction.
 */
final class GroupCommit {

  private enum Verdict {
    DONE,
    FAILED,
    WANTS_OWN_TRANSACTION,
    TRANSACTION_DIED
  }

  private final WriterConnection writer;
  private final WriterServices services;
  private final CommitSteps commits;
  private final HoldWatch watch;
  private final SchemaChanges schema;
  private final ChangeTracker changes;

  private final List<UnitRequest<?>> ran = new ArrayList<>();
  private EngineConnection connection;
  private long schemaVersion;
  private boolean schemaChanged;
  private int done;

  GroupCommit(
      WriterConnection writer,
      WriterServices services,
      CommitSteps commits,
      HoldWatch watch,
      SchemaChanges schema,
      ChangeTracker changes) {
    this.writer = writer;
    this.connection = writer.current();
    this.services = services;
    this.commits = commits;
    this.watch = watch;
    this.schema = schema;
    this.changes = changes;
  }

  /** Runs the group to its end. */
  void run(List<WriteRequest<?>> group, long schemaVersionNow) {
    connection = writer.current();
    ran.clear();
    done = 0;
    schemaChanged = false;
    schemaVersion = schemaVersionNow;
    if (runUnits(group)) {
      end();
    }
  }

  /** False when the transaction died on the way; its units are then back in the queue. */
  private boolean runUnits(List<WriteRequest<?>> group) {
    commits.growth().begun();
    changes.begun(schemaVersion);
    long begun = services.timer().nanoTime();
    boolean lone = group.size() == 1;
    long now = begun;
    for (int i = 0; i < group.size(); i++) {
      if (now - begun > services.limits().groupNanos()) {
        services.queue().putBack(group.subList(i, group.size()));
        break;
      }
      UnitRequest<?> unit = (UnitRequest<?>) group.get(i);
      if (!unit.beginRunning()) {
        continue;
      }
      unit.noteTurn(now);
      Verdict verdict = runUnit(unit, lone, now);
      now = services.timer().nanoTime();
      switch (verdict) {
        case DONE -> {
          ran.add(unit);
          done++;
        }
        case FAILED -> ran.add(unit);
        case WANTS_OWN_TRANSACTION -> {
          // What stands behind it stays behind it
          putBackAlone(unit, group.subList(i + 1, group.size()));
          return true;
        }
        case TRANSACTION_DIED -> {
          transactionDied(unit, lone, group.subList(i + 1, group.size()));
          return false;
        }
      }
    }
    return true;
  }

  private void putBackAlone(UnitRequest<?> unit, List<WriteRequest<?>> behind) {
    List<WriteRequest<?>> again = new ArrayList<>();
    unit.runAlone();
    if (unit.returnToQueue()) {
      again.add(unit);
    }
    again.addAll(behind);
    services.queue().putBack(again);
  }

  private Verdict runUnit(UnitRequest<?> unit, boolean lone, long now) {
    unit.startClock(now);
    watch.unitStarted(unit, now);
    connection.stopSignal(unit);
    boolean savepoint = false;
    boolean bare = false;
    try {
      UnitRequest.Isolation isolation = unit.prepare(connection, schemaVersion);
      if (isolation == UnitRequest.Isolation.TRANSACTION && !lone) {
        return Verdict.WANTS_OWN_TRANSACTION;
      }
      if (isolation == UnitRequest.Isolation.SAVEPOINT && !lone) {
        connection.savepoint();
        savepoint = true;
      }
      bare = !savepoint;
      unit.execute(connection);
      connection.stopSignal(StopSignal.NONE);
      if (savepoint) {
        connection.releaseSavepoint();
      }
      changes.unitDone(connection);
      noteSchema(unit);
      return Verdict.DONE;
    } catch (Throwable thrown) {
      connection.stopSignal(StopSignal.NONE);
      unit.release(connection);
      unit.failWith(unit.typed(thrown));
      changes.unitUndone();
      return afterFailure(unit, thrown, bare, savepoint);
    } finally {
      // An interrupt that a unit leaves behind is not meant for the next one
      Thread.interrupted();
      connection.stopSignal(StopSignal.NONE);
      unit.release(connection);
      watch.unitEnded(unit, services.timer().nanoTime());
    }
  }

  private Verdict afterFailure(
      UnitRequest<?> unit, Throwable thrown, boolean bare, boolean savepoint) {
    if (bare) {
      // Without a savepoint, only the whole transaction can undo what a statement left behind
      boolean undone = thrown instanceof SqlFailure failure && failure.isUndone();
      return undone && connection.isInTransaction() ? Verdict.FAILED : Verdict.TRANSACTION_DIED;
    }
    if (unit.knowsTransactionEnded() || !connection.isInTransaction()) {
      return Verdict.TRANSACTION_DIED;
    }
    if (savepoint) {
      try {
        connection.rollbackToSavepoint();
      } catch (SqlFailure gone) {
        return Verdict.TRANSACTION_DIED;
      }
    }
    return Verdict.FAILED;
  }

  /** Later units of the group are judged by the schema that this one left. */
  private void noteSchema(UnitRequest<?> unit) {
    if (unit.changedSchema()) {
      schemaChanged = true;
      changes.schemaChanged();
      connection.forgetTraits();
      schemaVersion = connection.schemaVersion();
    }
  }

  private void transactionDied(
      UnitRequest<?> culprit, boolean lone, List<WriteRequest<?>> notYetRun) {
    connection.rollback();
    forgetSchema();
    List<WriteRequest<?>> again = new ArrayList<>();
    for (UnitRequest<?> unit : ran) {
      unit.transactionDied();
      if (unit.returnToQueue()) {
        again.add(unit);
      }
    }
    if (lone || culprit.wasStoppedAtDeadline()) {
      answerFailure(culprit);
    } else {
      culprit.runAlone();
      if (culprit.returnToQueue()) {
        again.add(culprit);
      }
    }
    again.addAll(notYetRun);
    services.queue().putBack(again);
  }

  private void end() {
    if (done == 0) {
      connection.rollback();
      answerAll();
      return;
    }
    watch.commitStarted(ran, services.timer().nanoTime());
    CommitSteps.Outcome outcome = commits.commit(connection, done);
    watch.commitEnded();
    switch (outcome.kind()) {
      case COMMITTED -> committed();
      case ROLLED_BACK -> runApart(outcome);
      case UNKNOWN -> unknown(outcome);
    }
  }

  private void committed() {
    services.metrics().unitsCommitted(done);
    commits.growth().committed(ran);
    if (schemaChanged) {
      connection.clearStatements();
      schema.changed();
    }
    changes.committed();
    answerAll();
  }

  private void forgetSchema() {
    if (schemaChanged) {
      connection.forgetTraits();
    }
  }

  private void runApart(CommitSteps.Outcome outcome) {
    forgetSchema();
    if (ran.size() == 1) {
      UnitRequest<?> unit = ran.get(0);
      unit.failWith(unit.typed(outcome.failure()));
      answerFailure(unit);
      return;
    }
    List<WriteRequest<?>> again = new ArrayList<>();
    for (UnitRequest<?> unit : ran) {
      unit.runAlone();
      if (unit.returnToQueue()) {
        again.add(unit);
      }
    }
    services.queue().putBack(again);
  }

  private void unknown(CommitSteps.Outcome outcome) {
    changes.committed();
    for (UnitRequest<?> unit : ran) {
      if (!unit.hasFailed()) {
        CommitOutcomeUnknownException error = commits.unknown(outcome, unit.details());
        unit.failWith(error);
      }
    }
    answerAll();
  }

  private void answerFailure(UnitRequest<?> unit) {
    services.metrics().unitFailed();
    services.answers().deliver(unit);
  }

  private void answerAll() {
    for (UnitRequest<?> unit : ran) {
      if (unit.hasFailed()) {
        services.metrics().unitFailed();
      }
    }
    services.answers().deliver(new ArrayList<>(ran));
    ran.clear();
  }
}
