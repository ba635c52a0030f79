package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.FatalErrors;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.RequestList;
import io.github.reactivesqlite.sqlite.engine.runtime.ScalarSubscription;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.CoreSubscriber;

/**
 * One subscription to a write, from its queue to its answer.
 *
 * <p>Owner of the fields: {@code place} belongs to {@link WriteQueue} under its lock; {@code phase}
 * is changed by compare-and-set, so that exactly one of running, cancelling and expiring wins; the
 * result is written by the writer thread before the answer is handed over; {@code lockedSince} and
 * {@code lockTries} are written by the writer thread and read by the timer.
 *
 * @param <T> the type of the answer
 */
abstract class WriteRequest<T> extends ScalarSubscription<T> implements Runnable {

  private static final Logger LOG = SteadyLogger.of(WriteRequest.class);

  static final int QUEUED = 0;
  static final int RUNNING = 1;
  static final int LEFT = 2;

  @SuppressWarnings("rawtypes")
  private static final AtomicIntegerFieldUpdater<WriteRequest> PHASE =
      AtomicIntegerFieldUpdater.newUpdater(WriteRequest.class, "phase");

  final WriterServices services;
  final OperationSettings settings;
  final Lane lane;
  final long enqueuedNanos;

  final RequestList.Place<WriteRequest<?>> place = new RequestList.Place<>(this);

  private volatile int phase;
  private volatile long lockedSince;
  private volatile long lockTries;
  private volatile long waitingSince;
  private long earlierTries;
  private long earlierLockWait;
  private boolean hadTurn;
  private volatile boolean answeredEarly;
  private boolean lockCounted;
  private @Nullable T value;
  private @Nullable Throwable error;
  private boolean alone;
  private int deaths;

  WriteRequest(
      CoreSubscriber<? super T> actual,
      WriterServices services,
      OperationSettings settings,
      Lane lane) {
    super(actual);
    this.services = services;
    this.settings = settings;
    this.lane = lane;
    this.enqueuedNanos = services.timer().nanoTime();
    this.waitingSince = enqueuedNanos;
  }

  /** How the writer treats this request. */
  abstract Kind kind();

  /** The three ways to use the writer. */
  enum Kind {
    /** Joins a group commit. */
    UNIT,
    /** Holds the writer with a transaction of its own until that ends. */
    TRANSACTION,
    /** Runs between two transactions. */
    EXCLUSIVE
  }

  /** The memory that its values hold in the queue. */
  long bytes() {
    return 0;
  }

  /** The name of the operation in metrics. */
  abstract String operation();

  /** What errors about this request carry. */
  ErrorDetails details() {
    return new ErrorDetails(0, settings.label(), null);
  }

  /** Whether the queue takes it even when its lane is full: its source is held back by demand. */
  boolean isHeldBackByDemand() {
    return false;
  }

  /** How long its lane pauses after it, for other processes; 0 for the writer's own choice. */
  long pauseNanos() {
    return 0;
  }

  /** Called when it is known that the write never happened and its subscriber has left. */
  void onNeverRan() {}

  // ---- phases

  final boolean beginRunning() {
    return PHASE.compareAndSet(this, QUEUED, RUNNING);
  }

  /** Back to the queue after its transaction was rolled back. */
  final boolean returnToQueue() {
    value = null;
    error = null;
    resetRun();
    waitingSince = services.timer().nanoTime();
    phase = QUEUED;
    if (answeredEarly && leave()) {
      return false;
    }
    if (isCancelled() && leave()) {
      services.metrics().cancelledQueued();
      onNeverRan();
      return false;
    }
    return true;
  }

  /** Forgets what one run left behind. */
  void resetRun() {}

  /** Leaves the queue for good; false if it is running or has left before. */
  final boolean leave() {
    return PHASE.compareAndSet(this, QUEUED, LEFT);
  }

  /**
   * Ends one that waits by the given answer; one that runs or has left is not touched. Throws
   * nothing, so that those behind it have their turn.
   */
  final void endQueued(Consumer<? super WriteRequest<?>> answer) {
    if (!leave()) {
      return;
    }
    try {
      answer.accept(this);
    } catch (Throwable failed) {
      LOG.error("A write that waited could not be told why it ends", failed);
      refuseAnyhow(failed);
    }
  }

  private void refuseAnyhow(Throwable failed) {
    try {
      refuse(FatalErrors.asException("The write", failed));
    } catch (Throwable again) {
      fail(failed);
    }
  }

  /** It is answered before its COMMIT is over, and must not run again, whatever comes out. */
  final void answerEarly(Throwable answer) {
    answeredEarly = true;
    try {
      services.answers().deliver(() -> fail(answer));
    } catch (Throwable refused) {
      fail(answer);
    }
  }

  /** It has been, or is being, answered so. */
  final void noteAnsweredEarly() {
    answeredEarly = true;
  }

  final boolean isRunning() {
    return phase == RUNNING;
  }

  final boolean isQueued() {
    return phase == QUEUED;
  }

  @Override
  protected final void onCancel() {
    if (leave()) {
      services.queue().remove(this);
      services.metrics().cancelledQueued();
      noteLockAbandoned();
      onNeverRan();
    } else {
      onCancelWhileRunning();
    }
  }

  /** A unit in a running group finishes; its answer is dropped and counted. */
  void onCancelWhileRunning() {}

  @Override
  protected final Answers answers() {
    return services.answers();
  }

  // ---- the result

  final void succeed(@Nullable T result) {
    value = result;
  }

  final void failWith(Throwable failure) {
    error = failure;
  }

