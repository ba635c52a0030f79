package io.github.reactivesqlite;

import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A database behind Mono and Flux. Thread-safe; one per file and process.
 *
 * <p>Everything is lazy: nothing happens before a subscription, and each subscription runs again.
 * No method blocks the caller, {@link #close()} excepted. Signals arrive on the result scheduler.
 * Reads run on a bounded set of reader threads, writes on one writer thread; a read that is
 * subscribed to after a write was acknowledged sees that write.
 *
 * <p>Subscribing on one of the database's own threads, for example inside a {@link RowMapper} or a
 * {@link WriteUnit}, fails at once with {@code IllegalStateException} instead of waiting for
 * itself.
 */
public interface ReactiveDatabase extends AutoCloseable {

  /**
   * Prepares a query for a reader.
   *
   * @param sql one reading statement
   * @return an immutable query
   * @throws io.github.reactivesqlite.error.InvalidSqlException if the text is refused
   * @throws io.github.reactivesqlite.error.ReadOnlyViolationException if the statement writes
   */
  Query query(String sql);

  /**
   * Prepares a write.
   *
   * @param sql one writing statement
   * @return an immutable update
   * @throws io.github.reactivesqlite.error.InvalidSqlException if the text is refused
   */
  Update update(String sql);

  /**
   * Prepares a write of many items with one statement.
   *
   * @param sql one INSERT, UPDATE, DELETE or REPLACE without RETURNING
   * @return an immutable batch
   * @throws io.github.reactivesqlite.error.InvalidSqlException if the text is refused
   */
  Batch batch(String sql);

  /**
   * Writes many items with several statements, one atomic unit per chunk, in the bulk lane. Source,
   * errors and cancel are as for {@link Batch#execute}.
   *
   * @param items the items
   * @param options how the stream is cut
   * @param unit writes one chunk
   * @param <P> the type of the items
   * @return one element per committed chunk
   */
  <P> Flux<BatchResult> writeChunks(
      Publisher<? extends P> items, ChunkOptions<P> options, ChunkUnit<P> unit);

  /**
   * Runs several statements, DDL and DML without parameters, in one atomic unit.
   *
   * @param sql the statements
   * @return completes after the COMMIT
   * @throws io.github.reactivesqlite.error.InvalidSqlException if a statement is refused
   */
  Mono<Void> script(String sql);

  /**
   * Brings the schema up to date. Versions and checksums are kept in a table; each migration is
   * atomic; several processes may start together. Fails with {@link
   * io.github.reactivesqlite.error.MigrationException} when an applied migration's text has changed
   * or a version below the schema's is missing from the history.
   *
   * @param migrations the whole history, in any order
   * @return what was done
   */
  Mono<MigrationReport> migrate(List<Migration> migrations);

  /**
   * Ships a function to a reader: several queries, one snapshot. Cancelling stops its statement.
   *
   * @param unit runs on a reader's thread
   * @param <T> the type of the result
   * @return the unit's result
   */
  <T> Mono<T> read(ReadUnit<T> unit);

  /**
   * Ships a function to the writer: atomic, part of a group commit. Cancelled while queued, it
   * never runs; cancelled while running, it finishes and its result is dropped.
   *
   * @param unit runs on the writer's thread, possibly again if the shared transaction was rolled
   *     back
   * @param <T> the type of the result
   * @return the unit's result, after the COMMIT
   */
  <T> Mono<T> write(WriteUnit<T> unit);

  /**
   * Runs an interactive transaction: committed when the work completes, rolled back when it fails
   * or is cancelled. It holds the writer, so it has a timeout (5 s by default), after which it is
   * rolled back and the Mono fails with {@link
   * io.github.reactivesqlite.error.TransactionTimeoutException}. A write through the database
   * (instead of the transaction) inside it fails at once; a read through the database sees the last
   * commit.
   *
   * @param work composes the transaction's statements
   * @param <T> the type of the result
   * @return the work's result, after the COMMIT
   */
  <T> Mono<T> withTransaction(Function<? super Transaction, ? extends Mono<? extends T>> work);

  /**
   * Begins an interactive transaction, for frameworks. Whoever subscribes ends it by {@link
   * Transaction#commit()} or {@link Transaction#rollback()}; else its timeout rolls it back.
   *
   * @param options label and timeout
   * @return the open transaction
   */
  Mono<Transaction> begin(TransactionOptions options);

  /**
   * Gives several queries one unchanging state. It holds a reader until the work ends, and at most
   * for the snapshot timeout, after which it fails with {@link
   * io.github.reactivesqlite.error.SnapshotTimeoutException}.
   *
   * @param work composes the queries
   * @param <T> the type of the result
   * @return the work's result
   */
  <T> Mono<T> withSnapshot(Function<? super Snapshot, ? extends Mono<? extends T>> work);

  /**
   * As {@link #withSnapshot}, for work with many results.
   *
   * @param work composes the queries
   * @param <T> the type of the results
   * @return the work's results
   */
  <T> Flux<T> withSnapshotMany(Function<? super Snapshot, ? extends Publisher<? extends T>> work);

  /**
   * A view of this database with other options. Views share everything else and need no close.
   *
   * @param options what is different
   * @return the view
   */
  ReactiveDatabase with(OperationOptions options);

  /**
   * The commits that touched some tables: one element per COMMIT (a group commit is one), published
   * after it returned, in commit order. While the subscriber has no demand, changes are merged into
   * one element, their tables united; nothing is lost and nothing is dropped.
   *
   * <p>Lazy; endless; signals arrive on the result scheduler. Every commit after the subscription
   * is seen. Rolled-back work and statements that changed no row are not announced. Commits of
   * other processes are seen by polling, and as {@link ChangeSet#everything()}. Closing the
   * database ends it with {@link io.github.reactivesqlite.error.DatabaseClosedException}.
   *
   * @param tables tables or virtual tables of the main schema, no views, no quotes; without one,
   *     all tables. A name that no table has is not an error, since the table may still be created
   * @return what was changed
   * @throws IllegalArgumentException if a name is blank
   */
  Flux<ChangeSet> changes(String... tables);

  /**
   * The figures since the database was opened. Does not block.
   *
   * @return a reading
   */
  DatabaseStats stats();

  /**
   * Closes: intake stops (later calls fail with {@link
   * io.github.reactivesqlite.error.DatabaseClosedException}), the writer drains, readers close, the
   * write-ahead log is checkpointed, the writer closes. What is still queued at the configured
   * close timeout is answered with {@code DatabaseClosedException}. Lazy; closing again gives the
   * same outcome. Cancelling does not stop a close that has begun.
   *
   * <p>Bounded: a write unit that does not return, or a call to the disk that hangs, cannot be
   * ended from outside. Two seconds after the close timeout, or, when a later step of the close
   * does not end, twenty seconds after that, the answer is a {@code DatabaseClosedException} that
   * names what still holds the database. The close then goes on by itself when that lets go; until
   * then the file counts as open in this process. Closing again afterwards completes.
   *
   * @return completes when everything is closed
   */
  Mono<Void> closeGracefully();

  /**
   * The blocking form of {@link #closeGracefully()}; waits no longer than that one, and logs what
   * still holds the database then. An interrupt ends the wait, not the close, and stays set. On a
   * thread that must not block it only starts the close.
   */
  @Override
  void close();
}
