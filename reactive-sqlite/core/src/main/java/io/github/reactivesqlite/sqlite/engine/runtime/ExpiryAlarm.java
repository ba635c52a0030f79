package io.github.reactivesqlite.sqlite.engine.runtime;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * One alarm for a whole queue, set to the earliest expiry in it: a queued request costs no timer of
 * its own. Not thread-safe: the queue that owns it guards it.
 */
public final class ExpiryAlarm {

  /** No expiry. */
  public static final long NEVER = Long.MAX_VALUE;

  private final EngineTimer timer;
  private final Runnable due;
  private long setTo = NEVER;
  private @Nullable Disposable alarm;

  /** An alarm that runs the given task, which takes the owner's guard itself. */
  public ExpiryAlarm(EngineTimer timer, Runnable due) {
    this.timer = timer;
    this.due = due;
  }

  /** Makes sure that the alarm goes off at the expiry or earlier. */
  public void atLatest(long expiryNanos) {
    if (expiryNanos >= setTo) {
      return;
    }
    if (alarm != null) {
      alarm.dispose();
    }
    setTo = expiryNanos;
    alarm = timer.schedule(due, expiryNanos - timer.nanoTime());
  }

  /** Forgets what it was set to, after it went off or when expiries have changed. */
  public void reset(long earliestExpiry) {
    setTo = NEVER;
    atLatest(earliestExpiry);
  }
}
