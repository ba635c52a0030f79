package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.QueryTimeoutException;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.FatalErrors;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.runtime.RequestList;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.publisher.MonoSink;

/**
 * One subscription to a read, from its queue to its answer.
 *
 * <p>Owner of the fields: {@code place} belongs to the queue; {@code phase} is changed by
 * compare-and-set, so that exactly one of running, cancelling and expiring wins; the time budget
 * and the lock wait belong to the thread of the reader that runs it.
 */
abstract class ReadRequest implements StopSignal {

  /** What is known after a run on a reader. */
  enum Outcome {
    /** Answered, or about to be. */
    DONE,
    /** It keeps the reader. */
    HOLDS_READER,
    /** It is longer than a short result and has to wait until it may hold a reader. */
    NEEDS_READER
  }

  private static final Logger LOG = SteadyLogger.of(ReadRequest.class);
  private static final int QUEUED = 0;
  private static final int RUNNING = 1;
  private static final int LEFT = 2;
  private static final AtomicIntegerFieldUpdater<ReadRequest> PHASE =
      AtomicIntegerFieldUpdater.newUpdater(ReadRequest.class, "phase");
  private static final AtomicIntegerFieldUpdater<ReadRequest> CANCEL_COUNTED =
      AtomicIntegerFieldUpdater.newUpdater(ReadRequest.class, "cancelCounted");

  final ReadServices services;
  final OperationSettings settings;
  final ReadHost host;
  final long enqueuedNanos;
  final RequestList.Place<ReadRequest> place = new RequestList.Place<>(this);

  private volatile int phase;

  @SuppressWarnings("UnusedVariable") // by CANCEL_COUNTED
  private volatile int cancelCounted;

  private volatile boolean needsReader;
  private long budgetNanos;
  private long sliceBegan;
  private boolean outOfTime;
  private @Nullable MonoSink<Void> lockWait;
  private long lockTries;
  private long lockedSince;

  ReadRequest(ReadServices services, OperationSettings settings, ReadHost host) {
    this.services = services;
    this.settings = settings;
    this.host = host;
    this.enqueuedNanos = services.timer().nanoTime();
    this.budgetNanos = settings.executionNanos();
  }

  /** Runs on the reader's thread, inside a read transaction of the reader. */
  abstract Outcome run(Reader reader) throws Exception;

  /** Answers with an error; called at most once, on any thread. */
  abstract void refuse(Throwable error);

  /**
   * Its reader met an unknown error while it was at work, and replaces its connection: answers, if
   * that has not been done. Called on the reader's thread.
   */
  void readerFailed(Throwable unexpected) {
    beginRunning();
    if (phase == RUNNING) {
      ReadLockWaits.settle(this);
      refuseCounted(unexpected);
    }
  }

  /** Whether the subscriber has gone. */
  abstract boolean isCancelled();

  /** The name of the operation in metrics. */
  abstract String operation();

  /** What errors about this request carry. */
  abstract ErrorDetails details();

  /** The memory that its values hold in the queue. */
  abstract long bytes();

  /** Whether it may only run while it holds a reader. */
  boolean needsReader() {
    return needsReader;
  }

  final void waitForReader() {
    needsReader = true;
  }

  final boolean beginRunning() {
    return PHASE.compareAndSet(this, QUEUED, RUNNING);
  }

  final void returnToQueue() {
    phase = QUEUED;
  }

  final boolean leave() {
    if (!PHASE.compareAndSet(this, QUEUED, LEFT)) {
      return false;
    }
    MonoSink<Void> waiting = lockWait;
    if (waiting != null) {
      // It was queued again by a wait for a lock, which ends with it
      lockWait = null;
      waiting.success();
    }
    return true;
  }

  /**
   * Ends one that waits by the given answer; one that runs or has left is not touched. Throws
   * nothing, so that those behind it have their turn.
   */
  final void endQueued(Consumer<? super ReadRequest> answer) {
    if (!leave()) {
      return;
    }
    try {
      answer.accept(this);
    } catch (Throwable failed) {
      LOG.error("A read that waited could not be told why it ends", failed);
      refuseAnyhow(failed);
    }
  }

