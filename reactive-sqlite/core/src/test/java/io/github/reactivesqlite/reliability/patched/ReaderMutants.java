package io.github.reactivesqlite.reliability.patched;

import static io.github.reactivesqlite.reliability.patched.Mutant.patch;

import java.util.List;

/** What can be wrong with the readers, their queue, and how answers are given. */
final class ReaderMutants {

  private static final String QUERIES = "contract.SqliteQueryTest";
  private static final String STREAMS = "contract.SqliteStreamTest";
  private static final String SNAPSHOTS = "contract.SqliteSnapshotTest";
  private static final String OPTIONS = "contract.SqliteOptionsTest";
  private static final String CANCEL = "contract.SqliteCancelTest";
  private static final String LOAD = "contract.SqliteLoadTest";
  private static final String UNITS = "contract.SqliteUnitTest";
  private static final String RECOVERY = "sqlite.engine.read.ReaderRecoveryTest";
  private static final String NEIGHBOURS = "sqlite.engine.read.BatchNeighboursTest";
  private static final String TIMERS = "sqlite.engine.NoTimerIsLeftTest";

  private ReaderMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.of(
                "a batch of reads is closed after its BEGIN",
                patch(
                    "read/Reader.java",
                    "List<ReadRequest> next = pool.nextBatch(this);",
                    "EngineConnection early = openConnection(); beginTransaction(early);"
                        + " early.run(\"SELECT 1 FROM sqlite_schema LIMIT 1\");"
                        + " List<ReadRequest> next = pool.nextBatch(this);"),
                patch(
                    "read/Reader.java",
                    "if (next.isEmpty()) { return; }",
                    "if (next.isEmpty()) { endTransaction(); return; }"))
            .killedBy("sqlite.engine.read.BatchSnapshotTest"),
        Mutant.of(
                "a read transaction is kept open: stale reads",
                patch(
                    "read/Reader.java",
                    "endTransaction(); flushAnswers(); replaceIfBroken(); }"
                        + " private void failBatch",
                    "flushAnswers(); replaceIfBroken(); } private void failBatch"))
            .killedBy(LOAD + "#everybodySeesWhatWasAcknowledgedToThem"),
        Mutant.of(
                "a leaked permit: a stream that has ended still holds a reader",
                patch(
                    "read/ReaderHolds.java",
                    "Hold hold = holds.remove(request);",
                    "Hold hold = holds.get(request);"))
            .killedBy(STREAMS + "#takeEndsTheStreamEarly"),
        Mutant.of(
                "a leaked permit: a cancelled read keeps its bytes in the queue",
                patch(
                    "read/ReadQueue.java",
                    "listOf(request).remove(request.place); bytes -= request.bytes();",
                    "listOf(request).remove(request.place);"))
            .killedBy("sqlite.engine.ReadQueueBytesTest"),
        Mutant.of(
                "a leaked permit: a reader that has found no work is not idle",
                patch(
                    "read/ReaderPool.java",
                    "if (batch.isEmpty()) { idle.push(reader); }",
                    "if (batch.isEmpty()) { idle.size(); }"))
            .killedBy(QUERIES + "#eachSubscriptionRunsAgain"),
        Mutant.of(
                "streams may hold every reader",
                patch("read/ReaderHolds.java", "this.most = readers - 1;", "this.most = readers;"))
            .killedBy(STREAMS + "#slowStreamsHoldAllReadersButOne"),
        Mutant.of(
                "read queue not bounded by count",
                patch(
                    "read/ReadQueue.java",
                    "if (depth < capacity && !tooManyBytes) {",
                    "if (!tooManyBytes) {"))
            .killedBy(OPTIONS + "#fullReadQueueRefusesAtOnceWithItsDepth"),
        Mutant.of(
                "read queue not bounded by bytes",
                patch(
                    "read/ReadQueue.java",
                    "boolean tooManyBytes = bytes > 0 && bytes + request.bytes() > maxBytes;",
                    "boolean tooManyBytes = false;"))
            .killedBy("sqlite.engine.ReadQueueBytesTest"),
        Mutant.of(
                "a reader catches Exception instead of Throwable",
                patch(
                    "read/Reader.java",
                    "} catch (Throwable unexpected) { recover(unexpected); }",
                    "} catch (Exception unexpected) { recover(unexpected); }"))
            .killedBy(RECOVERY + "#whereverItDiesEveryReadEndsAndNoReaderIsLost"),
        Mutant.of(
                "a read catches Exception instead of Throwable",
                patch(
                    "read/Reader.java",
                    "} catch (Throwable thrown) { if (holder == request) {",
                    "} catch (Exception thrown) { if (holder == request) {"))
            .killedBy(RECOVERY + "#whereverAReadDiesTheOthersOfItsBatchDoNot"),
        Mutant.of(
                "a read that dies with its reader in hand holds it no more and does not end",
                patch(
                    "read/Reader.java",
                    "broken = true; failHolder(thrown); return; }",
                    "holder = null; }"))
            .killedBy(RECOVERY + "#whereverItDiesAReadThatIsAloneEnds"),
        Mutant.of(
                "a broken reader is not replaced",
                patch(
                    "read/Reader.java", "if (broken) { broken = false;", "if (broken && false) {"))
            .killedBy("sqlite.engine.read.ReaderReplacementTest"),
        Mutant.of(
                "a cancelled read is not stopped",
                patch(
                    "read/ReadRequest.java",
                    "if (isCancelled() || host.isEnding()) {",
                    "if (host.isEnding()) {"))
            .killedBy(CANCEL + "#runningReadIsStopped"),
        Mutant.of(
                "a snapshot does not begin with a read: it sees later writes",
                patch(
                    "read/HeldSnapshot.java",
                    "onReader.connection().run(\"SELECT 1 FROM sqlite_schema LIMIT 1\");",
                    ""))
            .killedBy(SNAPSHOTS + "#stateIsTakenWhenItBegins"),
        Mutant.of(
                "timer leak: the timeout of a snapshot outlives it",
                patch(
                    "read/HeldSnapshot.java",
                    "alarm.dispose(); } List<ReadRequest> open",
                    "alarm.isDisposed(); } List<ReadRequest> open"))
            .killedBy(TIMERS + "#behindSnapshots"),
        Mutant.of(
                "timer leak: a queue's alarm is set anew and not taken back",
                patch("runtime/ExpiryAlarm.java", "alarm.dispose();", "alarm.isDisposed();"))
            .killedBy(TIMERS + "#behindWritesThatWaited"),
        Mutant.of(
                "queued reads are never answered when the database closes",
                patch(
                    "read/ReaderPool.java",
                    "left.forEach(ReaderPool::refuseClosed);",
                    "left.clear();"))
            .killedBy(
                "sqlite.engine.ClosingTest$UnderLoad#pastItsTimeClosingRefusesQueuedReadsToo"),
        Mutant.of(
                "a value that comes before its demand is never given",
                patch(
                    "runtime/ScalarSubscription.java",
                    "answers().deliver(this::emitLate);",
                    "answers();"))
            .killedBy("sqlite.engine.runtime.ScalarSubscriptionTest"),
        Mutant.of(
                "a value is given without demand",
                patch(
                    "runtime/ScalarSubscription.java",
                    "if (STATE.compareAndSet(this, WAITING, ANSWERED)) { return true; }",
                    "if (STATE.compareAndSet(this, WAITING, DONE)) { emit(answer); return true; }"))
            .killedBy("sqlite.engine.runtime.ScalarSubscriptionTest"),
        Mutant.of(
                "a statement is not reset when it is given back",
                patch(
                    "connection/EngineConnection.java",
                    "statement.reset(); statements.release(statement);",
                    "statements.release(statement);"))
            .killedBy(QUERIES),
        Mutant.of(
                "a statement is not reset after an error",
                patch(
                    "connection/EngineStatement.java",
                    "} else { reset(); } return new SqlFailure",
                    "} else { failedOnce = true; } return new SqlFailure"),
                patch(
                    "connection/EngineStatement.java",
                    "private boolean dead;",
                    "private boolean dead; private boolean failedOnce;"),
                patch(
                    "connection/EngineStatement.java",
                    "public void reset() { if (dead || !running) {",
                    "public void reset() { if (dead || !running || failedOnce) { failedOnce = false;"))
            .killedBy("sqlite.engine.connection.StatementCacheTest"),
        Mutant.of(
                "a cancelled stream is not stopped",
                patch(
                    "read/RowStream.java",
                    "boolean isCancelled() { return cancelled; }",
                    "boolean isCancelled() { return cancelled && done; }"))
            .killedBy(CANCEL + "#runningStreamIsStoppedBeforeItsFirstChunk"),
        Mutant.of(
                "a cancelled read is not counted",
                patch(
                    "read/ReadRequest.java",
                    "if (CANCEL_COUNTED.compareAndSet(this, 0, 1)) {",
                    "if (CANCEL_COUNTED.compareAndSet(this, 1, 1)) {"))
            .killedBy(CANCEL + "#queuedReadNeverRuns"),
        Mutant.of(
                "a read that runs long keeps the rest of its batch waiting",
                patch(
                    "read/Reader.java",
                    "if (position < batch.size()) { List<ReadRequest> begun",
                    "if (position > batch.size()) { List<ReadRequest> begun"))
            .killedBy(NEIGHBOURS),
        Mutant.of(
                "an unread stream has no time limit",
                patch(
                    "read/RowStream.java",
                    "timedOut = true; onReader.schedule(fetching);",
                    "onReader.schedule(() -> {});"))
            .killedBy(STREAMS + "#streamOpenForTooLongEnds"),
        Mutant.of(
                "a snapshot has no time limit",
                patch("read/HeldSnapshot.java", "() -> end(Ending.TIMEOUT)", "() -> isEnding()"))
            .killedBy(SNAPSHOTS + "#snapshotOpenForTooLongEnds"),
        Mutant.of(
                "rows come without demand",
                patch(
                    "read/RowStream.java",
                    "demand = requested; if (emitted == demand) {",
                    "demand = requested; if (emitted < 0) {"))
            .killedBy(STREAMS + "#noRowComesWithoutDemand"),
        Mutant.of(
                "a read does not wait for its turn in time: acquireTimeout ignored",
                patch(
                    "read/ReaderPool.java",
                    "request.endQueued(waiting -> waiting.expire(now));",
                    "request.returnToQueue();"))
            .killedBy(OPTIONS + "#readWithoutAReaderInTimeNeverRuns"),
        Mutant.of(
                "answers are given on the engine's threads",
                patch("runtime/Answers.java", "scheduler.schedule(given); }", "given.run(); }"))
            .killedBy("sqlite.engine.SignalThreadsTest"),
        Mutant.of(
                "a call on an engine thread waits for itself",
                patch(
                    "runtime/EngineThread.java",
                    "if (Thread.currentThread() instanceof EngineThread thread) { throw",
                    "if (Thread.currentThread() instanceof EngineThread thread"
                        + " && thread.isInterrupted()) { throw"))
            .killedBy(UNITS + "#callsOfTheDatabaseInsideAUnitOrMapperFailAtOnce"));
  }
}
