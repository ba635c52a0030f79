package io.github.reactivesqlite.spring.boot.transaction;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Begins, suspends and ends the scopes of one database, as Spring's workflow asks for it. */
final class ScopeManager extends AbstractReactiveTransactionManager {

  private static final long serialVersionUID = 1L;
  private static final int LONGEST_LABEL = 64;

  private final transient SqliteDatabase database;
  private final transient Scopes scopes;

  ScopeManager(SqliteDatabase database) {
    this.database = database;
    this.scopes = new Scopes(database);
  }

  /** What one call of {@code getReactiveTransaction} is about. */
  private static final class Handle {
    private @Nullable Scope scope;
    private Scope.@Nullable Level level;
    private boolean joined;

    Handle(@Nullable Scope scope) {
      this.scope = scope;
    }

    boolean isActive() {
      return scope != null && !(scope instanceof Scope.Suspended);
    }

    /** Its end leaves the scope to the transaction around it. */
    boolean isNested() {
      return level != null || joined;
    }
  }

  @Override
  protected Object doGetTransaction(TransactionSynchronizationManager manager) {
    return new Handle(scopes.of(manager));
  }

  @Override
  protected boolean isExistingTransaction(Object transaction) {
    return ((Handle) transaction).isActive();
  }

  @Override
  protected Mono<Void> doBegin(
      TransactionSynchronizationManager manager,
      Object transaction,
      TransactionDefinition definition) {
    Handle handle = (Handle) transaction;
    return Mono.defer(
        () -> {
          if (handle.isActive()) {
            return nest(handle);
          }
          Scope.Suspended outer = (Scope.Suspended) scopes.of(manager);
          Mono<? extends Scope> opened =
              definition.isReadOnly() ? read(definition, outer) : write(definition, outer);
          return opened
              .doOnNext(
                  scope -> {
                    handle.scope = scope;
                    scopes.bind(manager, scope);
                  })
              .then();
        });
  }

  private Mono<Void> nest(Handle handle) {
    if (!(handle.scope instanceof Scope.Write write)) {
      // Nothing can be undone in a snapshot, so there is nothing to open
      handle.joined = true;
      return Mono.empty();
    }
    return write
        .transaction()
        .savepoint()
        .doOnNext(savepoint -> handle.level = write.nest(savepoint))
        .onErrorMap(DatabaseException.class, ScopeManager::cannotCreate)
        .then();
  }

  private Mono<Scope> write(TransactionDefinition definition, Scope.@Nullable Suspended outer) {
    if (Scope.holdsWriterBehind(outer)) {
      return Mono.error(
          new IllegalTransactionStateException(
              "A new transaction"
                  + named(definition)
                  + " was asked for inside one that writes to the database "
                  + database.name()
                  + ". SQLite has one writer, which that one holds until it ends, so the new one"
                  + " would wait for itself. Use REQUIRED to join it, NESTED for a part that can"
                  + " be rolled back alone, readOnly to read the last commit, or do the work after"
                  + " the transaction has ended"));
    }
    TransactionOptions options = new TransactionOptions(label(definition), timeout(definition));
    return HandOver.opened(database.begin(options), Transaction::rollback)
        .<Scope>map(open -> new Scope.Write(open, outer))
        .onErrorMap(DatabaseException.class, ScopeManager::cannotCreate);
  }

  private Mono<Scope> read(TransactionDefinition definition, Scope.@Nullable Suspended outer) {
    OperationOptions options = OperationOptions.none();
    String label = label(definition);
    if (label != null) {
      options = options.label(label);
    }
    Duration timeout = timeout(definition);
    if (timeout != null) {
      options = options.snapshotTimeout(timeout);
    }
    ReactiveDatabase view = database.with(options);
    return HeldSnapshot.open(view)
        .<Scope>map(held -> new Scope.Read(held, outer))
        .onErrorMap(DatabaseException.class, ScopeManager::cannotCreate);
  }

  private static CannotCreateTransactionException cannotCreate(DatabaseException cause) {
    return new CannotCreateTransactionException(String.valueOf(cause.getMessage()), cause);
  }

  private static @Nullable Duration timeout(TransactionDefinition definition) {
    int seconds = definition.getTimeout();
    return seconds == TransactionDefinition.TIMEOUT_DEFAULT || seconds == 0
        ? null
        : Duration.ofSeconds(seconds);
  }

  private static String named(TransactionDefinition definition) {
    String name = definition.getName();
    return name == null ? "" : " (" + name + ")";
  }

