package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.error.DatabaseException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lets Spring Boot report why the database could not be opened; the message holds the remedy. In
 * place of the starter's own words, which name properties that are not this program's options.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class DatabaseProblem extends AbstractFailureAnalyzer<DatabaseException> {

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, DatabaseException cause) {
    return new FailureAnalysis(
        "The database cannot be opened. " + cause.getMessage(),
        "Or name another file with --library.database=FILE.",
        cause);
  }
}
