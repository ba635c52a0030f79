package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.ChunkUnit;
import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.LiveRows;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.ReadUnit;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.WriteUnit;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.sqlite.engine.bind.Bindings;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.maintenance.Migrations;
import io.github.reactivesqlite.sqlite.engine.read.HeldSnapshot;
import io.github.reactivesqlite.sqlite.engine.runtime.AnsweringGuard;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.LenientScheduler;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.ResultThreads;
import io.github.reactivesqlite.sqlite.engine.sql.SqlScript;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import io.github.reactivesqlite.sqlite.engine.write.OpenTransaction;
import io.github.reactivesqlite.sqlite.engine.write.RowDemand;
import io.github.reactivesqlite.sqlite.engine.write.TransactionSteps;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** The facade of an engine, with the options of one view. */
public final class DatabaseView implements ReactiveDatabase, BoundUpdate.Target {

  private final Engine engine;
  private final OperationOptions options;
  private final OperationSettings settings;

  DatabaseView(Engine engine, OperationOptions options) {
    this.engine = engine;
    this.options = options;
    this.settings = OperationSettings.of(options, engine.config());
  }

  @Override
  public Query query(String sql) {
    return new BoundQuery(
        Bindings.of(engine.sqlCache().statement(sql).requireQuery()),
        new BoundQuery.Target() {
          @Override
          public <T> LiveRows<T> rows(
              BoundQuery.Statement statement, RowMapper<? extends T> mapper, Object mapping) {
            ReaderRows<T> rows =
                new ReaderRows<>(engine.readLane(), null, settings, statement, mapper);
            return new WatchedRows<>(rows, engine.liveQueries(), mapping);
          }
        });
  }

  @Override
  public Update update(String sql) {
    return new BoundUpdate(Bindings.of(engine.sqlCache().statement(sql).requireUpdate()), this);
  }

  @Override
  public Mono<Long> count(BoundSql bound) {
    return guarded(engine.writeLane().count(settings, bound));
  }

  @Override
  public Mono<List<StoredRow>> returning(BoundSql bound, RowDemand demand) {
    return guarded(engine.writeLane().returning(settings, bound, demand));
  }

  @Override
  public CopiedRowMapping mapping() {
    return new CopiedRowMapping(
        ResultThreads.of(engine.config()), settings.label(), "; the write is committed");
  }

  private <T> Mono<T> guarded(Mono<T> write) {
    return engine.openTransactions().guard(write);
  }

  @Override
  public Batch batch(String sql) {
    return new StatementBatch(
        this,
        engine.sqlCache().statement(sql).requireDml(),
        ChunkOptions.ofSize(Batch.DEFAULT_CHUNK_SIZE));
  }

  @Override
  public <P> Flux<BatchResult> writeChunks(
      Publisher<? extends P> items, ChunkOptions<P> chunkOptions, ChunkUnit<P> unit) {
    Objects.requireNonNull(unit, "unit");
    return chunks(items, chunkOptions, new UnitChunks<>(unit));
  }

  <P> Flux<BatchResult> chunks(
      Publisher<? extends P> items, ChunkOptions<P> chunkOptions, ChunkWriter<P> writer) {
    Objects.requireNonNull(items, "items");
    Flux<BatchResult> results =
        Flux.deferContextual(
            context -> {
              engine.openTransactions().rejectInside(context);
              return chunkOptions.isAtomic()
                  ? atomicChunks(items, chunkOptions, writer)
                  : stream(
                          chunkOptions,
                          writer,
                          body -> engine.writeLane().closure(settings, body),
                          context)
                      .write(items);
            });
    // The source's end and its errors come on a thread of the source
    Flux<BatchResult> answered =
        AnsweringGuard.around(
            results
                .publishOn(LenientScheduler.over(ResultThreads.of(engine.config())), 1)
                .doOnDiscard(BatchResult.class, result -> notReported(result, chunkOptions)));
    return Flux.defer(
        () -> {
          EngineThread.rejectCurrent();
          return answered;
        });
  }

  /** A result of what is committed met a cancel on its way; an atomic stream is one unit. */
  private void notReported(BatchResult result, ChunkOptions<?> chunkOptions) {
    if (!chunkOptions.isAtomic() || result.firstItem() == 0) {
      engine.metrics().cancelledAfterCommit();
    }
  }

  private <P> ChunkStream<P> stream(
      ChunkOptions<P> chunkOptions,
      ChunkWriter<P> writer,
      Function<ChunkWriter.Body, Mono<Long>> unit,
      ContextView context) {
    return new ChunkStream<>(
        chunkOptions,
        writer,
        unit,
        engine.timer(),
        LenientScheduler.over(ResultThreads.of(engine.config())),
        engine.metrics(),
        settings.label(),
        context);
  }

