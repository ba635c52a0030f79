package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.ScalarSubscription;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * One step of an interactive transaction, answered as soon as it has run.
 *
 * @param <T> the type of the answer
 */
final class TransactionStep<T> extends ScalarSubscription<T> implements StopSignal {

  /** What a step does on the writer's connection. */
  @FunctionalInterface
  interface Body<T> {
    @Nullable T run(OpenTransaction transaction, EngineConnection connection) throws Exception;
  }

  /** What a step answers when its transaction has ended before. */
  enum AfterEnd {
    /** An error that says how it ended. */
    FAIL,
    /** Completion, if the transaction was rolled back: that is what was asked for. */
    COMPLETE_IF_ROLLED_BACK
  }

  /** Thrown between two statements of a step that is to stop; its subscriber is told why. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(
          "The transaction is being rolled back, or the time of its unit is over",
          null,
          false,
          false);
    }
  }

  private final OpenTransaction transaction;
  private final ErrorDetails details;
  private final Body<T> body;
  private final AfterEnd afterEnd;
  private long deadlineNanos;
  private boolean stoppedAtDeadline;
  private @Nullable T result;
  private boolean succeeded;

  TransactionStep(
      CoreSubscriber<? super T> actual,
      OpenTransaction transaction,
      ErrorDetails details,
      AfterEnd afterEnd,
      Body<T> body) {
    super(actual);
    this.transaction = transaction;
    this.details = details;
    this.afterEnd = afterEnd;
    this.body = body;
  }

  void runIn(OpenTransaction open, EngineConnection connection) {
    if (isCancelled()) {
      return;
    }
    deadlineNanos = services().timer().nanoTime() + open.settings().executionNanos();
    stoppedAtDeadline = false;
    try {
      result = body.run(open, connection);
      succeeded = true;
    } catch (Throwable thrown) {
      connection.stopSignal(StopSignal.NONE);
      try {
        if (open.isOpen()) {
          open.checkAlive();
        }
      } finally {
        Throwable typed = typed(thrown);
        open.noteFailure(typed);
        answerLater(typed);
      }
      return;
    }
    // From here on nothing makes a failure of it: it may have been the COMMIT
    giveResult();
  }

  private void giveResult() {
    services().answers().deliver(() -> answer(result));
  }

  private Throwable typed(Throwable thrown) {
    if (thrown instanceof Stopped) {
      if (stoppedAtDeadline) {
        return timeout(details);
      }
      // Still open, it was stopped for a subscriber that has gone
      return transaction.isOpen() ? thrown : transaction.endedError();
    }
    if (!(thrown instanceof SqlFailure failure)) {
      return thrown instanceof Error
          ? new IllegalStateException(
              "A step of the transaction threw " + thrown.getClass().getName(), thrown)
          : thrown;
    }
    if (failure.isInterrupt() && stoppedAtDeadline) {
      return timeout(details.withCode(failure.code()));
    }
    if (failure.isInterrupt() && !transaction.isOpen()) {
      return transaction.endedError();
    }
    return failure.toWriterException(details);
  }

  private QueryTimeoutException timeout(ErrorDetails errorDetails) {
    Duration limit = Duration.ofNanos(transaction.settings().executionNanos());
    return new QueryTimeoutException(
        "The statement ran longer than "
            + limit.toMillis()
            + " ms in its transaction and was stopped; a stopped write ends the transaction. Make"
            + " it smaller, give it an index, or raise executionTimeout",
        errorDetails,
        limit);
  }

  void answerLater(Throwable error) {
    services().answers().deliver(() -> fail(error));
  }

  void afterEnd(OpenTransaction open) {
    if (succeeded) {
      giveResult();
    } else if (afterEnd == AfterEnd.COMPLETE_IF_ROLLED_BACK && open.isRolledBack()) {
      services().answers().deliver(() -> answer(null));
    } else {
      answerLater(open.endedError());
    }
  }

  @Override
  public boolean stopRequested() {
    if (transaction.isAborted() || (isCancelled() && transaction.isRollbackAsked())) {
      return true;
    }
    if (services().timer().nanoTime() - deadlineNanos >= 0) {
      stoppedAtDeadline = true;
      return true;
    }
    return false;
  }

  private WriterServices services() {
    return transaction.services();
  }

  @Override
  protected Answers answers() {
    return services().answers();
  }

  /** Nobody may be left to end the transaction, and every other write waits for it. */
  @Override
  protected void onSubscriberThrew(Throwable error) {
    transaction.subscriberThrew(error);
  }

  /** The one step whose transaction is committed when it is answered is the commit itself. */
  @Override
  protected void onDropped(@Nullable T answer) {
    if (isCancelled() && transaction.isCommitted()) {
      services().metrics().cancelledAfterCommit();
    }
  }

  @Override
  protected void onCancel() {
    transaction.remove(this);
  }
}
