package io.github.reactivesqlite.spring.boot;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * There is a main database, unless there are only named ones. Without any file it is there to fail
 * with a message that names the property.
 */
final class OnMainDatabase extends SpringBootCondition {

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    ConditionMessage.Builder message = ConditionMessage.forCondition("Main database");
    if (context.getEnvironment().containsProperty("reactive-sqlite.file")) {
      return ConditionOutcome.match(message.because("reactive-sqlite.file is set"));
    }
    return NamedDatabasesRegistrar.namesIn(context.getEnvironment()).isEmpty()
        ? ConditionOutcome.match(message.because("no other database is named"))
        : ConditionOutcome.noMatch(
            message.because("only databases under reactive-sqlite.databases are named"));
  }
}
