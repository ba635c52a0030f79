package io.github.reactivesqlite.demo;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;

/** Says why the server cannot listen; Spring Boot says it only of a port that is in use. */
final class ServerProblem extends AbstractFailureAnalyzer<WebServerException> {

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, WebServerException cause) {
    if (cause instanceof PortInUseException) {
      return null;
    }
    Throwable reason = cause;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return new FailureAnalysis(
        "The server cannot listen: " + reason.getMessage() + ".",
        "Correct --server.port (0 to 65535) or --server.address.",
        cause);
  }
}
