package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.connection.StatementTraits;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One statement with its values.
 *
 * @param <T> the type of the answer
 */
abstract class StatementWrite<T> extends UnitRequest<T> {

  final BoundSql bound;
  private @Nullable EngineStatement statement;

  StatementWrite(
      CoreSubscriber<? super T> actual,
      WriterServices services,
      OperationSettings settings,
      BoundSql bound) {
    super(actual, services, settings, settings.laneOr(Lane.INTERACTIVE));
    this.bound = bound;
  }

  @Override
  final long bytes() {
    return bound.bytes();
  }

  @Override
  final String operation() {
    return bound.statement().operationName();
  }

  @Override
  final ErrorDetails details() {
    return bound.details(settings.label());
  }

  @Override
  Isolation prepare(EngineConnection connection, long schemaVersion) {
    EngineStatement prepared = connection.statement(bound.sql());
    statement = prepared;
    StatementTraits traits = connection.traits(prepared, schemaVersion);
    return switch (traits) {
      case PLAIN -> Isolation.STATEMENT;
      case LEAVES_ROWS -> Isolation.SAVEPOINT;
      case ENDS_TRANSACTION -> Isolation.TRANSACTION;
    };
  }

  @Override
  final void execute(EngineConnection connection) {
    EngineStatement prepared = statement;
    if (prepared == null) {
      throw new IllegalStateException("The statement was not prepared");
    }
    execute(connection, prepared);
  }

  abstract void execute(EngineConnection connection, EngineStatement prepared);

  @Override
  final void release(EngineConnection connection) {
    EngineStatement prepared = statement;
    if (prepared != null) {
      statement = null;
      connection.release(prepared);
    }
  }

  @Override
  final boolean changedSchema() {
    return !bound.statement().kind().isDml();
  }

  /** A write answered with the number of rows it changed. */
  static final class Count extends StatementWrite<Long> {

    Count(
        CoreSubscriber<? super Long> actual,
        WriterServices services,
        OperationSettings settings,
        BoundSql bound) {
      super(actual, services, settings, bound);
    }

    @Override
    void execute(EngineConnection connection, EngineStatement prepared) {
      boolean row = prepared.execute(bound.values());
      while (row) {
        row = prepared.next();
      }
      succeed(changedSchema() ? 0L : connection.changes());
    }
  }
}
