package io.github.reactivesqlite.reliability.patched;

import static io.github.reactivesqlite.reliability.patched.Mutant.patch;

import java.util.List;

/** What can be wrong at the borders: files, connections, SQL, and the locks of other processes. */
final class BorderMutants {

  private static final String CONNECTIONS = "sqlite.engine.connection.ConnectionFactoryTest";
  private static final String CLAIMS = "sqlite.engine.connection.FileClaimsTest";
  private static final String FILES = "sqlite.engine.connection.FileGuardTest";
  private static final String NAMES = "sqlite.engine.connection.FileNamesTest";
  private static final String GATE = "sqlite.engine.sql.SqlGateTest";
  private static final String REPLACED = "sqlite.engine.write.FileReplacedTest";
  private static final String LOCKS = "sqlite.engine.write.ForeignLockTest";
  private static final String LOST_LOG = "reliability.system.LostLogTest";
  private static final String EDGES = "reliability.system.LostLogEdgesTest";
  private static final String LOG_FILES = "sqlite.engine.connection.LogFilesTest";
  private static final String LAST_LOCK = "sqlite.engine.connection.LastLockTest";
  private static final String UPKEEP = "sqlite.engine.maintenance.UpkeepTest";

  private BorderMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.of(
                "a lock error at BEGIN is answered instead of waited for",
                patch(
                    "write/Writer.java",
                    "if (failure.isBusy()) { throw new LockedException(failure.code()); }"
                        + " connection.current().rollback();",
                    "connection.current().rollback();"))
            .killedBy(LOCKS + "$Waiting#aWriteWaitsUntilTheLockIsFreedAfterTheThirdRetry"),
        Mutant.of(
                "file check skipped",
                patch(
                    "connection/FileGuard.java",
                    "public Look look() { try {",
                    "public Look look() { if (!released.get()) { return Look.SAME; } try {"))
            .quick()
            .killedBy(REPLACED + "#afterADeletionTheNextWriteIsUnknownAndLaterOnesAreRefused"),
        Mutant.of(
                "a replaced file is forgotten: later writes are run",
                patch(
                    "write/CommitSteps.java",
                    "return false; } fileReplaced = true; LOG.error( \"The database file",
                    "return false; } fileReplaced = false; LOG.error( \"The database file"))
            .killedBy(REPLACED + "#afterADeletionTheNextWriteIsUnknownAndLaterOnesAreRefused"),
        Mutant.of(
                "readers are opened read-write",
                patch("connection/ConnectionFactory.java", "if (!role.writes()) {", "if (false) {"))
            .killedBy(CONNECTIONS),
        Mutant.of(
                "readers are not query_only",
                patch(
                    "connection/Pragmas.java",
                    "Setting.of(\"query_only\", role == Role.READER)",
                    "Setting.of(\"query_only\", false)"))
            .killedBy(CONNECTIONS),
        Mutant.of(
                "databases may be attached",
                patch(
                    "connection/Pragmas.java",
                    "SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0",
                    "SQLiteLimits.SQLITE_LIMIT_ATTACHED, 10"))
            .killedBy(CONNECTIONS),
        Mutant.of(
                "the schema is trusted",
                patch(
                    "connection/Pragmas.java",
                    "statement.execute(\"PRAGMA trusted_schema=OFF\");",
                    ""),
                patch(
                    "connection/Pragmas.java",
                    "verify(\"trusted_schema\", \"0\", read(statement, \"trusted_schema\"));",
                    ""))
            .killedBy(CONNECTIONS),
        Mutant.of(
                "PRAGMA and its like are not refused on the writer",
                patch(
                    "sql/Gate.java",
                    "ANALYZE is not run as a statement; use maintenance().analyze()\";"
                        + " default -> forbidden(statement);",
                    "ANALYZE is not run as a statement; use maintenance().analyze()\";"
                        + " default -> null;"))
            .killedBy(GATE),
        Mutant.of(
                "PRAGMA and its like are not refused on the readers",
                patch(
                    "sql/Gate.java",
                    "default -> refuse(statement, forbidden(statement));",
                    "default -> {}"))
            .killedBy(GATE),
        Mutant.of(
                "the gate lets ATTACH through on the read path",
                patch(
                    "sql/Gate.java",
                    "case SELECT, EXPLAIN -> refuse(statement, hidden(statement));",
                    "case ATTACH -> {} case SELECT, EXPLAIN -> refuse(statement, hidden(statement));"))
            .killedBy(GATE),
        Mutant.of(
                "a second statement in one string is taken for the first",
                patch("sql/SqlStatement.java", "if (statements.size() > 1) {", "if (false) {"))
            .killedBy("sqlite.engine.sql.SqlStatementTest"),
        Mutant.of(
                "functions that load code are not refused",
                patch("sql/Gate.java", "if (refusedCall != null) {", "if (false) {"))
            .killedBy(GATE),
        Mutant.of(
                "literals are not masked",
                patch("sql/MaskedSql.java", "if (token.isLiteral()) {", "if (false) {"))
            .killedBy("reliability.security.NothingLeaksOutTest#failuresSayNothingThatIsStored"),
        Mutant.of(
                "a question mark in a path is not refused",
                patch(
                    "connection/DatabasePath.java",
                    "if (text.indexOf('?') >= 0 || text.indexOf('\\0') >= 0) {",
                    "if (text.isEmpty()) {"))
            .killedBy(NAMES + "$Names"),
        Mutant.of(
                "a new file has the rights of the umask",
                patch(
                    "connection/FileRights.java",
                    "return attributes(directory, isPrivate, PRIVATE_FILE);",
                    "return attributes(directory, false, PRIVATE_FILE);"))
            .killedBy(FILES + "$NewFiles"),
        Mutant.of(
                "a file may be open twice in a process",
                patch("connection/OpenFiles.java", "if (first != null) {", "if (false) {"))
            .killedBy(CLAIMS),
        Mutant.of(
                "a hard link gets past the claim of a file",
                patch("connection/OpenFiles.java", "claim(\"inode.\" + fileKey);", ""))
            .killedBy(CLAIMS),
        Mutant.of(
                "a version of SQLite that corrupts files is accepted",
                patch(
                    "connection/SqliteVersion.java",
                    "return compareTo(FLOOR) >= 0 && !withdrawn;",
                    "return true;"))
            .killedBy("sqlite.engine.connection.SqliteVersionTest"),
        Mutant.of(
                "FULL durability is NORMAL",
                patch(
                    "connection/Pragmas.java",
                    "new Setting(\"synchronous\", \"FULL\", \"2\")",
                    "new Setting(\"synchronous\", \"NORMAL\", \"1\")"))
            .killedBy(CONNECTIONS),
        Mutant.of(
                "a log that was removed is not noticed",
                patch(
                    "write/CommitSteps.java",
                    "if (state == LogFiles.State.WELL) {",
                    "if (state != null) {"))
            .killedBy(
                "reliability.system.LostLogTest"
                    + "#noWriteIsAcknowledgedAfterwardsAndNothingBeforeIsLost"),
        Mutant.of(
                "the log is copied although another process has an index of its own",
                patch("maintenance/LogKeeper.java", "files.requireOurs();", ""))
            .killedBy(
                LOST_LOG + "#whatAnotherProcessWroteBesideANewIndexIsNeitherOverwrittenNorDeleted"),
        Mutant.of(
                "the last connection copies a lost log and deletes that of others",
                patch(
                    "ClosingScript.java",
                    "lastLock = LastLock.on(guard); if (lastLock == null &&",
                    "lastLock = null; if (guard == null &&"))
            .killedBy(
                LOST_LOG + "#whatAnotherProcessWroteBesideANewIndexIsNeitherOverwrittenNorDeleted"),
        Mutant.of(
                "the lock beside the last connection is taken for granted",
                patch("connection/LastLock.java", "PRAGMA locking_mode=EXCLUSIVE", "SELECT 1"),
                patch(
                    "connection/LastLock.java",
                    "return ErrorTranslator.isBusy(failed);",
                    "return failed != null;"))
            .killedBy(EDGES + "#aLogThatCannotBeOpenedKeepsOursOutOfTheFile", LAST_LOCK),
        Mutant.of(
                "the log is not looked at after a VACUUM",
                patch(
                    "write/CommitSteps.java",
                    "if (well && files.isKnownOf(connection)",
                    "if (well && files == null"))
            .killedBy(LOST_LOG + "#exclusiveWorkIntoALostLogIsNotAcknowledged"),
        Mutant.of(
                "the log that is there at the first commit is taken for ours",
                patch("connection/EngineConnection.java", "guard.logFiles().seenBy(writer);", ""))
            .killedBy(EDGES + "#theFirstCommitDoesNotTakeTheLogOfOthersForOurs", LOG_FILES),
        Mutant.of(
                "a file that cannot be looked at for a moment counts as replaced",
                patch("connection/FileGuard.java", "return Look.UNSEEN;", "return Look.CHANGED;"))
            .killedBy(REPLACED + "#afterAPathThatCouldNotBeLookedAtForAMomentWritesGoOn"),
        Mutant.of(
                "a reader opens the file that came in place of ours",
                patch(
                    "connection/ConnectionFactory.java",
                    "if (role != Role.WRITER) { verifyFile.run(); }",
                    ""))
            .killedBy("reliability.system.LostFileTest#noReadIsAnsweredFromAnotherFile"),
        Mutant.of(
                "the lock is never left to other processes",
                patch(
                    "write/LockTurns.java",
                    "return wasMostlyHeld && isContended(now);",
                    "return wasMostlyHeld && isContended(now) && false;"))
            .killedBy("sqlite.engine.write.LockTurnsTest"),
        Mutant.of(
                "the pause between two tries for a lock is ignored",
                patch(
                    "runtime/LockRetry.java",
                    "new BackoffDelay(policy.pauseBefore(context.iteration()))",
                    "new BackoffDelay(java.time.Duration.ZERO)"))
            .killedBy("sqlite.engine.runtime.LockRetryTest"),
        Mutant.of(
                "lockTimeout ignored",
                patch(
                    "write/WriteRequest.java",
                    "lockedSince + lockBudget();",
                    "lockedSince + Long.MAX_VALUE / 2;"))
            .killedBy(LOCKS + "$GivingUp#pastTheDeadlineTheWriteIsRefusedWithWhatItWaited"),
        Mutant.of(
                "a read that meets a lock is answered instead of tried again",
                patch("read/ReaderPool.java", "if (failure.isBusy()) {", "if (false) {"))
            .killedBy("sqlite.engine.read.ReadLockTest"),
        Mutant.of(
                "walLimit ends no snapshot",
                patch(
                    "maintenance/LogLimits.java",
                    "int ended = readLane.endHolds(pinnedSince);",
                    "int ended = 0;"))
            .killedBy(UPKEEP + "$Limits#aSnapshotThatPinsTooLargeALogIsEnded"),
        Mutant.of(
                "walHardLimit refuses nothing",
                patch("maintenance/LogLimits.java", "writeLane.walBeyondHardLimit(refuse);", ""))
            .killedBy(UPKEEP + "$Limits#writesAreRefusedBeyondTheHardLimitAndTakenAgainBelowIt"));
  }
}
