package io.github.reactivesqlite.benchmarks;

import java.io.Console;

/** Whether a person watches. */
final class Terminal {

  private Terminal() {}

  /** Whether input and output are a terminal's, so that a line can be overwritten. */
  @SuppressWarnings("SystemConsoleNull") // newer JVMs are asked below
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException older) {
      // Before JDK 22 there is a console only where there is a terminal
      return true;
    }
  }
}
