package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.runtime.ContextBridge;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One statement that is read in one go and answered with at most one value.
 *
 * @param <T> the type of the answer
 */
abstract class StatementRead<T> extends ReadRequest implements ScalarAnswer.Owner<T> {

  final BoundSql bound;
  private final ScalarAnswer<T> answer;

  StatementRead(
      CoreSubscriber<? super T> actual,
      ReadServices services,
      OperationSettings settings,
      ReadHost host,
      BoundSql bound) {
    super(services, settings, host);
    this.bound = bound;
    this.answer = new ScalarAnswer<>(actual, services.answers(), this);
  }

  final ScalarAnswer<T> subscription() {
    return answer;
  }

  /** Runs the statement and maps what it gives; {@code null} for no answer. */
  abstract @Nullable T read(EngineConnection connection);

  @Override
  Outcome run(Reader reader) throws Exception {
    T value = ContextBridge.<T>call(answer.context(), () -> read(reader.connection()));
    if (isCancelled()) {
      return Outcome.DONE;
    }
    services.metrics().readCompleted();
    reader.answer(
        () -> {
          try {
            noteOperation(null);
          } finally {
            answer.answer(value);
          }
        });
    return Outcome.DONE;
  }

  @Override
  final void refuse(Throwable error) {
    services.answers().deliver(() -> answer.fail(error));
  }

  @Override
  final boolean isCancelled() {
    return answer.isCancelled();
  }

  @Override
  public final void cancelled() {
    if (!withdraw()) {
      noteCancelled();
    }
  }

  @Override
  public final void subscriberThrew(Throwable error) {
    host.subscriberThrew(error);
  }

  @Override
  String operation() {
    return bound.statement().operationName();
  }

  @Override
  final ErrorDetails details() {
    return bound.details(settings.label());
  }

  @Override
  final long bytes() {
    return bound.bytes();
  }
}
