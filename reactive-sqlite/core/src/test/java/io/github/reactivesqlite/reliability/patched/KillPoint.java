package io.github.reactivesqlite.reliability.patched;

import java.util.Arrays;
import java.util.List;

/** The steps of the library between which a process is killed. */
enum KillPoint {
  /** A write transaction has begun. */
  BEGUN(
      60,
      patch(
          "connection/EngineConnection.java",
          "run(\"BEGIN IMMEDIATE\");",
          "run(\"BEGIN IMMEDIATE\"); " + reached("BEGUN"))),
  /** A unit's savepoint is open. */
  SAVEPOINT_OPEN(
      40,
      patch(
          "connection/EngineConnection.java",
          "run(SAVEPOINT);",
          "run(SAVEPOINT); " + reached("SAVEPOINT_OPEN"))),
  /** A unit of a group has run, or a step of a transaction. */
  UNIT_RUN(
      120,
      patch(
          "write/GroupCommit.java",
          "unit.execute(connection);",
          "unit.execute(connection); " + reached("UNIT_RUN")),
      patch(
          "write/OpenTransaction.java",
          "step.runIn(this, connection);",
          "step.runIn(this, connection); " + reached("UNIT_RUN"))),
  /** Everything is written, nothing committed. */
  BEFORE_COMMIT(
      60,
      patch(
          "connection/EngineConnection.java",
          "run(\"COMMIT\");",
          reached("BEFORE_COMMIT") + " run(\"COMMIT\"); " + reached("AFTER_COMMIT"))),
  /** COMMIT has come back; nobody knows yet. By the patch of {@link #BEFORE_COMMIT}. */
  AFTER_COMMIT(60),
  /** The writer is about to hand the answers over. */
  BEFORE_ANSWER(
      50,
      patch(
          "write/GroupCommit.java",
          "services.metrics().unitsCommitted(done);",
          reached("BEFORE_ANSWER") + " services.metrics().unitsCommitted(done);"),
      patch(
          "write/OpenTransaction.java",
          "services.metrics().unitsCommitted(1);",
          reached("BEFORE_ANSWER") + " services.metrics().unitsCommitted(1);")),
  /** A value has been given, its completion has not. */
  VALUE_GIVEN(
      120,
      patch(
          "runtime/ScalarSubscription.java",
          "actual.onNext(answer);",
          "actual.onNext(answer); " + reached("VALUE_GIVEN"))),
  /** A caller has its answer. */
  AFTER_ANSWER(
      120,
      patch(
          "runtime/ScalarSubscription.java",
          "emit(answer); return true;",
          "emit(answer); " + reached("AFTER_ANSWER") + " return true;"),
      patch(
          "runtime/ScalarSubscription.java",
          "emitComplete(); return true;",
          "emitComplete(); " + reached("AFTER_ANSWER") + " return true;")),
  /** A transaction was rolled back, its failure not yet answered. */
  ROLLED_BACK(
      20,
      patch(
          "connection/EngineConnection.java",
          "run(\"ROLLBACK\"); return true;",
          "run(\"ROLLBACK\"); " + reached("ROLLED_BACK") + " return true;")),
  /** A checkpoint is about to copy the log into the file, or has just done so. */
  CHECKPOINT(
      3,
      patch(
          "connection/EngineConnection.java",
          "ownStatement(\"PRAGMA wal_checkpoint(\" + mode.name() + \")\"); try {"
              + " statement.execute(null);",
          "ownStatement(\"PRAGMA wal_checkpoint(\" + mode.name() + \")\"); try { "
              + reached("CHECKPOINT")
              + " statement.execute(null); "
              + reached("CHECKPOINT")));

  private final int mostPassings;
  private final List<SourcePatch> patches;

  KillPoint(int mostPassings, SourcePatch... patches) {
    this.mostPassings = mostPassings;
    this.patches = List.of(patches);
  }

  /** How often a step may be passed before the kill, at most. */
  int mostPassings() {
    return mostPassings;
  }

  /** Whether a transaction is committed then whose callers have no answer. */
  boolean isBetweenCommitAndAnswer() {
    return this == AFTER_COMMIT || this == BEFORE_ANSWER;
  }

  /** The hooks of all steps: one library serves every kill. */
  static List<SourcePatch> hooks() {
    return Arrays.stream(values()).flatMap(point -> point.patches.stream()).toList();
  }

  private static SourcePatch patch(String file, String before, String after) {
    return new SourcePatch(file, before, after);
  }

  private static String reached(String point) {
    return KillSwitch.class.getName() + ".reached(\"" + point + "\");";
  }
}
