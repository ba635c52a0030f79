package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Rows;
import io.github.reactivesqlite.Savepoint;
import io.github.reactivesqlite.SnapshotQuery;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.WriteUnit;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.runtime.ContextBridge;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.engine.sql.SqlScript;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import io.github.reactivesqlite.sqlite.engine.write.OpenTransaction;
import io.github.reactivesqlite.sqlite.engine.write.RowDemand;
import io.github.reactivesqlite.sqlite.engine.write.TransactionSteps;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/** The facade of an open transaction. */
record TransactionHandle(OpenTransaction open, SqlCache sqlCache, Scheduler resultScheduler)
    implements Transaction, BoundUpdate.Target {

  @Override
  public SnapshotQuery query(String sql) {
    return new BoundSnapshotQuery(
        Bindings.of(sqlCache.statement(sql).requireQuery()),
        new BoundSnapshotQuery.Target() {
          @Override
          public <T> Rows<T> rows(BoundQuery.Statement statement, RowMapper<? extends T> mapper) {
            return new CopiedRowsOf<>(
                statement, TransactionHandle.this::returning, mapper, mapping());
          }
        });
  }

  @Override
  public Update update(String sql) {
    return new BoundUpdate(Bindings.of(sqlCache.statement(sql).requireUpdate()), this);
  }

  @Override
  public Mono<Long> count(BoundSql bound) {
    return TransactionSteps.count(open, bound);
  }

  @Override
  public Mono<List<StoredRow>> returning(BoundSql bound, RowDemand demand) {
    return TransactionSteps.rows(open, bound, demand);
  }

  @Override
  public CopiedRowMapping mapping() {
    return new CopiedRowMapping(resultScheduler, open.settings().label(), "");
  }

  @Override
  public Mono<Void> script(String sql) {
    List<SqlStatement> statements = SqlScript.parse(sql);
    return TransactionSteps.script(open, statements);
  }

  @Override
  public <T> Mono<T> write(WriteUnit<T> unit) {
    Objects.requireNonNull(unit, "unit");
    return Mono.deferContextual(
        context ->
            TransactionSteps.unit(
                open,
                new UnitBody<T>(
                    session ->
                        ContextBridge.<T>call(Context.of(context), () -> unit.run(session)))));
  }

  @Override
  public Mono<Void> commit() {
    return TransactionSteps.commit(open);
  }

  @Override
  public Mono<Void> rollback() {
    return TransactionSteps.rollback(open);
  }

  @Override
  public Mono<Savepoint> savepoint() {
    return TransactionSteps.savepoint(open).map(name -> new SavepointHandle(open, name));
  }

  @Override
  public <T> Mono<T> withSavepoint(
      Function<? super Transaction, ? extends Mono<? extends T>> work) {
    return savepoint()
        .flatMap(
            savepoint ->
                Bracket.<T>around(
                    Mono.defer(() -> DatabaseView.begun(work, this)),
                    result -> savepoint.release().then(Mono.justOrEmpty(result)),
                    savepoint.rollback(),
                    () -> savepoint.rollback().subscribe(done -> {}, alreadyEnded -> {})));
  }

  private record SavepointHandle(OpenTransaction open, String name) implements Savepoint {
    @Override
    public Mono<Void> release() {
      return TransactionSteps.release(open, name);
    }

    @Override
    public Mono<Void> rollback() {
      return TransactionSteps.rollbackTo(open, name);
    }
  }
}
