package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.engine.runtime.LockRetry;
import io.github.reactivesqlite.sqlite.engine.runtime.LockedException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The writer's wait for a lock that somebody else holds. Everything stays queued and the thread is
 * free: {@link LockRetry} times the next attempt by the policy of the request that has waited
 * longest, while each request counts the attempts it has seen and leaves when its own policy or
 * deadline ends.
 *
 * <p>Owner of the fields: {@code waiting} is written on the writer's thread and at the end of a
 * wait; {@code wait} is set by the writer's thread and disposed of by a close; the rest is the
 * writer thread's.
 */
final class WriterLockWait {

  /** The writer, as far as a wait needs it. All run on the writer's thread, except signal. */
  interface Work {
    /** Does the next thing, or says that the lock is still held. */
    void tryNext();

    /** Answers whoever was at work when an error of our own came. */
    void recover(Throwable unexpected);

    /** Makes the writer look at its queue again. */
    void signal();
  }

  private final WriterServices services;
  private final Scheduler scheduler;
  private final LockTurns turns;
  private final Work work;

  private volatile boolean waiting;
  private volatile @Nullable Disposable wait;
  private boolean lastBeginWasLocked;

  WriterLockWait(WriterServices services, Scheduler scheduler, LockTurns turns, Work work) {
    this.services = services;
    this.scheduler = scheduler;
    this.turns = turns;
    this.work = work;
  }

  /** Whether the writer has to leave the queue alone for now. */
  boolean isWaiting() {
    return waiting;
  }

  /** Begins to wait after a first attempt has failed. */
  void start(LockedException first) {
    noteLocked();
    WriteRequest<?> lead = services.queue().oldest();
    if (lead == null) {
      return;
    }
    waiting = true;
    Mono<Void> attempt = Mono.<Void>fromRunnable(() -> tryAgain(lead)).subscribeOn(scheduler);
    wait =
        LockRetry.afterFirstFailure(
                first,
                attempt,
                lead.retryPolicy(),
                services.timer().scheduler(),
                pause -> logRetry(lead, pause))
            .subscribe(done -> {}, ended -> ended(), this::ended);
  }

  private void ended() {
    waiting = false;
    work.signal();
  }

  private void tryAgain(WriteRequest<?> lead) {
    if (!lead.isQueued()) {
      return;
    }
    waiting = false;
    try {
      work.tryNext();
    } catch (LockedException still) {
      noteLocked();
      if (lead.isQueued()) {
        waiting = true;
        throw still;
      }
    } catch (Throwable unexpected) {
      work.recover(unexpected);
    }
  }

  /** Every waiting request has seen one attempt more. */
  private void noteLocked() {
    long now = services.timer().nanoTime();
    turns.competed(now);
    lastBeginWasLocked = true;
    List<WriteRequest<?>> ended = services.queue().takeIf(request -> request.lockTryFailed(now));
    services.queue().refreshAlarm();
    for (WriteRequest<?> request : ended) {
      request.endQueued(waiting -> waiting.expire(now));
    }
  }

  private void logRetry(WriteRequest<?> lead, Duration pause) {
    long waited = lead.lockWaitNanos(services.timer().nanoTime());
    services
        .lockLog()
        .retrying(
            lead.settings.label(),
            lead.lockTries(),
            lead.retryPolicy().maxAttempts(),
            pause.toNanos(),
            waited);
  }

  /** The lock is ours: the waits of those taken and of those still queued end here. */
  void lockTaken(List<WriteRequest<?>> taken) {
    if (!lastBeginWasLocked) {
      return;
    }
    lastBeginWasLocked = false;
    long now = services.timer().nanoTime();
    taken.forEach(request -> noteTaken(request, now));
    services.queue().forEach(request -> noteTaken(request, now));
    services.queue().refreshAlarm();
  }

  private void noteTaken(WriteRequest<?> request, long now) {
    if (request.lockTries() > 0) {
      services
          .metrics()
          .lockAcquired(
              request.settings.label(),
              request.lane,
              request.lockWaitNanos(now),
              request.lockTries());
      request.lockTaken(now);
    }
  }

  /** An error came in between: nothing is waited for any more. */
  void abandon() {
    stop();
    waiting = false;
  }

  /** Stops waiting, so that a close is not held up; the connection is closed next. */
  void stop() {
    Disposable current = wait;
    if (current != null) {
      current.dispose();
    }
  }
}