  private void refuseAnyhow(Throwable failed) {
    try {
      refuse(FatalErrors.asException("The read", failed));
    } catch (Throwable again) {
      LOG.error("A read could not be answered", again);
    }
  }

  final boolean isQueued() {
    return phase == QUEUED;
  }

  /** Takes a waiting request out after its subscriber left; false if it runs or has ended. */
  final boolean withdraw() {
    if (leave()) {
      host.withdraw(this);
      noteCancelled();
      return true;
    }
    return false;
  }

  final long expiryNanos() {
    return enqueuedNanos + settings.acquireNanos();
  }

  final void expire(long now) {
    Duration waited = Duration.ofNanos(now - enqueuedNanos);
    refuseCounted(
        new AcquireTimeoutException(
            "No reader was free within "
                + waited.toMillis()
                + " ms, so the read was not run. Streams and snapshots hold readers: end them"
                + " earlier, raise the number of readers, or raise acquireTimeout",
            details(),
            waited));
  }

  /** Counts a cancelled read, once. */
  final void noteCancelled() {
    if (CANCEL_COUNTED.compareAndSet(this, 0, 1)) {
      services.metrics().readCancelled();
    }
  }

  final void refuseCounted(Throwable error) {
    if (isCancelled()) {
      noteCancelled();
      return;
    }
    Throwable answer = FatalErrors.asException("The read", error);
    try {
      services.metrics().readFailed();
      noteOperation(answer);
    } finally {
      refuse(answer);
    }
  }

  final void noteOperation(@Nullable Throwable error) {
    services
        .metrics()
        .operation(
            operation(),
            settings.label(),
            services.timer().nanoTime() - enqueuedNanos,
            error == null ? null : error.getClass().getSimpleName());
  }

  // ---- time on the reader

  /** The reader begins to work for this request. */
  final void enter() {
    sliceBegan = services.timer().nanoTime();
  }

  /** The reader has stopped working for this request. */
  final void exit() {
    budgetNanos -= services.timer().nanoTime() - sliceBegan;
  }

  @Override
  public boolean stopRequested() {
    if (isCancelled() || host.isEnding()) {
      return true;
    }
    if (services.timer().nanoTime() - sliceBegan >= budgetNanos) {
      outOfTime = true;
      return true;
    }
    return false;
  }

  /** The typed error for a failure of its statement. */
  RuntimeException typed(SqlFailure failure, ErrorDetails details) {
    if (failure.isInterrupt() && outOfTime) {
      return timeout(details.withCode(failure.code()));
    }
    if (failure.isInterrupt() && host.isEnding()) {
      return host.endedError(details);
    }
    return failure.toReaderException(details);
  }

  final boolean isOutOfTime() {
    return outOfTime;
  }

  final QueryTimeoutException timeout(ErrorDetails details) {
    Duration limit = Duration.ofNanos(settings.executionNanos());
    return new QueryTimeoutException(
        "The read ran for more than "
            + limit.toMillis()
            + " ms on its reader, row mapping included, and was stopped. Look at its plan (EXPLAIN QUERY PLAN), give it an"
            + " index, or raise executionTimeout",
        details,
        limit);
  }

  // ---- waiting for a lock

  /** The wait for a lock that is under way. */
  final @Nullable MonoSink<Void> lockWait() {
    return lockWait;
  }

  final void lockWait(@Nullable MonoSink<Void> sink) {
    lockWait = sink;
  }

  final void noteLocked() {
    if (lockTries == 0) {
      lockedSince = services.timer().nanoTime();
    }
    lockTries++;
  }

  final long lockTries() {
    return lockTries;
  }

  final DatabaseBusyException busy(int code) {
    Duration waited = Duration.ofNanos(services.timer().nanoTime() - lockedSince);
    return new DatabaseBusyException(
        "The file was locked against reading for "
            + waited.toMillis()
            + " ms, over "
            + lockTries
            + " attempts; the read was not run. Another process recovers or exclusively locks it:"
            + " find that process, or raise lockTimeout",
        details().withCode(code),
        waited,
        lockTries);
  }
}
