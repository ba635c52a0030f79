package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.ReadUnit;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.ContextBridge;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import io.github.reactivesqlite.sqlite.engine.session.SessionOwner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * A function shipped to a reader, which it holds while it runs.
 *
 * @param <T> the type of the result
 */
final class UnitRead<T> extends ReadRequest implements ScalarAnswer.Owner<T>, SessionOwner {

  private final ReadUnit<T> unit;
  private final ScalarAnswer<T> answer;
  private long snapshotEnds;
  private boolean snapshotOver;
  private @Nullable Reader running;
  private boolean transactionEnded;
  private volatile boolean endedFromOutside;
  private volatile boolean endedByClose;

  UnitRead(
      CoreSubscriber<? super T> actual,
      ReadServices services,
      OperationSettings settings,
      ReadHost host,
      ReadUnit<T> unit) {
    super(services, settings, host);
    this.unit = unit;
    this.answer = new ScalarAnswer<>(actual, services.answers(), this);
  }

  ScalarAnswer<T> subscription() {
    return answer;
  }

  @Override
  boolean needsReader() {
    return true;
  }

  @Override
  Outcome run(Reader reader) throws Exception {
    snapshotEnds = services.timer().nanoTime() + settings.snapshotNanos();
    EngineConnection connection = reader.connection();
    running = reader;
    reader.beginTransaction();
    // A transaction takes its snapshot with its first read; a lock met here is waited for
    connection.run("SELECT 1 FROM sqlite_schema LIMIT 1");
    try (ConnectionSession session = new ConnectionSession(connection, services.sqlCache(), this)) {
      T value = ContextBridge.<T>call(answer.context(), () -> unit.run(session));
      if (isCancelled()) {
        return Outcome.DONE;
      }
      services.metrics().readCompleted();
      reader.answer(
          () -> {
            try {
              noteOperation(null);
            } finally {
              answer.answer(value);
            }
          });
      return Outcome.DONE;
    } catch (Error fatal) {
      throw new IllegalStateException("The read unit threw " + fatal.getClass().getName(), fatal);
    }
  }

  @Override
  public boolean stopRequested() {
    return isSnapshotOver() || super.stopRequested();
  }

  private boolean isSnapshotOver() {
    if (services.timer().nanoTime() - snapshotEnds >= 0) {
      snapshotOver = true;
    }
    return snapshotOver || endedFromOutside;
  }

  /** Ends it before its time: it pins too much of the log, or the database closes. */
  void endFromOutside(boolean closing) {
    endedByClose = closing;
    endedFromOutside = true;
  }

  @Override
  public void beforeCall() {
    if (isCancelled() || isSnapshotOver()) {
      throw stopped(details());
    }
    if (transactionEnded) {
      throw new StorageException(
          "The read unit's snapshot has ended with an earlier error of the disk or of memory; let"
              + " that error end the unit",
          details(),
          StorageException.Kind.OTHER);
    }
    // Java code between two statements does not count: each has the whole time
    enter();
  }

  private RuntimeException stopped(ErrorDetails errorDetails) {
    if (endedByClose) {
      return ReaderPool.closedError(errorDetails);
    }
    if (isSnapshotOver()) {
      Duration limit = Duration.ofNanos(settings.snapshotNanos());
      return new SnapshotTimeoutException(
          "The read unit was stopped, because an open snapshot keeps the write-ahead log from"
              + " shrinking: it may be open for "
              + limit.toMillis()
              + " ms and while the log is below walLimit. Split it, or raise snapshotTimeout",
          errorDetails,
          limit);
    }
    return isOutOfTime()
        ? timeout(errorDetails)
        : new IllegalStateException("The subscriber of the read unit has cancelled");
  }

  @Override
  public RuntimeException failed(SqlFailure failure, ErrorDetails errorDetails) {
    Reader reader = running;
    if (reader != null) {
      reader.noteFailure(failure);
    }
    transactionEnded |= failure.breaksConnection();
    if (failure.isInterrupt() && isSnapshotOver()) {
      return stopped(errorDetails);
    }
    return typed(failure, errorDetails);
  }

  @Override
  public RuntimeException failedHalfWay(SqlFailure failure, ErrorDetails errorDetails) {
    // A reader writes nothing
    return failed(failure, errorDetails);
  }

  @Override
  void refuse(Throwable error) {
    services.answers().deliver(() -> answer.fail(error));
  }

  @Override
  boolean isCancelled() {
    return answer.isCancelled();
  }

  @Override
  public void cancelled() {
    if (!withdraw()) {
      noteCancelled();
    }
  }

  @Override
  String operation() {
    return "READ";
  }

  @Override
  ErrorDetails details() {
    return new ErrorDetails(0, settings.label(), null);
  }

  @Override
  long bytes() {
    return 0;
  }

  @Override
  public @Nullable String label() {
    return settings.label();
  }
}
