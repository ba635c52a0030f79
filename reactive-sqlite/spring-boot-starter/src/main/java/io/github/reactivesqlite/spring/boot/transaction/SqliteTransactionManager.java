package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.ReactiveTransaction;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecutionListener;
import reactor.core.publisher.Mono;

/**
 * Transactions of Spring on one database, for {@code @Transactional} and {@code
 * TransactionalOperator}. Work joins them through a {@link TransactionAwareDatabase}, which finds
 * them in the Reactor Context; never through the database itself.
 *
 * <p>A transaction holds the writer from its begin to its end, so it is limited to the database's
 * transaction timeout unless its definition says otherwise; a read-only one holds a reader and one
 * unchanging state instead. Every isolation level is met, since SQLite is serializable. A nested
 * one is a savepoint, and inside a read-only one part of its state. An error or a cancel rolls
 * back. {@code REQUIRES_NEW} inside a transaction that writes fails with {@link
 * IllegalTransactionStateException}: there is one writer, and it would wait for itself; {@code
 * REQUIRES_NEW} with {@code readOnly} sees the last commit.
 */
public final class SqliteTransactionManager
    implements ReactiveTransactionManager, ConfigurableTransactionManager {

  private final SqliteDatabase database;
  private final ScopeManager scopes;

  /**
   * A manager for one database.
   *
   * @param database the database; stays its owner's to close
   */
  public SqliteTransactionManager(SqliteDatabase database) {
    this.database = Objects.requireNonNull(database, "database");
    this.scopes = new ScopeManager(database);
  }

  /**
   * The database.
   *
   * @return as given
   */
  public SqliteDatabase database() {
    return database;
  }

  /**
   * Begins or joins a transaction. Lazy. Cancelled before it is given, it is not begun, or rolled
   * back.
   *
   * @param definition how; {@code null} for the defaults
   * @return the transaction, whose end whoever gets it has to ask for
   */
  @Override
  public Mono<ReactiveTransaction> getReactiveTransaction(
      @Nullable TransactionDefinition definition) {
    return new HandOver(scopes.getReactiveTransaction(definition), scopes::rollback);
  }

  @Override
  public Mono<Void> commit(ReactiveTransaction transaction) {
    return scopes.commit(transaction);
  }

  @Override
  public Mono<Void> rollback(ReactiveTransaction transaction) {
    return scopes.rollback(transaction);
  }

  @Override
  public void setTransactionExecutionListeners(Collection<TransactionExecutionListener> listeners) {
    scopes.setTransactionExecutionListeners(listeners);
  }

  @Override
  public Collection<TransactionExecutionListener> getTransactionExecutionListeners() {
    return scopes.getTransactionExecutionListeners();
  }
}
