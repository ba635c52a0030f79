package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * Work on the writer's connection between two transactions: checkpoints, VACUUM, migrations. Its
 * body may meet a lock; then it runs again after the pause of its policy.
 *
 * @param <T> the type of the answer
 */
final class ExclusiveWrite<T> extends WriteRequest<T> {

  /** What runs. It leaves no transaction open. */
  @FunctionalInterface
  interface Body<T> {
    @Nullable T run(EngineConnection connection, WriteLane.Commit commit) throws Exception;
  }

  private final String operation;
  private final boolean ofTheEngine;
  private final Body<T> body;

  ExclusiveWrite(
      CoreSubscriber<? super T> actual,
      WriterServices services,
      OperationSettings settings,
      String operation,
      boolean ofTheEngine,
      Body<T> body) {
    super(actual, services, settings, settings.laneOr(Lane.INTERACTIVE));
    this.operation = operation;
    this.ofTheEngine = ofTheEngine;
    this.body = body;
  }

  @Override
  Kind kind() {
    return Kind.EXCLUSIVE;
  }

  /** Upkeep finds room in a full lane, or the log could not be cut back under overload. */
  @Override
  boolean isHeldBackByDemand() {
    return ofTheEngine;
  }

  @Override
  String operation() {
    return operation;
  }

  /** Its effect does not depend on anybody taking the answer. */
  @Override
  void onNotTaken() {}

  /** Whether it is the engine's own look after the log, which calls for no further one. */
  boolean isUpkeep() {
    return "CHECKPOINT".equals(operation);
  }

  void execute(EngineConnection connection, WriteLane.Commit commit) throws Exception {
    succeed(body.run(connection, commit));
  }
}
