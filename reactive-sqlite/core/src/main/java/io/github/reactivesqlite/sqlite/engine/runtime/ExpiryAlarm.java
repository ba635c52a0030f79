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

  private static final int ATTEMPTS = 5;

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
    // What throws here leaves the earlier alarm in force, and the next call tries again
    Disposable earlier = timer.schedule(due, expiryNanos - timer.nanoTime());
    if (alarm != null) {
      alarm.dispose();
    }
    alarm = earlier;
    setTo = expiryNanos;
  }

  /** Forgets what it was set to, after it went off or when expiries have changed. */
  public void reset(long earliestExpiry) {
    setTo = NEVER;
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        atLatest(earliestExpiry);
        return;
      } catch (Throwable refused) {
        // Those in the queue depend on it, and may be the last to come
      }
    }
    atLatest(earliestExpiry);
  }
}
