package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.ContextBridge;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.session.SessionOwner;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * A function on a session: a write unit, a script, a chunk. It may swallow an error of a statement,
 * so whether its transaction is still there, and whether rows of a failed statement were left
 * behind, is remembered and not guessed from how it ends.
 *
 * @param <T> the type of the answer
 */
final class ClosureWrite<T> extends UnitRequest<T> implements SessionOwner {

  private final ClosureBody<T> body;
  private @Nullable EngineConnection running;
  private @Nullable RuntimeException doomed;
  private boolean transactionEnded;
  private boolean changedSchema;

  ClosureWrite(
      CoreSubscriber<? super T> actual,
      WriterServices services,
      OperationSettings settings,
      ClosureBody<T> body) {
    super(actual, services, settings, settings.laneOr(body.usualLane()));
    this.body = body;
  }

  @Override
  long bytes() {
    return body.bytes();
  }

  @Override
  String operation() {
    return body.operation();
  }

  @Override
  boolean isHeldBackByDemand() {
    return body.isHeldBackByDemand();
  }

  @Override
  long pauseNanos() {
    return body.pauseNanos();
  }

  @Override
  void onNeverRan() {
    body.onNeverRan();
  }

  @Override
  Isolation prepare(EngineConnection connection, long schemaVersion) {
    return Isolation.SAVEPOINT;
  }

  @Override
  void execute(EngineConnection connection) throws Exception {
    doomed = null;
    transactionEnded = false;
    changedSchema = false;
    running = connection;
    try (ConnectionSession session = new ConnectionSession(connection, services.sqlCache(), this)) {
      T answer = ContextBridge.<T>call(context(), () -> body.run(session));
      changedSchema = session.changedSchema();
      if (doomed != null) {
        throw doomed;
      }
      succeed(answer);
    } finally {
      running = null;
    }
  }

  @Override
  public void beforeCall() {
    if (doomed != null) {
      throw doomed;
    }
    if (stopRequested()) {
      throw timeout(details());
    }
  }

  @Override
  public RuntimeException failed(SqlFailure failure, ErrorDetails errorDetails) {
    RuntimeException typed = typed(failure, errorDetails);
    EngineConnection connection = running;
    if (connection != null) {
      // A unit past its deadline would have the question itself stopped
      connection.stopSignal(StopSignal.NONE);
      if (!connection.isInTransaction()) {
        transactionEnded = true;
        doomed = typed;
      }
      connection.stopSignal(this);
    }
    return typed;
  }

  @Override
  public RuntimeException failedHalfWay(SqlFailure failure, ErrorDetails errorDetails) {
    RuntimeException typed = failed(failure, errorDetails);
    doomed = typed;
    return typed;
  }

  @Override
  boolean knowsTransactionEnded() {
    return transactionEnded;
  }

  @Override
  boolean changedSchema() {
    return changedSchema;
  }
}