  /** All chunks are steps of one transaction; their results wait for its COMMIT. */
  private <P> Flux<BatchResult> atomicChunks(
      Publisher<? extends P> items, ChunkOptions<P> chunkOptions, ChunkWriter<P> writer) {
    OperationSettings bulk =
        OperationSettings.of(
            OperationOptions.none().lane(Lane.BULK).inheriting(options), engine.config());
    return engine
        .writeLane()
        .begin(bulk)
        .flatMap(
            open ->
                Mono.deferContextual(
                    context ->
                        atomically(
                            open,
                            items,
                            stream(
                                chunkOptions,
                                writer,
                                body -> TransactionSteps.closure(open, body),
                                context))))
        .flatMapIterable(results -> results);
  }

  private <P> Mono<List<BatchResult>> atomically(
      OpenTransaction open, Publisher<? extends P> items, ChunkStream<P> stream) {
    return transactionally(open, Mono.defer(() -> stream.write(items).collectList()))
        .doOnSuccess(results -> stream.endAtomic(true))
        .doOnError(error -> stream.endAtomic(error instanceof CommitOutcomeUnknownException))
        .doOnCancel(() -> stream.endAtomic(false));
  }

  @Override
  public Mono<Void> script(String sql) {
    List<SqlStatement> statements = SqlScript.parse(sql);
    return guarded(engine.writeLane().closure(settings, new ScriptBody(statements)));
  }

  @Override
  public Mono<MigrationReport> migrate(List<Migration> migrations) {
    return guarded(Migrations.migrate(engine.writeLane(), settings, migrations));
  }

  @Override
  public <T> Mono<T> read(ReadUnit<T> unit) {
    return engine.readLane().unit(settings, Objects.requireNonNull(unit, "unit"));
  }

  @Override
  public <T> Mono<T> write(WriteUnit<T> unit) {
    return guarded(
        engine.writeLane().closure(settings, new UnitBody<>(Objects.requireNonNull(unit, "unit"))));
  }

  @Override
  public <T> Mono<T> withTransaction(
      Function<? super Transaction, ? extends Mono<? extends T>> work) {
    Objects.requireNonNull(work, "work");
    return AnsweringGuard.around(
        guarded(engine.writeLane().begin(settings))
            .flatMap(
                open ->
                    transactionally(open, Mono.<T>defer(() -> widen(begun(work, handle(open)))))));
  }

  /** A fatal error would end the chain without a signal, and leave open what the work was given. */
  static <A, R> R begun(Function<? super A, ? extends R> work, A given) {
    try {
      return work.apply(given);
    } catch (Error fatal) {
      throw new IllegalStateException("The work threw " + fatal.getClass().getName(), fatal);
    }
  }

  private static <T> Mono<T> widen(Mono<? extends T> mono) {
    return mono.map(value -> value);
  }

  private <T> Mono<T> transactionally(OpenTransaction open, Mono<T> work) {
    return Bracket.around(
        engine.openTransactions().mark(work.takeUntilOther(open.timedOut()), open),
        result -> TransactionSteps.commit(open, result.orElse(null)),
        TransactionSteps.rollback(open),
        () -> open.abort(OpenTransaction.Reason.CANCELLED));
  }

  private Transaction handle(OpenTransaction open) {
    return new TransactionHandle(open, engine.sqlCache(), ResultThreads.of(engine.config()));
  }

  @Override
  public Mono<Transaction> begin(TransactionOptions transactionOptions) {
    OperationSettings own =
        settings.forTransaction(transactionOptions.label(), transactionOptions.timeout());
    return guarded(engine.writeLane().begin(own)).map(this::handle);
  }

  @Override
  public <T> Mono<T> withSnapshot(Function<? super Snapshot, ? extends Mono<? extends T>> work) {
    Objects.requireNonNull(work, "work");
    return AnsweringGuard.around(
        engine
            .readLane()
            .snapshot(settings)
            .flatMap(
                held ->
                    Mono.<T>defer(() -> widen(begun(work, snapshot(held))))
                        .takeUntilOther(held.timedOut())
                        .doFinally(end -> held.end())));
  }

  @Override
  public <T> Flux<T> withSnapshotMany(
      Function<? super Snapshot, ? extends Publisher<? extends T>> work) {
    Objects.requireNonNull(work, "work");
    return AnsweringGuard.around(
        engine
            .readLane()
            .snapshot(settings)
            .flatMapMany(
                held ->
                    Flux.<T>defer(() -> Flux.<T>from(begun(work, snapshot(held))))
                        .takeUntilOther(held.timedOut())
                        .doFinally(end -> held.end())));
  }

  private Snapshot snapshot(HeldSnapshot held) {
    return new SnapshotHandle(engine.readLane(), held, engine.sqlCache());
  }

  @Override
  public ReactiveDatabase with(OperationOptions other) {
    return new DatabaseView(engine, other.inheriting(options));
  }

  @Override
  public Flux<ChangeSet> changes(String... tables) {
    return engine
        .liveHub()
        .changes(tables.length == 0 ? TableSet.ALL : TableSet.of(WatchedRows.named(tables)));
  }

  @Override
  public DatabaseStats stats() {
    return engine.metrics().stats();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return engine.closeGracefully();
  }

  @Override
  public void close() {
    engine.close();
  }
}
