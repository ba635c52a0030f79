package io.github.reactivesqlite.sqlite.engine.connection;

import java.util.ArrayList;
import java.util.List;

/**
 * The virtual machine's program of a statement (<a
 * href="https://sqlite.org/opcode.html">sqlite.org/opcode.html</a>). A {@code Halt} or {@code
 * HaltIfNull} says in its second operand what an error does: 1 rolls the transaction back, 3 fails
 * and keeps the rows written so far. Programs of triggers follow the main program.
 */
record ExplainedProgram(List<SchemaMap.Step> steps) {

  private static final int OPCODE = 2;
  private static final int P1 = 3;
  private static final int P2 = 4;
  private static final int P3 = 5;
  private static final int P4 = 6;
  private static final int P5 = 7;
  private static final int ON_ERROR_ROLLBACK = 1;
  private static final int ON_ERROR_FAIL = 3;

  static StatementTraits traits(EngineStatement explain) {
    StatementTraits found = StatementTraits.PLAIN;
    boolean row = explain.execute(null);
    while (row) {
      String opcode = explain.row().stringValue(OPCODE);
      if ("Halt".equals(opcode) || "HaltIfNull".equals(opcode)) {
        long onError = explain.row().longValue(P2);
        if (onError == ON_ERROR_ROLLBACK) {
          return StatementTraits.ENDS_TRANSACTION;
        }
        if (onError == ON_ERROR_FAIL) {
          found = StatementTraits.LEAVES_ROWS;
        }
      }
      row = explain.next();
    }
    return found;
  }

  static ExplainedProgram read(EngineStatement explain) {
    List<SchemaMap.Step> steps = new ArrayList<>();
    boolean row = explain.execute(null);
    while (row) {
      CursorRow step = explain.row();
      steps.add(
          new SchemaMap.Step(
              String.valueOf(step.stringValue(OPCODE)),
              step.longValue(P1),
              step.longValue(P2),
              step.longValue(P3),
              String.valueOf(step.stringValue(P4)),
              step.longValue(P5)));
      row = explain.next();
    }
    return new ExplainedProgram(steps);
  }

  /** The schema version that the program was compiled for; -1 if it opens no transaction. */
  long schemaVersion() {
    for (SchemaMap.Step step : steps) {
      if (step.opcode().equals("Transaction") && step.p1() == 0) {
        return step.p3();
      }
    }
    return -1;
  }
}