  /** Class and method without the packages: a constant of the program, as a label should be. */
  static @Nullable String label(TransactionDefinition definition) {
    String name = definition.getName();
    if (name == null || name.isBlank()) {
      return null;
    }
    int method = name.lastIndexOf('.');
    String label = name.substring(name.lastIndexOf('.', method - 1) + 1);
    String clean = label.replaceAll("\\p{Cntrl}", "_");
    return clean.length() <= LONGEST_LABEL
        ? clean
        : clean.substring(clean.length() - LONGEST_LABEL);
  }

  @Override
  protected Mono<Object> doSuspend(TransactionSynchronizationManager manager, Object transaction) {
    Handle handle = (Handle) transaction;
    return Mono.fromSupplier(
        () -> {
          Scope suspended = Objects.requireNonNull(handle.scope, "an active transaction");
          handle.scope = null;
          scopes.bind(manager, new Scope.Suspended(suspended));
          return suspended;
        });
  }

  @Override
  protected Mono<Void> doResume(
      TransactionSynchronizationManager manager,
      @Nullable Object transaction,
      Object suspendedResources) {
    return Mono.fromRunnable(() -> scopes.bind(manager, (Scope) suspendedResources));
  }

  @Override
  protected Mono<Void> doCommit(
      TransactionSynchronizationManager manager, GenericReactiveTransaction status) {
    Handle handle = (Handle) status.getTransaction();
    if (!(handle.scope instanceof Scope.Write write)) {
      return endOfReading(handle);
    }
    Scope.Level level = level(handle, write);
    if (level.isRollbackOnly()) {
      return rollback(write, level)
          .then(
              Mono.error(
                  new UnexpectedRollbackException(
                      "The transaction was rolled back, because work inside it had failed and"
                          + " marked it rollback-only; whoever caught that error asked for a"
                          + " commit all the same")));
    }
    return Mono.defer(
            () ->
                level.savepoint() == null
                    ? write.transaction().commit().doOnTerminate(write::end)
                    : level.savepoint().release().doOnSuccess(done -> write.ended(level)))
        .onErrorMap(DatabaseException.class, ScopeManager::notCommitted);
  }

  /** Of an unknown outcome Spring must not make a rollback. */
  private static RuntimeException notCommitted(DatabaseException failure) {
    return failure instanceof CommitOutcomeUnknownException
        ? new TransactionSystemException(String.valueOf(failure.getMessage()), failure)
        : SqliteExceptionTranslator.translated(failure);
  }

  @Override
  protected Mono<Void> doRollback(
      TransactionSynchronizationManager manager, GenericReactiveTransaction status) {
    Handle handle = (Handle) status.getTransaction();
    return handle.scope instanceof Scope.Write write
        ? rollback(write, level(handle, write))
        : endOfReading(handle);
  }

  /** Before what is done after the end, which may need the reader. */
  private static Mono<Void> endOfReading(Handle handle) {
    return handle.scope instanceof Scope.Read read && !handle.isNested()
        ? read.end()
        : Mono.empty();
  }

  private static Mono<Void> rollback(Scope.Write write, Scope.Level level) {
    return Mono.defer(
            () ->
                level.savepoint() == null
                    ? write.transaction().rollback().doOnTerminate(write::end)
                    : level.savepoint().rollback().doFinally(signal -> write.ended(level)))
        .onErrorMap(
            DatabaseException.class,
            failure ->
                new TransactionSystemException(String.valueOf(failure.getMessage()), failure));
  }

  private static Scope.Level level(Handle handle, Scope.Write write) {
    return handle.level == null ? write.root() : handle.level;
  }

  @Override
  protected Mono<Void> doSetRollbackOnly(
      TransactionSynchronizationManager manager, GenericReactiveTransaction status) {
    return Mono.fromRunnable(
        () -> {
          if (((Handle) status.getTransaction()).scope instanceof Scope.Write write) {
            write.innermost().setRollbackOnly();
          }
        });
  }

  @Override
  protected Mono<Void> doCleanupAfterCompletion(
      TransactionSynchronizationManager manager, Object transaction) {
    Handle handle = (Handle) transaction;
    return Mono.defer(
        () -> {
          Scope scope = handle.scope;
          if (scope == null || handle.isNested()) {
            return Mono.empty();
          }
          handle.scope = null;
          scopes.bind(manager, scope.outer());
          return scope instanceof Scope.Read read ? read.end() : Mono.empty();
        });
  }
}
