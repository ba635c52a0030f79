package io.github.reactivesqlite.reliability.patched;

import static io.github.reactivesqlite.reliability.patched.Mutant.patch;

import java.util.List;

/** What can be wrong with the writer, its groups and its queue. */
final class WriterMutants {

  private static final String GROUPS = "sqlite.engine.write.GroupCommitTest";
  private static final String CULPRITS = "sqlite.engine.write.GroupCulpritsTest";
  private static final String SCHEMAS = "sqlite.engine.write.GroupSchemaChangesTest";
  private static final String SCENARIOS = "sqlite.engine.write.GroupScenariosTest";
  private static final String REPLACED = "sqlite.engine.write.FileReplacedTest";
  private static final String RECOVERY = "sqlite.engine.write.WriterRecoveryTest";
  private static final String COMMIT_TIMEOUT = "sqlite.engine.write.CommitTimeoutTest";
  private static final String LOCKS = "sqlite.engine.write.ForeignLockTest";
  private static final String FAILED_COMMIT = "reliability.disk.FailedCommitTest";
  private static final String CANCEL = "contract.SqliteCancelTest";
  private static final String LOAD = "contract.SqliteLoadTest";
  private static final String OPTIONS = "contract.SqliteOptionsTest";
  private static final String UNITS = "contract.SqliteUnitTest";
  private static final String TIMERS = "sqlite.engine.NoTimerIsLeftTest";
  private static final String BYTES =
      "sqlite.engine.DeadlinesTest$Queueing#theBytesOfWaitingValuesAreBounded";

