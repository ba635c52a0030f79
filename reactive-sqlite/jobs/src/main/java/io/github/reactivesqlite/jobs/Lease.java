package io.github.reactivesqlite.jobs;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One attempt's right to the job, as its holder sees it. The table decides: whoever holds the token
 * that is in the row. Here is only remembered when that was last confirmed.
 */
final class Lease {

  /** Why a handler is to be stopped. */
  enum Interruption {
    NONE,
    /** Another attempt owns the job now. */
    LOST,
    /** Somebody cancelled the job. */
    CANCELLED,
    /** The workers stop and hand the job back. */
    STOPPED
  }

  private final long jobId;
  private final long token;
  private final int attempt;
  private final long nanos;
  private final Sinks.Empty<Void> interrupted = Sinks.empty();
  private volatile @Nullable Object holder;
  private volatile long confirmedAt;
  private volatile boolean settling;
  // The first one wins; guarded by this
  private Interruption interruption = Interruption.NONE;

  Lease(long jobId, long token, int attempt, long nanos, long confirmedAt) {
    this.jobId = jobId;
    this.token = token;
    this.attempt = attempt;
    this.nanos = nanos;
    this.confirmedAt = confirmedAt;
  }

  long jobId() {
    return jobId;
  }

  long token() {
    return token;
  }

  int attempt() {
    return attempt;
  }

  /** Says for whom it was taken; before anybody else sees it. */
  void heldBy(Object newHolder) {
    holder = newHolder;
  }

  boolean isHeldBy(Object other) {
    return holder == other;
  }

  /** A heartbeat that was sent at this time arrived. */
  void confirm(long sentAt) {
    confirmedAt = sentAt;
  }

  /** Whether others may have taken the job by now. */
  boolean isExpired(long now) {
    return now - confirmedAt > nanos;
  }

  /** From here on a write of its own decides about the lease; heartbeats no longer judge it. */
  void settle() {
    settling = true;
  }

  void unsettle() {
    settling = false;
  }

  boolean isSettling() {
    return settling;
  }

  void interrupt(Interruption why) {
    synchronized (this) {
      if (interruption != Interruption.NONE) {
        return;
      }
      interruption = why;
    }
    interrupted.tryEmitEmpty();
  }

  synchronized Interruption interruption() {
    return interruption;
  }

  /** Completes when the handler is to be stopped. */
  Mono<Void> interrupted() {
    return interrupted.asMono();
  }

  LeaseLostException lost() {
    return new LeaseLostException(jobId, attempt);
  }
}
