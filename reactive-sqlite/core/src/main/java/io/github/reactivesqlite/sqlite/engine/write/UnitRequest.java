package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * A request that joins a group commit. It stands alone among its neighbours: its failure undoes its
 * own work only. All fields here are the writer thread's.
 *
 * @param <T> the type of the answer
 */
abstract class UnitRequest<T> extends WriteRequest<T> implements StopSignal {

  /** How a unit is kept apart from its neighbours. */
  enum Isolation {
    /** SQLite undoes its failure by itself. */
    STATEMENT,
    /** It needs a savepoint. */
    SAVEPOINT,
    /** Its failure ends the transaction: it runs in one of its own. */
    TRANSACTION
  }

  private long deadlineNanos;
  private boolean stoppedAtDeadline;

  UnitRequest(
      CoreSubscriber<? super T> actual,
      WriterServices services,
      OperationSettings settings,
      Lane lane) {
    super(actual, services, settings, lane);
  }

  @Override
  final Kind kind() {
    return Kind.UNIT;
  }

  /** Finds out how the unit is to be isolated; called before {@link #execute}. */
  abstract Isolation prepare(EngineConnection connection, long schemaVersion);

  /** Runs the unit; its answer goes to {@link #succeed}. */
  abstract void execute(EngineConnection connection) throws Exception;

  /** Gives back what {@link #prepare} took; called after every run. */
  void release(EngineConnection connection) {}

  /** Whether the unit knows that SQLite has ended the transaction under it. */
  boolean knowsTransactionEnded() {
    return false;
  }

  /** Whether the last run may have changed the schema. */
  abstract boolean changedSchema();

  final void startClock(long now) {
    deadlineNanos = now + settings.executionNanos();
    stoppedAtDeadline = false;
  }

  @Override
  public final boolean stopRequested() {
    if (services.timer().nanoTime() - deadlineNanos < 0) {
      return false;
    }
    stoppedAtDeadline = true;
    return true;
  }

  /** Whether its own deadline stopped it: then it is answered, never run again. */
  final boolean wasStoppedAtDeadline() {
    return stoppedAtDeadline;
  }

  /** The typed error for a failure of one of its statements. */
  final RuntimeException typed(SqlFailure failure, ErrorDetails errorDetails) {
    if (failure.isInterrupt() && stoppedAtDeadline) {
      return timeout(errorDetails.withCode(failure.code()));
    }
    return failure.toWriterException(errorDetails);
  }

  final QueryTimeoutException timeout(ErrorDetails errorDetails) {
    Duration limit = Duration.ofNanos(settings.executionNanos());
    return new QueryTimeoutException(
        "The write ran longer than "
            + limit.toMillis()
            + " ms on the writer; it was stopped and rolled back. Make it smaller or give it an"
            + " index; with(OperationOptions.none().executionTimeout(...)) allows it more",
        errorDetails,
        limit);
  }

  /** What the subscriber is told about whatever a run threw. */
  Throwable typed(Throwable thrown) {
    if (thrown instanceof SqlFailure failure) {
      return typed(failure, details());
    }
    if (thrown instanceof Error fatal) {
      return new IllegalStateException(
          "The write unit threw " + fatal.getClass().getName() + " and was rolled back", fatal);
    }
    return thrown;
  }

  public @Nullable String label() {
    return settings.label();
  }
}
