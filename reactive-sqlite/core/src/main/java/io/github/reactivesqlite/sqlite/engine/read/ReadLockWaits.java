package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.sqlite.engine.runtime.LockRetry;
import io.github.reactivesqlite.sqlite.engine.runtime.LockedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Reads that met a lock: each waits by its own policy, holding no reader, and is queued again for
 * every attempt. WAL readers meet locks rarely: while another process recovers the log or locks the
 * file exclusively.
 */
final class ReadLockWaits {

  private final ReadServices services;
  private final Consumer<ReadRequest> requeue;
  private final AtomicInteger waits = new AtomicInteger();

  ReadLockWaits(ReadServices services, Consumer<ReadRequest> requeue) {
    this.services = services;
    this.requeue = requeue;
  }

  boolean isEmpty() {
    return waits.get() == 0;
  }

  /** A run met a lock before its first row: nothing has been read. */
  void locked(ReadRequest request, int code) {
    LockedException locked = new LockedException(code);
    request.noteLocked();
    MonoSink<Void> waiting = request.lockWait();
    if (waiting != null) {
      request.lockWait(null);
      waiting.error(locked);
      return;
    }
    waits.incrementAndGet();
    LockRetry.afterFirstFailure(
            locked,
            Mono.<Void>create(sink -> tryAgain(request, sink)),
            request.settings.retryPolicy(),
            services.timer().scheduler(),
            pause -> logRetry(request, pause.toNanos()))
        .doFinally(signal -> waits.decrementAndGet())
        .subscribe(done -> {}, ended -> request.refuseCounted(request.busy(code)), () -> {});
  }

  private void tryAgain(ReadRequest request, MonoSink<Void> sink) {
    if (request.isCancelled()) {
      sink.success();
      return;
    }
    long waited = services.timer().nanoTime() - request.enqueuedNanos;
    if (waited > request.settings.lockNanos()) {
      sink.error(new IllegalStateException("The lock timeout is over"));
      return;
    }
    request.lockWait(sink);
    request.returnToQueue();
    requeue.accept(request);
  }

  private void logRetry(ReadRequest request, long pauseNanos) {
    services
        .lockLog()
        .retrying(
            request.settings.label(),
            request.lockTries(),
            request.settings.retryPolicy().maxAttempts(),
            pauseNanos,
            services.timer().nanoTime() - request.enqueuedNanos);
  }

  /** The wait that is under way is over: a run got past the lock. */
  static void settle(ReadRequest request) {
    MonoSink<Void> waiting = request.lockWait();
    if (waiting != null) {
      request.lockWait(null);
      waiting.success();
    }
  }
}
