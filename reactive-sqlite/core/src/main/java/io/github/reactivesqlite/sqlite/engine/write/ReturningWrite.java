package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import java.util.List;
import reactor.core.CoreSubscriber;

/**
 * A statement whose RETURNING rows are copied before the COMMIT. SQLite changes all rows before it
 * returns the first, so stopping early loses no change.
 */
final class ReturningWrite extends StatementWrite<List<StoredRow>> {

  private final RowDemand demand;

  ReturningWrite(
      CoreSubscriber<? super List<StoredRow>> actual,
      WriterServices services,
      OperationSettings settings,
      BoundSql bound,
      RowDemand demand) {
    super(actual, services, settings, bound);
    this.demand = demand;
  }

  /** A second row, or too many rows, has to undo what the statement wrote. */
  @Override
  Isolation prepare(EngineConnection connection, long schemaVersion) {
    Isolation isolation = super.prepare(connection, schemaVersion);
    return isolation == Isolation.STATEMENT && demand != RowDemand.FIRST
        ? Isolation.SAVEPOINT
        : isolation;
  }

  @Override
  void execute(EngineConnection connection, EngineStatement prepared) {
    succeed(CopiedRows.read(prepared, bound.values(), demand, services.limits(), details()));
  }
}
