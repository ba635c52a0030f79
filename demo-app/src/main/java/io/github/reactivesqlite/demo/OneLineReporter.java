package io.github.reactivesqlite.demo;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** Says in one line why the application did not start, in place of Spring Boot's block of text. */
final class OneLineReporter implements FailureAnalysisReporter {

  @Override
  public void report(FailureAnalysis analysis) {
    System.err.println(line(analysis));
  }

  static String line(FailureAnalysis analysis) {
    String action = analysis.getAction();
    String text = analysis.getDescription() + (action == null ? "" : " " + action);
    return "demo-app: " + text.replaceAll("\\s+", " ").strip();
  }
}
