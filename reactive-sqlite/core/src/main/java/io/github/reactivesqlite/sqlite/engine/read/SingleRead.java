package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.IncorrectResultSizeException;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.runtime.ContextBridge;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.session.RowMapping;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * A query for the only or the first row.
 *
 * @param <T> the type of the mapped row
 */
final class SingleRead<T> extends ReadRequest implements ScalarAnswer.Owner<T> {

  private final BoundSql bound;
  private final RowMapper<? extends T> mapper;
  private final boolean onlyRow;
  private final ScalarAnswer<T> answer;

  SingleRead(
      CoreSubscriber<? super T> actual,
      ReadServices services,
      OperationSettings settings,
      ReadHost host,
      BoundSql bound,
      RowMapper<? extends T> mapper,
      boolean onlyRow) {
    super(services, settings, host);
    this.bound = bound;
    this.mapper = mapper;
    this.onlyRow = onlyRow;
    this.answer = new ScalarAnswer<>(actual, services.answers(), this);
  }

  ScalarAnswer<T> subscription() {
    return answer;
  }

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

  private @Nullable T read(EngineConnection connection) {
    EngineStatement statement = connection.statement(bound.sql());
    try {
      if (!statement.execute(bound.values())) {
        return null;
      }
      T value = RowMapping.map(mapper, statement.row(), details(), "");
      if (onlyRow && statement.next()) {
        throw new IncorrectResultSizeException(
            "one() met a second row. Add a condition or LIMIT 1, or use first() or all()",
            details(),
            1,
            2);
      }
      return value;
    } finally {
      connection.release(statement);
    }
  }

  @Override
  void refuse(Throwable error) {
    services.answers().deliver(() -> answer.fail(error));
  }

  @Override
  boolean isCancelled() {
    return answer.isCancelled();
  }

  @Override
  public void cancelled() {
    if (!withdraw()) {
      noteCancelled();
    }
  }

  @Override
  public void subscriberThrew(Throwable error) {
    host.subscriberThrew(error);
  }

  @Override
  String operation() {
    return bound.statement().operationName();
  }

  @Override
  ErrorDetails details() {
    return bound.details(settings.label());
  }

  @Override
  long bytes() {
    return bound.bytes();
  }
}
