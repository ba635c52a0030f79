package io.github.reactivesqlite.spring.boot.jobs;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to choose the database of the jobs. */
final class NoMainDatabaseFailureAnalyzer extends AbstractFailureAnalyzer<NoMainDatabaseException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, NoMainDatabaseException failure) {
    return new FailureAnalysis(failure.getMessage(), failure.advice(), failure);
  }
}
