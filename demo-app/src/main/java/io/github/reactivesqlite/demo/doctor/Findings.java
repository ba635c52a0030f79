package io.github.reactivesqlite.demo.doctor;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints what was found, and keeps what to do about it for the end. */
final class Findings {

  private final PrintStream out;
  private final List<String> problems = new ArrayList<>();
  private final List<String> advice = new ArrayList<>();

  Findings(PrintStream out) {
    this.out = out;
  }

  void fact(String name, String value) {
    out.printf("%-16s%s%n", name, value);
  }

  void more(String text) {
    out.println("  " + text);
  }

  void problem(String text) {
    problems.add(text);
  }

  void advise(String text) {
    advice.add(text);
  }

  /** Prints problems and advice, and gives the exit code. */
  int conclude() {
    print("Problems", problems);
    print("Advice", advice);
    if (problems.isEmpty() && advice.isEmpty()) {
      fact("Advice", "nothing to do");
    }
    return problems.isEmpty() ? Doctor.OK : Doctor.PROBLEMS;
  }

  private void print(String name, List<String> lines) {
    if (!lines.isEmpty()) {
      out.println(name);
      lines.forEach(line -> more("- " + line));
    }
  }
}
