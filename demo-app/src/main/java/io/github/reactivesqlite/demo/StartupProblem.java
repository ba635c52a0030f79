package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.demo.library.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets Spring Boot report what the library itself refused to start with. */
final class StartupProblem extends AbstractFailureAnalyzer<StartupException> {

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, StartupException cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), cause);
  }
}
