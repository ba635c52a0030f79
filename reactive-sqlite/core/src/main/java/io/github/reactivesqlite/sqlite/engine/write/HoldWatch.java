package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Watches the writer from outside: who holds it too long is named with its stack, and a COMMIT that
 * does not come back is answered as unknown.
 *
 * <p>Owner of the fields: {@code holder}, {@code transaction}, their times, the pause in them and
 * {@code committing} are written by the writer thread and read by the timer; {@code reported} by
 * the timer; {@code armed} by compare-and-set, so that one look is scheduled at a time; a COMMIT
 * belongs to who claims it first, the writer at its end or the timer when it is overdue.
 */
final class HoldWatch {

  private static final Logger LOG = SteadyLogger.of("io.github.reactivesqlite.holds");
  private static final int STACK_DEPTH = 20;

  private final WriterServices services;
  private final long checkEveryNanos;

  private volatile @Nullable WriteRequest<?> holder;
  private volatile @Nullable Commit committing;
  private volatile @Nullable WriteRequest<?> transaction;
  private volatile long since;
  private volatile long transactionSince;
  private volatile boolean paused;
  private volatile long pausedSince;
  private volatile @Nullable WriteRequest<?> reported;
  private volatile @Nullable Thread writer;
  private final AtomicBoolean armed = new AtomicBoolean();

  HoldWatch(WriterServices services) {
    this.services = services;
    long shortest = Math.min(services.limits().holdWarningNanos(), services.limits().commitNanos());
    this.checkEveryNanos = Math.max(1_000_000, shortest / 2);
  }

  /** A COMMIT that has been started, and who has it. */
  private record Commit(List<WriteRequest<?>> units, long since, AtomicBoolean claimed) {

    boolean claim() {
      return claimed.compareAndSet(false, true);
    }
  }

  /**
   * Somebody holds the writer: looks again and again as long as somebody does. Without a thread or
   * memory for it there is no look, and the write goes on all the same; the next one tries again.
   */
  private void arm() {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      try {
        services.timer().schedule(this::check, checkEveryNanos);
      } catch (Throwable notScheduled) {
        armed.set(false);
      }
    }
  }

  void unitStarted(WriteRequest<?> unit, long now) {
    noteWriter();
    paused = false;
    since = now;
    holder = unit;
    arm();
  }

  void unitEnded(WriteRequest<?> unit, long now) {
    holder = null;
    long held = now - since;
    services.metrics().hold(unit.settings.label(), unit.lane, held);
    if (held >= services.limits().holdWarningNanos() && reported != unit) {
      warn(unit, held, "");
    }
    if (reported != null) {
      reported = null;
    }
  }

  private void noteWriter() {
    Thread current = Thread.currentThread();
    if (writer != current) {
      writer = current;
    }
  }

  void transactionStarted(WriteRequest<?> begin, long now) {
    noteWriter();
    paused = false;
    transactionSince = now;
    transaction = begin;
    arm();
  }

  void transactionEnded(long now) {
    WriteRequest<?> begin = transaction;
    transaction = null;
    if (begin != null) {
      since = transactionSince;
      unitEnded(begin, now);
    }
  }

  /** A COMMIT begins: its time is told by itself, and no work moved elsewhere makes it shorter. */
  void pauseHold(long now) {
    pausedSince = now;
    paused = true;
  }

  /** The COMMIT has come back; the hold goes on as if its time had not been. */
  void resumeHold(long now) {
    long rested = now - pausedSince;
    if (holder != null) {
      long begun = since;
      since = begun + rested;
    }
    if (transaction != null) {
      long begun = transactionSince;
      transactionSince = begun + rested;
    }
    paused = false;
  }

  void commitStarted(List<? extends WriteRequest<?>> units, long now) {
    committing = new Commit(new ArrayList<>(units), now, new AtomicBoolean());
    arm();
  }

  /** The COMMIT has come back. Whoever was answered meanwhile knows it from here on. */
  void commitEnded() {
    Commit commit = committing;
    committing = null;
    if (commit != null && !commit.claim()) {
      commit.units().forEach(WriteRequest::noteAnsweredEarly);
    }
  }

  private void check() {
    try {
      look();
    } finally {
      armed.set(false);
      if (isHeld() || !services.queue().isEmpty()) {
        arm();
      }
    }
  }

  private void look() {
    long now = services.timer().nanoTime();
    // Before the times that a pause moves: what happens meanwhile makes a hold shorter, never
    // longer
    boolean resting = paused;
    long restsSince = pausedSince;
    WriteRequest<?> unit = holder;
    WriteRequest<?> open = transaction;
    WriteRequest<?> current = unit == null ? open : unit;
    long begun = unit == null ? transactionSince : since;
    Commit commit = committing;
    if (current != null) {
      long held = (resting ? restsSince : now) - begun;
      if (held >= services.limits().holdWarningNanos() && reported != current) {
        reported = current;
        // Between two steps of a transaction the writer is idle: its stack says nothing
        warn(current, held, unit == null ? "" : stack());
      }
    }
    if (commit != null
        && now - commit.since() >= services.limits().commitNanos()
        && commit.claim()) {
      answerOverdue(commit.units(), now - commit.since());
    }
  }

  private boolean isHeld() {
    return holder != null || transaction != null || committing != null;
  }

  private static void warn(WriteRequest<?> unit, long heldNanos, String stack) {
    String label = unit.settings.label();
    LOG.warn(
        "{} holds the writer for {} s; other writes wait. Move slow work (network, files, heavy"
            + " computing) out of write units and transactions{}",
        label == null ? "unlabelled" : label,
        String.format(Locale.ROOT, "%.3f", heldNanos / 1e9),
        stack);
  }

  private String stack() {
    Thread thread = writer;
    StringBuilder text = new StringBuilder();
    if (thread != null) {
      StackTraceElement[] frames = thread.getStackTrace();
      for (int i = 0; i < Math.min(STACK_DEPTH, frames.length); i++) {
        text.append("\n    at ").append(frames[i]);
      }
    }
    return text.toString();
  }

  /** One that had failed before is not in the COMMIT: its own error is the truth. */
  private static void answerOverdue(List<WriteRequest<?>> units, long waitedNanos) {
    for (WriteRequest<?> unit : units) {
      Throwable own = unit.error();
      try {
        unit.answerEarly(own == null ? unknown(unit, waitedNanos) : own);
      } catch (Throwable failed) {
        // Those behind it are not to wait for memory too
        unit.answerEarly(failed);
      }
    }
  }

  private static CommitOutcomeUnknownException unknown(WriteRequest<?> unit, long waitedNanos) {
    return new CommitOutcomeUnknownException(
        "COMMIT has not come back for "
            + waitedNanos / 1_000_000
            + " ms: the write may or may not be committed. The disk is slow or stuck; check by an"
            + " idempotency key before repeating the write",
        unit.details());
  }
}
