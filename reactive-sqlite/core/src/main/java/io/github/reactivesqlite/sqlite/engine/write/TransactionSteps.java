package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.session.SessionOwner;
import io.github.reactivesqlite.sqlite.engine.sql.SqlStatement;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The steps that an interactive transaction offers. Every Mono is lazy. */
public final class TransactionSteps {

  private TransactionSteps() {}

  /** Runs a write and gives the number of changed rows. */
  public static Mono<Long> count(OpenTransaction transaction, BoundSql bound) {
    return step(
        transaction,
        bound.details(transaction.settings().label()),
        TransactionStep.AfterEnd.FAIL,
        (open, connection) ->
            bound.statement().kind().isDml()
                ? undoneOnError(connection, () -> execute(open, connection, bound))
                : execute(open, connection, bound));
  }

  private static Long execute(OpenTransaction open, EngineConnection connection, BoundSql bound) {
    EngineStatement statement = connection.statement(bound.sql());
    try {
      boolean row = statement.execute(bound.values());
      while (row) {
        row = statement.next();
      }
      if (bound.statement().kind().isDml()) {
        return connection.changes();
      }
      open.noteSchemaChange();
      return 0L;
    } finally {
      connection.release(statement);
    }
  }

  /** Runs a statement and copies its rows. */
  public static Mono<List<StoredRow>> rows(
      OpenTransaction transaction, BoundSql bound, RowDemand demand) {
    ErrorDetails details = bound.details(transaction.settings().label());
    return step(
        transaction,
        details,
        TransactionStep.AfterEnd.FAIL,
        (open, connection) ->
            bound.statement().kind().isDml()
                ? undoneOnError(connection, () -> copy(open, connection, bound, demand, details))
                : copy(open, connection, bound, demand, details));
  }

  private static List<StoredRow> copy(
      OpenTransaction open,
      EngineConnection connection,
      BoundSql bound,
      RowDemand demand,
      ErrorDetails details) {
    EngineStatement statement = connection.statement(bound.sql());
    try {
      return CopiedRows.read(statement, bound.values(), demand, open.services().limits(), details);
    } finally {
      connection.release(statement);
    }
  }

  /**
   * A row too many is found after the statement has changed its rows; and SQLite itself does not
   * undo every failed statement, see {@link SqlFailure#isUndone}.
   */
  private static <T extends @Nullable Object> T undoneOnError(
      EngineConnection connection, Callable<T> work) throws Exception {
    connection.savepoint();
    T result;
    try {
      result = work.call();
    } catch (Exception | Error failed) {
      connection.stopSignal(StopSignal.NONE);
      if (connection.isInTransaction()) {
        connection.rollbackToSavepoint();
      }
      throw failed;
    }
    connection.releaseSavepoint();
    return result;
  }

  /** Runs the statements of a script. */
  public static Mono<Void> script(OpenTransaction transaction, List<SqlStatement> statements) {
    return step(
        transaction,
        transaction.details(),
        TransactionStep.AfterEnd.FAIL,
        (open, connection) -> {
          for (SqlStatement statement : statements) {
            execute(open, connection, BoundSql.withoutParameters(statement));
          }
          return null;
        });
  }

  /** Runs a function on a session, as one step of an atomic stream of chunks. */
  public static <T> Mono<T> closure(OpenTransaction transaction, ClosureBody<T> body) {
    return step(
        transaction,
        transaction.details(),
        TransactionStep.AfterEnd.FAIL,
        (open, connection) -> inSession(open, connection, body));
  }

  /**
   * Runs an application's unit: when it fails, nothing of it stays, and the transaction goes on.
   */
  public static <T> Mono<T> unit(OpenTransaction transaction, ClosureBody<T> body) {
    return step(
        transaction,
        transaction.details(),
        TransactionStep.AfterEnd.FAIL,
        (open, connection) -> undoneOnError(connection, () -> inSession(open, connection, body)));
  }

  private static <T> @Nullable T inSession(
      OpenTransaction open, EngineConnection connection, ClosureBody<T> body) throws Exception {
    StepOwner owner = new StepOwner(open, connection);
    try (ConnectionSession session =
        new ConnectionSession(connection, open.services().sqlCache(), owner)) {
      T result = body.run(session);
      owner.checkAlive(); // it may have swallowed the end of its transaction
      if (session.changedSchema()) {
        open.noteSchemaChange();
      }
      return result;
    }
  }

  /** Commits. */
  public static Mono<Void> commit(OpenTransaction transaction) {
    return commit(transaction, null);
  }

