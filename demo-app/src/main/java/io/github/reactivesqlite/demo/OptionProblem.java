package io.github.reactivesqlite.demo;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which option has a value that does not fit, before Spring Boot says it in terms of Java. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OptionProblem extends AbstractFailureAnalyzer<BindException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
    return new FailureAnalysis(
        "The value of the option --" + cause.getName() + " does not fit.",
        "Start with --help, or see docs/demo.md.",
        cause);
  }
}