  final boolean hasFailed() {
    return error != null;
  }

  final @Nullable Throwable error() {
    return error;
  }

  /** Gives the answer, on the result scheduler. */
  @Override
  public void run() {
    Throwable failure = error;
    try {
      noteAnswer(failure);
    } finally {
      giveAnswer(failure);
    }
  }

  private void noteAnswer(@Nullable Throwable failure) {
    long now = services.timer().nanoTime();
    String errorType = failure == null ? null : failure.getClass().getSimpleName();
    services.metrics().operation(operation(), settings.label(), now - enqueuedNanos, errorType);
    noteCompleted(now);
  }

  private void giveAnswer(@Nullable Throwable failure) {
    if (failure != null) {
      failOrForget(failure);
    } else {
      answer(value);
    }
  }

  @Override
  protected final void onDropped(@Nullable T answer) {
    if (!answeredEarly) {
      onNotTaken();
    }
  }

  /** The subscriber had gone when the answer came, or left without having asked for it. */
  void onNotTaken() {
    services.metrics().cancelledAfterCommit();
  }

  private void noteCompleted(long now) {
    long took = now - enqueuedNanos;
    if (earlierTries > 0 || took >= services.limits().slowNanos()) {
      services.lockLog().completed(settings.label(), took, earlierLockWait, earlierTries + 1);
    }
  }

  private void failOrForget(Throwable failure) {
    if (!fail(failure) && !answeredEarly && !(failure instanceof CommitOutcomeUnknownException)) {
      onNeverRan();
    }
  }

  /** Answers with an error without having run. */
  final void refuse(Throwable failure) {
    error = failure;
    services.metrics().unitFailed();
    services
        .metrics()
        .operation(
            operation(),
            settings.label(),
            services.timer().nanoTime() - enqueuedNanos,
            failure.getClass().getSimpleName());
    services.answers().deliver(() -> failOrForget(failure));
  }

  // ---- groups

  final boolean isAlone() {
    return alone;
  }

  final void runAlone() {
    alone = true;
  }

  /** Its transaction died under it; the second time it runs apart from others. */
  final void transactionDied() {
    deaths++;
    if (deaths > 1) {
      alone = true;
    }
  }

  // ---- waiting

  /** Counts a failed attempt to take the lock; true when this request's policy has ended. */
  final boolean lockTryFailed(long now) {
    if (lockTries == 0) {
      lockedSince = now;
    }
    long tries = lockTries + 1;
    lockTries = tries;
    return earlierTries + tries > settings.retryPolicy().maxAttempts();
  }

  final long lockTries() {
    return lockTries;
  }

  /** The wait for the lock is over; a later run of the same unit waits anew. */
  final void lockTaken(long now) {
    earlierLockWait += lockWaitNanos(now);
    earlierTries += lockTries;
    lockTries = 0;
    waitingSince = now;
    lockCounted = true;
  }

  /**
   * Counts its wait when it runs, and once: a group that ends early gives units back that have not
   * run, and a unit may run again.
   */
  final void noteTurn(long now) {
    if (hadTurn) {
      return;
    }
    hadTurn = true;
    services.metrics().queueWait(settings.label(), lane, now - waitingSince);
    if (!lockCounted) {
      services.metrics().lockAcquiredAtOnce(1);
    }
  }

  final long lockWaitNanos(long until) {
    return lockTries == 0 ? 0 : Math.max(0, until - lockedSince);
  }

  /** When the wait in the queue is over. */
  final long expiryNanos() {
    return lockTries == 0 ? waitingSince + settings.acquireNanos() : lockedSince + lockBudget();
  }

  private long lockBudget() {
    Duration deadline = settings.retryPolicy().deadline();
    return deadline == null
        ? settings.lockNanos()
        : Math.min(settings.lockNanos(), EngineTimer.nanos(deadline));
  }

  /** Answers a request whose wait is over; the caller has taken it out of the queue. */
  final void expire(long now) {
    if (lockTries > 0) {
      refuse(busy(now));
    } else {
      refuse(acquireTimeout(now));
    }
  }

  private DatabaseException acquireTimeout(long now) {
    Duration waited = Duration.ofNanos(now - waitingSince);
    return new AcquireTimeoutException(
        "The write had no turn on the writer within "
            + waited.toMillis()
            + " ms and was not run. Earlier writes hold the writer: see the hold times by label,"
            + " shorten long units and transactions, or raise acquireTimeout",
        details(),
        waited);
  }

  private DatabaseException busy(long now) {
    long waitedNanos = lockWaitNanos(now);
    long tries = lockTries;
    services.metrics().lockFailed(settings.label(), lane, waitedNanos, tries - 1);
    services.lockLog().gaveUp(settings.label(), tries);
    Duration waited = Duration.ofNanos(waitedNanos);
    return new DatabaseBusyException(
        "Another connection outside this database object held the file's write lock for "
            + waited.toMillis()
            + " ms, over "
            + tries
            + " attempts; the write was not run. Find the process that holds it (long transactions,"
            + " an open shell), or raise lockTimeout",
        details().withCode(5),
        waited,
        tries);
  }

  /** Counts a wait for the lock that ended with neither the lock nor a lock error. */
  final void noteLockAbandoned() {
    if (lockTries > 0) {
      services
          .metrics()
          .lockAbandoned(
              settings.label(), lane, lockWaitNanos(services.timer().nanoTime()), lockTries);
    }
  }

  final RetryPolicy retryPolicy() {
    return settings.retryPolicy();
  }
}
