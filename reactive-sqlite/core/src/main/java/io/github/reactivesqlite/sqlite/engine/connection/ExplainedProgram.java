package io.github.reactivesqlite.sqlite.engine.connection;

/**
 * Reads the virtual machine's program of a statement (<a
 * href="https://sqlite.org/opcode.html">sqlite.org/opcode.html</a>). A {@code Halt} or {@code
 * HaltIfNull} says in its second operand what an error does: 1 rolls the transaction back, 3 fails
 * and keeps the rows written so far. Programs of triggers follow the main program.
 */
final class ExplainedProgram {

  private static final int OPCODE = 2;
  private static final int P2 = 4;
  private static final int ON_ERROR_ROLLBACK = 1;
  private static final int ON_ERROR_FAIL = 3;

  private ExplainedProgram() {}

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
}
