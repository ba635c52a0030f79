package io.github.reactivesqlite;

import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * An interactive transaction. It holds the writer: every other write waits until it ends, so it has
 * a timeout, after which it is rolled back. Its statements run in the order of their subscription.
 * Its queries see its own writes; their rows are copied and mapped on the result scheduler.
 */
public interface Transaction extends Snapshot {

  /**
   * Prepares a writing statement of this transaction. Lazy; {@link Update#rowsUpdated()} completes
   * when the statement has run, before any COMMIT.
   *
   * @param sql one writing statement
   * @return an immutable update
   * @throws io.github.reactivesqlite.error.InvalidSqlException if the text is refused
   */
  Update update(String sql);

  /**
   * Runs several statements, DDL and DML without parameters.
   *
   * @param sql the statements
   * @return completes when all have run; lazy
   * @throws io.github.reactivesqlite.error.InvalidSqlException if a statement is refused
   */
  Mono<Void> script(String sql);

  /**
   * Ships a function to the writer, as one step of this transaction, in a savepoint of its own:
   * when it fails, nothing of it stays, and the transaction goes on. It runs once. Lazy; cancelled
   * before its turn, it never runs.
   *
   * @param unit runs on the writer's thread
   * @param <T> the type of the result
   * @return the unit's result, before any COMMIT
   */
  <T> Mono<T> write(WriteUnit<T> unit);

  /**
   * Commits. Lazy. {@link ReactiveDatabase#withTransaction} does this by itself.
   *
   * @return completes when the transaction is durable; {@link
   *     io.github.reactivesqlite.error.CommitOutcomeUnknownException} when that is not known
   */
  Mono<Void> commit();

  /**
   * Rolls back. Lazy. On a transaction that has already been rolled back it does nothing. A running
   * statement is waited for, unless its subscriber has cancelled: then it is stopped.
   *
   * @return completes when the transaction is gone
   */
  Mono<Void> rollback();

  /**
   * Opens a savepoint inside the transaction.
   *
   * @return the savepoint; lazy
   */
  Mono<Savepoint> savepoint();

  /**
   * Runs work in a savepoint: released when the work completes, rolled back when it fails or is
   * cancelled. The transaction goes on either way.
   *
   * @param work what to do; it uses this transaction
   * @param <T> the type of the result
   * @return the work's result; lazy
   */
  <T> Mono<T> withSavepoint(Function<? super Transaction, ? extends Mono<? extends T>> work);
}
