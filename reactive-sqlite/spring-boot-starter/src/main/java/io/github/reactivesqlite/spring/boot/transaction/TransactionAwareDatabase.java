package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.Batch;
import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.ChunkUnit;
import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.Query;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.ReadUnit;
import io.github.reactivesqlite.Snapshot;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.Update;
import io.github.reactivesqlite.WriteUnit;
import io.github.reactivesqlite.spring.boot.observation.DatabaseObservations;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A view of a database that joins the transaction of Spring in the Reactor Context, if there is
 * one; the bean to inject. Outside of transactions it is the database.
 *
 * <p>Inside one that writes, queries see its own writes; {@code write(unit)} and {@code
 * withTransaction} are savepoints of it; nothing is committed before it is. Inside a read-only one,
 * queries see its one state, and writes fail with {@link
 * io.github.reactivesqlite.error.ReadOnlyViolationException}. What commits by itself or never ends
 * (batches, migrations, {@code begin}, live queries, changes) fails inside both with {@link
 * IllegalStateException}. Timeouts and labels of {@link #with} count outside; inside, those of the
 * transaction do.
 *
 * <p>Closing it does nothing: the database is closed by its owner.
 */
public final class TransactionAwareDatabase implements ReactiveDatabase {

  private final ReactiveDatabase outside;
  private final Joining joining;

  private TransactionAwareDatabase(ReactiveDatabase outside, Joining joining) {
    this.outside = outside;
    this.joining = joining;
  }

  /**
   * A view without observations.
   *
   * @param database the database; stays its owner's to close
   * @return the view
   */
  public static TransactionAwareDatabase of(SqliteDatabase database) {
    return of(database, DatabaseObservations.none(), UnaryOperator.identity());
  }

  /**
   * A view.
   *
   * @param database the database; stays its owner's to close
   * @param observations wraps every operation
   * @param live wraps what never ends by itself: live queries and changes
   * @return the view
   */
  public static TransactionAwareDatabase of(
      SqliteDatabase database,
      DatabaseObservations observations,
      UnaryOperator<Flux<Object>> live) {
    Objects.requireNonNull(database, "database");
    return new TransactionAwareDatabase(
        database, new Joining(new Scopes(database), observations, live));
  }

  @Override
  public Query query(String sql) {
    return new JoiningQuery(joining, sql, outside.query(sql), query -> query);
  }

  @Override
  public Update update(String sql) {
    return new JoiningUpdate(joining, sql, outside.update(sql), update -> update);
  }

  @Override
  public Batch batch(String sql) {
    return new JoiningBatch(joining, outside.batch(sql));
  }

  @Override
  public <P> Flux<BatchResult> writeChunks(
      Publisher<? extends P> items, ChunkOptions<P> options, ChunkUnit<P> unit) {
    return joining.alone("BATCH", outside.writeChunks(items, options, unit), "writeChunks");
  }

  @Override
  public Mono<Void> script(String sql) {
    Mono<Void> script = outside.script(sql);
    return joining.write("SCRIPT", script, transaction -> transaction.script(sql));
  }

  @Override
  public Mono<MigrationReport> migrate(List<Migration> migrations) {
    return joining.alone("MIGRATE", outside.migrate(migrations), "migrate");
  }

  @Override
  public <T> Mono<T> read(ReadUnit<T> unit) {
    Mono<T> alone = outside.read(unit);
    return joining.one(
        "READ",
        scope -> {
          if (scope instanceof Scope.Write write) {
            return write.transaction().write(unit::run);
          }
          return scope instanceof Scope.Read
              ? Mono.error(
                  new IllegalStateException(
                      "read(unit) takes a snapshot of its own, so it would see another state than"
                          + " the read-only transaction around it. Use query(...) here"))
              : alone;
        });
  }

  @Override
  public <T> Mono<T> write(WriteUnit<T> unit) {
    return joining.write("WRITE", outside.write(unit), transaction -> transaction.write(unit));
  }

  @Override
  public <T> Mono<T> withTransaction(
      Function<? super Transaction, ? extends Mono<? extends T>> work) {
    return joining.write(
        "TRANSACTION",
        outside.<T>withTransaction(work),
        transaction -> transaction.<T>withSavepoint(work));
  }

  @Override
  public Mono<Transaction> begin(TransactionOptions options) {
    return joining.alone("BEGIN", outside.begin(options), "begin");
  }

  @Override
  public <T> Mono<T> withSnapshot(Function<? super Snapshot, ? extends Mono<? extends T>> work) {
    Mono<T> alone = outside.withSnapshot(work);
    return joining.one(
        "SNAPSHOT",
        scope -> {
          Snapshot state = Joining.stateOf(scope);
          return state == null ? alone : Mono.from(work.apply(state));
        });
  }

  @Override
  public <T> Flux<T> withSnapshotMany(
      Function<? super Snapshot, ? extends Publisher<? extends T>> work) {
    Flux<T> alone = outside.withSnapshotMany(work);
    return joining.many(
        "SNAPSHOT",
        scope -> {
          Snapshot state = Joining.stateOf(scope);
          return state == null ? alone : Flux.from(work.apply(state));
        });
  }

  @Override
  public ReactiveDatabase with(OperationOptions options) {
    return new TransactionAwareDatabase(outside.with(options), joining);
  }

  @Override
  public Flux<ChangeSet> changes(String... tables) {
    return joining.live(outside.changes(tables), "changes");
  }

  @Override
  public DatabaseStats stats() {
    return outside.stats();
  }

  /**
   * Does nothing.
   *
   * @return completes at once
   */
  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  /** Does nothing. */
  @Override
  public void close() {}
}
