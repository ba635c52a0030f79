package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.error.DatabaseException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lets Spring Boot report why the database could not be opened; the message holds the remedy. */
final class DatabaseProblem extends AbstractFailureAnalyzer<DatabaseException> {

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, DatabaseException cause) {
    return new FailureAnalysis(
        "The database cannot be opened. " + cause.getMessage(),
        "Or name another file with --library.database=FILE.",
        cause);
  }
}
