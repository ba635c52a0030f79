package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.demo.library.StartupException;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says which option is none, or has a value that does not fit, before Spring Boot says it in terms
 * of Java.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OptionProblem extends AbstractFailureAnalyzer<BindException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
    StartupException refused = findCause(cause, StartupException.class);
    if (refused != null) {
      return new FailureAnalysis(String.valueOf(refused.getMessage()), refused.remedy(), cause);
    }
    UnboundConfigurationPropertiesException unknown =
        findCause(cause, UnboundConfigurationPropertiesException.class);
    String what =
        unknown == null
            ? "The value of the option --" + cause.getName() + " does not fit."
            : "There is no option " + names(unknown) + ".";
    return new FailureAnalysis(what, "Start with --help, or see docs/demo.md.", cause);
  }

  private static String names(UnboundConfigurationPropertiesException unknown) {
    return unknown.getUnboundProperties().stream()
        .map(property -> "--" + property.getName())
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