  private WriterMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.of(
                "answer before COMMIT",
                patch(
                    "write/GroupCommit.java",
                    "CommitSteps.Outcome outcome = commits.commit(connection, done);",
                    "services.answers().deliver(new ArrayList<>(ran));"
                        + " CommitSteps.Outcome outcome = commits.commit(connection, done);"),
                patch(
                    "write/GroupCommit.java",
                    "schema.changed(); } changes.committed(); answerAll();",
                    "schema.changed(); } changes.committed(); ran.clear();"))
            .quick()
            .killedBy(
                FAILED_COMMIT + "#aDiskThatGoesOnFailingLeavesTheOutcomeUnknown",
                // Needs luck, but no compiler
                LOAD + "#everybodySeesWhatWasAcknowledgedToThem"),
        Mutant.of(
                "no check after a unit: a group that is lost goes on",
                patch(
                    "write/GroupCommit.java",
                    "return undone && connection.isInTransaction() ? Verdict.FAILED"
                        + " : Verdict.TRANSACTION_DIED;",
                    "return Verdict.FAILED;"),
                patch(
                    "write/GroupCommit.java",
                    "if (unit.knowsTransactionEnded() || !connection.isInTransaction()) {",
                    "if (unit.isCancelled() && false) {"))
            .killedBy(GROUPS),
        Mutant.of(
                "a failed unit without a savepoint is never undone by its transaction",
                patch(
                    "write/GroupCommit.java",
                    "boolean undone = thrown instanceof SqlFailure failure && failure.isUndone();",
                    "boolean undone = true;"))
            .killedBy(GROUPS, SCHEMAS, CULPRITS, SCENARIOS),
        Mutant.of(
                "a stop without a token: it comes late and hits the next statement",
                patch(
                    "connection/EngineConnection.java",
                    "private boolean closed;",
                    "private boolean closed; private boolean late;"),
                patch(
                    "connection/EngineConnection.java",
                    "stopSignal = signal;",
                    "late |= stopSignal.stopRequested(); stopSignal = signal;"),
                patch(
                    "connection/EngineConnection.java",
                    "return stopSignal.stopRequested() ? 1 : 0;",
                    "if (late) { late = false; return 1; }"
                        + " return stopSignal.stopRequested() ? 1 : 0;"))
            .killedBy("sqlite.engine.DeadlinesTest$Running"),
        Mutant.of(
                "a leaked permit: a cancelled write keeps its bytes in the queue",
                patch(
                    "write/WriteQueue.java",
                    "lane(request.lane).remove(request.place); addBytes(request, -1); } }"
                        + " /** What the writer",
                    "lane(request.lane).remove(request.place); } } /** What the writer"))
            .killedBy(BYTES),
        Mutant.of(
                "a leaked permit: a cancelled write keeps its place in the queue",
                patch(
                    "write/WriteRequest.java",
                    "services.queue().remove(this);",
                    "services.queue().isEmpty();"))
            .killedBy(CANCEL + "#queuedWriteNeverRuns"),
        Mutant.of(
                "write queue not bounded by count",
                patch("write/WriteQueue.java", "lane.size() >= room", "lane.size() > 1_000 * room"))
            .killedBy(OPTIONS + "#fullWriteQueueRefusesAtOnceWithItsDepth"),
        Mutant.of(
                "write queue not bounded by bytes",
                patch(
                    "write/WriteQueue.java",
                    "held + request.bytes() > roomBytes",
                    "held + request.bytes() < 0"))
            .killedBy(BYTES),
        Mutant.of(
                "retry after an unknown COMMIT",
                patch(
                    "write/GroupCommit.java",
                    "case UNKNOWN -> unknown(outcome);",
                    "case UNKNOWN -> { List<WriteRequest<?>> again = new ArrayList<>();"
                        + " for (UnitRequest<?> unit : ran) { unit.runAlone();"
                        + " if (unit.returnToQueue()) { again.add(unit); } }"
                        + " services.queue().putBack(again); }"))
            .killedBy(REPLACED, FAILED_COMMIT + "#aGroupWhoseFenceFailsTooIsUnknownAsAWhole"),
        Mutant.of(
                "retry of a write that was answered as unknown by commitTimeout",
                patch(
                    "write/WriteRequest.java",
                    "if (answeredEarly && leave()) {",
                    "if (answeredEarly && false) {"))
            .killedBy(COMMIT_TIMEOUT + "#unitAnsweredAsUnknownIsNeverRunAgain"),
        Mutant.of(
                "savepoint skipped for a statement that fails half way",
                patch(
                    "write/StatementWrite.java",
                    "case LEAVES_ROWS -> Isolation.SAVEPOINT;",
                    "case LEAVES_ROWS -> Isolation.STATEMENT;"))
            .quick()
            .killedBy(SCHEMAS + "#aTemporaryTriggerThatFailsLeavesNoRows"),
        Mutant.of(
                "OR ROLLBACK joins a group",
                patch(
                    "write/StatementWrite.java",
                    "case ENDS_TRANSACTION -> Isolation.TRANSACTION;",
                    "case ENDS_TRANSACTION -> Isolation.SAVEPOINT;"))
            .killedBy(GROUPS),
        Mutant.of(
                "savepoint skipped for a unit",
                patch(
                    "write/ClosureWrite.java",
                    "return Isolation.SAVEPOINT;",
                    "return Isolation.STATEMENT;"))
            .killedBy(GROUPS),
        Mutant.of(
                "the writer catches Exception instead of Throwable",
                patch(
                    "write/Writer.java",
                    "} catch (Throwable unexpected) { recover(unexpected); }",
                    "} catch (Exception unexpected) { recover(unexpected); }"))
            .killedBy(
                RECOVERY + "#whereverItDiesEverybodyIsAnsweredWithTheTruthAndTheNextWriteSucceeds"),
        Mutant.of(
                "a group catches Exception instead of Throwable",
                patch(
                    "write/GroupCommit.java",
                    "} catch (Throwable thrown) {",
                    "} catch (Exception thrown) {"))
            .killedBy(UNITS, GROUPS),
        Mutant.of(
                "the writer goes on with the connection that met an unknown error",
                patch("write/Writer.java", "connection.distrust(); for (", "for ("))
            .killedBy(
                RECOVERY + "#whereverItDiesEverybodyIsAnsweredWithTheTruthAndTheNextWriteSucceeds"),
        Mutant.of(
                "fence skipped after a failed COMMIT",
                patch("write/CommitSteps.java", "return connection.fence() ?", "return true ?"))
            .killedBy(FAILED_COMMIT + "#aDiskThatGoesOnFailingLeavesTheOutcomeUnknown"),
        Mutant.of(
                "a failed fence counts as one that worked",
                patch(
                    "connection/EngineConnection.java",
                    "} catch (SqlFailure failed) { rollback(); return false; }",
                    "} catch (SqlFailure failed) { rollback(); return true; }"))
            .killedBy(FAILED_COMMIT + "#aDiskThatGoesOnFailingLeavesTheOutcomeUnknown"),
        Mutant.of(
                "order swapped: the last write in is the first one out",
                patch(
                    "write/WriteQueue.java",
                    "lane.addLast(request.place);",
                    "lane.addFirst(request.place);"))
            .killedBy(LOAD + "#writesOfOneThreadRunInTheOrderOfTheirSubscription"),
        Mutant.of(
                "order swapped: units that run again come back in reverse",
                patch(
                    "write/WriteQueue.java",
                    "for (int i = requests.size() - 1; i >= 0; i--) {",
                    "for (int i = 0; i < requests.size(); i++) {"))
            .killedBy(GROUPS),
        Mutant.of(
                "a cancelled queued write still runs",
                patch(
                    "write/WriteRequest.java",
                    "if (leave()) { services.queue().remove(this);",
                    "if (isQueued()) {"))
            .killedBy(CANCEL + "#queuedWriteNeverRuns"),
        Mutant.of(
                "a write runs although its wait was over",
                patch(
                    "write/WriteQueue.java",
                    "request.endQueued(waiting -> waiting.expire(now));",
                    "request.expire(now); synchronized (this) { lane(request.lane).addLast(request.place);"
                        + " addBytes(request, 1); }"),
                patch(
                    "write/WriteQueue.java",
                    "takeIf(request -> request.expiryNanos() - now <= 0)",
                    "takeIf(request -> !request.hasFailed() && request.expiryNanos() - now <= 0)"))
            .killedBy(OPTIONS + "#writeWithoutATurnInTimeNeverRuns"),
        Mutant.of(
                "a running write is not stopped at its deadline",
                patch(
                    "write/UnitRequest.java",
                    "if (services.timer().nanoTime() - deadlineNanos < 0) {",
                    "if (services.timer().nanoTime() != deadlineNanos) {"))
            .killedBy(OPTIONS + "#writeStoppedAtItsTimeLeavesItsNeighboursAlone"),
        Mutant.of(
                "a unit stopped at its deadline runs again",
                patch(
                    "write/GroupCommit.java",
                    "if (lone || culprit.wasStoppedAtDeadline()) {",
                    "if (lone) {"))
            .killedBy(GROUPS),
        Mutant.of(
                "timer leak: the timeout of a transaction outlives it",
                patch(
                    "write/OpenTransaction.java",
                    "Disposable alarm = timeout; if (alarm != null) {",
                    "Disposable alarm = timeout; if (alarm != null && alarm.isDisposed()) {"))
            .killedBy(TIMERS + "#behindTransactions"),
        Mutant.of(
                "timer leak: the watch over COMMIT outlives it",
                patch(
                    "write/OpenTransaction.java",
                    "return commits.commit(connection, 1); } finally { alarm.dispose(); }",
                    "return commits.commit(connection, 1); } finally { alarm.isDisposed(); }"))
            .killedBy(TIMERS + "#behindTransactions"),
        Mutant.of(
                "an answer is delivered twice",
                patch(
                    "write/GroupCommit.java",
                    "services.answers().deliver(new ArrayList<>(ran));",
                    "services.answers().deliver(new ArrayList<>(ran));"
                        + " services.answers().deliver(new ArrayList<>(ran));"))
            .killedBy(CANCEL + "#unitThatHasRunIsCommittedWithItsGroup", "process.ExactSumsTest"),
        Mutant.of(
                "queued writes are never answered when the database closes",
                patch(
                    "write/WriteLane.java",
                    "request.refuse(WriteQueue.closedError(request.details()));",
                    "request.details();"))
            .killedBy(
                "sqlite.engine.ClosingTest$UnderLoad#pastItsTimeClosingRefusesWhatIsStillQueued"),
        Mutant.of(
                "units that had failed are not run again when their group died",
                patch(
                    "write/GroupCommit.java",
                    "unit.transactionDied(); if (unit.returnToQueue()) {",
                    "unit.transactionDied(); if (unit.hasFailed()) { answerFailure(unit); }"
                        + " else if (unit.returnToQueue()) {"))
            .killedBy(CULPRITS + "#aFailureThatWasTrueInTheLostGroupOnlyIsNotAnswered"),
        Mutant.of(
                "a deferred constraint at COMMIT fails the whole group",
                patch(
                    "write/GroupCommit.java",
                    "if (ran.size() == 1) { UnitRequest<?> unit = ran.get(0);"
                        + " unit.failWith(unit.typed(outcome.failure())); answerFailure(unit);"
                        + " return; }",
                    "if (!ran.isEmpty()) { for (UnitRequest<?> unit : ran) {"
                        + " unit.failWith(unit.typed(outcome.failure())); answerFailure(unit); }"
                        + " return; }"))
            .killedBy(GROUPS),
        Mutant.of(
                "a unit that swallows the end of its transaction is not noticed",
                patch(
                    "connection/EngineConnection.java",
                    "public void releaseSavepoint() { run(RELEASE); }",
                    "public void releaseSavepoint() {"
                        + " try { run(RELEASE); } catch (SqlFailure gone) { db.getClass(); } }"),
                patch(
                    "write/ClosureWrite.java",
                    "transactionEnded = true; doomed = typed;",
                    "doomed = null;"))
            .killedBy(UNITS + "#unitThatSwallowsTheEndOfItsTransactionFails"),
        Mutant.of(
                "an error that nobody knows at COMMIT leaves the transaction open",
                patch(
                    "write/CommitSteps.java",
                    "so nobody can say whether it took effect connection.rollback();",
                    "so nobody can say whether it took effect\n"))
            .killedBy(RECOVERY + "#anErrorThatNobodyKnowsAtCommitLeavesNoTransactionOpen"),
        Mutant.of(
                "an I/O error at COMMIT is taken for a no",
                patch(
                    "write/CommitSteps.java",
                    "if (outside && (wasRefused || failure.isFull())) {",
                    "if (outside) {"))
            .killedBy(
                FAILED_COMMIT + "#aDiskThatGoesOnFailingLeavesTheOutcomeUnknown",
                FAILED_COMMIT + "#oneFailedFsyncIsSettledBeforeTheAnswer"),
        Mutant.of(
                "a fence that writes nothing",
                patch(
                    "connection/EngineConnection.java",
                    "run(\"PRAGMA user_version = \" + version);",
                    "run(\"PRAGMA user_version\");"))
            .killedBy(FAILED_COMMIT + "#oneFailedFsyncIsSettledBeforeTheAnswer"),
        Mutant.of(
                "commitTimeout ignored",
                patch(
                    "write/HoldWatch.java",
                    "answerOverdue(commit.units(), now - commit.since());",
                    "commit.units().size();"))
            .killedBy(COMMIT_TIMEOUT + "#commitThatDoesNotComeBackIsAnsweredAsUnknown"),
        Mutant.of(
                "a unit that is being answered by commitTimeout runs again",
                patch(
                    "write/HoldWatch.java",
                    "commit.units().forEach(WriteRequest::noteAnsweredEarly);",
                    "commit.units().size();"))
            .killedBy(COMMIT_TIMEOUT + "#unitThatIsAboutToBeAnsweredIsNotRunAgain"),
        Mutant.of(
                "a failed unit in a COMMIT that hangs is not answered",
                patch(
                    "write/HoldWatch.java",
                    "unit.answerEarly(own == null ? unknown(unit, waitedNanos) : own);",
                    "if (own == null) unit.answerEarly(unknown(unit, waitedNanos));"))
            .killedBy(COMMIT_TIMEOUT + "#oneThatHadFailedBeforeGetsItsOwnErrorThen"),
        Mutant.of(
                "an error after COMMIT makes a failure of a transaction",
                patch("write/TransactionStep.java", "if (succeeded) {", "if (isCancelled()) {"))
            .killedBy(RECOVERY + "#anErrorWhileACommitIsAnsweredMakesNoFailureOfIt"),
        Mutant.of(
                "transactionTimeout ignored",
                patch(
                    "write/OpenTransaction.java", "() -> abort(Reason.TIMEOUT)", "() -> isOpen()"))
            .killedBy("contract.SqliteTransactionTest#transactionOpenForTooLongIsRolledBack"),
        Mutant.of(
                "the running statement of a cancelled transaction is not stopped",
                patch(
                    "write/OpenTransaction.java",
                    "if (isOpen() && abortReason.compareAndSet(null, reason)) {",
                    "if (isOpen() && reason != Reason.CANCELLED"
                        + " && abortReason.compareAndSet(null, reason)) {"))
            .killedBy("contract.SqliteTransactionTest#cancelStopsARunningStatement"),
        Mutant.of(
                "a failed statement of a transaction leaves its rows",
                patch(
                    "write/TransactionSteps.java",
                    "connection.rollbackToSavepoint();",
                    "connection.releaseSavepoint();"))
            .killedBy(CULPRITS + "#aStatementThatSqliteLeavesHalfDoneIsUndoneInATransactionToo"),
        Mutant.of(
                "writes begin DEFERRED",
                patch(
                    "connection/EngineConnection.java",
                    "run(\"BEGIN IMMEDIATE\");",
                    "run(\"BEGIN\");"))
            .killedBy(
                LOCKS + "$Waiting#aWriteWaitsUntilTheLockIsFreedAfterTheThirdRetry",
                "reliability.system.StaleSnapshotTest"),
        Mutant.of(
                "a schema that another process changed is not noticed",
                patch(
                    "connection/EngineConnection.java",
                    "| (schemaVersion & 0xffff_ffffL)",
                    "| (schemaVersion & 0)"))
            .killedBy(
                "sqlite.engine.connection.StatementTraitsTest"
                    + "#aTriggerOfAnotherConnectionChangesTheClassToo"),
        Mutant.of(
                "a write cancelled in the queue is not counted",
                patch(
                    "write/WriteRequest.java",
                    "services.queue().remove(this); services.metrics().cancelledQueued();",
                    "services.queue().remove(this);"))
            .killedBy(CANCEL + "#queuedWriteNeverRuns"),
        Mutant.of(
                "a write cancelled after its COMMIT is not counted",
                patch(
                    "write/WriteRequest.java",
                    "void onNotTaken() { services.metrics().cancelledAfterCommit(); }",
                    "void onNotTaken() {}"))
            .killedBy(CANCEL + "#runningUnitFinishesAndItsResultIsDropped"),
        Mutant.of(
                "an interrupt that a unit leaves behind hits the next one",
                patch(
                    "write/GroupCommit.java",
                    "Thread.interrupted();",
                    "Thread.currentThread().isInterrupted();"))
            .killedBy(SCENARIOS + "#anInterruptLeftBehindByAUnitIsNotSeenByTheNext"));
  }
}