  /** Commits, and answers with the result of the work: taken or not is then known for sure. */
  public static <T> Mono<T> commit(OpenTransaction transaction, @Nullable T result) {
    return step(
        transaction,
        transaction.details(),
        TransactionStep.AfterEnd.FAIL,
        (open, connection) -> {
          Throwable error = open.commit();
          if (error instanceof Exception exception) {
            throw exception;
          }
          return result;
        });
  }

  /** Rolls back. A running statement is stopped if its subscriber has cancelled. */
  public static Mono<Void> rollback(OpenTransaction transaction) {
    Mono<Void> rollback =
        step(
            transaction,
            transaction.details(),
            TransactionStep.AfterEnd.COMPLETE_IF_ROLLED_BACK,
            (open, connection) -> {
              open.rollBack();
              return null;
            });
    return Mono.defer(
        () -> {
          transaction.askForRollback();
          return rollback;
        });
  }

  /** Opens a savepoint and gives its name. */
  public static Mono<String> savepoint(OpenTransaction transaction) {
    return step(
        transaction,
        transaction.details(),
        TransactionStep.AfterEnd.FAIL,
        (open, connection) -> {
          String name = open.nextSavepoint();
          connection.run("SAVEPOINT " + name);
          return name;
        });
  }

  /** Releases a savepoint. */
  public static Mono<Void> release(OpenTransaction transaction, String savepoint) {
    return step(
        transaction,
        transaction.details(),
        TransactionStep.AfterEnd.FAIL,
        (open, connection) -> {
          connection.run("RELEASE " + savepoint);
          return null;
        });
  }

  /** Undoes the work since a savepoint. */
  public static Mono<Void> rollbackTo(OpenTransaction transaction, String savepoint) {
    return step(
        transaction,
        transaction.details(),
        TransactionStep.AfterEnd.COMPLETE_IF_ROLLED_BACK,
        (open, connection) -> {
          connection.run("ROLLBACK TO " + savepoint);
          connection.run("RELEASE " + savepoint);
          return null;
        });
  }

  private static <T> Mono<T> step(
      OpenTransaction transaction,
      ErrorDetails details,
      TransactionStep.AfterEnd afterEnd,
      TransactionStep.Body<T> body) {
    return new StepMono<>(transaction, details, afterEnd, body);
  }

  private static final class StepMono<T> extends Mono<T> {
    private final OpenTransaction transaction;
    private final ErrorDetails details;
    private final TransactionStep.AfterEnd afterEnd;
    private final TransactionStep.Body<T> body;

    StepMono(
        OpenTransaction transaction,
        ErrorDetails details,
        TransactionStep.AfterEnd afterEnd,
        TransactionStep.Body<T> body) {
      this.transaction = transaction;
      this.details = details;
      this.afterEnd = afterEnd;
      this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
      try {
        EngineThread.rejectCurrent();
      } catch (IllegalStateException refused) {
        Operators.error(actual, refused);
        return;
      }
      TransactionStep<T> step = new TransactionStep<>(actual, transaction, details, afterEnd, body);
      actual.onSubscribe(step);
      if (!step.isCancelled()) {
        transaction.submit(step);
      }
    }
  }

  /** Errors inside a unit, or a chunk of an atomic stream. */
  private static final class StepOwner implements SessionOwner {
    private final OpenTransaction transaction;
    private final EngineConnection connection;
    private @Nullable RuntimeException ended;

    StepOwner(OpenTransaction transaction, EngineConnection connection) {
      this.transaction = transaction;
      this.connection = connection;
    }

    @Override
    public void beforeCall() {
      checkAlive();
      // Statements may end before the progress handler asks
      if (connection.isStopRequested()) {
        throw new TransactionStep.Stopped();
      }
    }

    void checkAlive() {
      if (ended != null) {
        throw ended;
      }
      if (transaction.isAborted()) {
        throw new TransactionStep.Stopped();
      }
    }

    @Override
    public RuntimeException failed(SqlFailure failure, ErrorDetails details) {
      // The step knows why a statement was stopped
      RuntimeException error = failure.isInterrupt() ? failure : failure.toWriterException(details);
      if (!connection.isInTransaction()) {
        ended = error;
      }
      return error;
    }

    @Override
    public RuntimeException failedHalfWay(SqlFailure failure, ErrorDetails details) {
      RuntimeException error = failed(failure, details);
      ended = error;
      return error;
    }

    @Override
    public @Nullable String label() {
      return transaction.settings().label();
    }
  }
}
