package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.concurrent.LinkedTransferQueue;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one thread, which looks for its next task for a moment before it parks: to wake a
 * parked thread takes longer than most statements, and who is answered often asks again at once. It
 * stops looking where that was in vain, but for a try now and then, so an idle thread costs nothing
 * and a seldom used one next to nothing.
 *
 * <p>Owner of the fields: the one thread that takes.
 */
@SuppressWarnings("serial") // never serialized
final class SpinningQueue extends LinkedTransferQueue<Runnable> {

  private static final long SPIN_NANOS = 30_000;
  private static final int MOST_CREDIT = 16;
  private static final int TRY_EVERY = 32;
  private static final boolean SEVERAL_PROCESSORS =
      Runtime.getRuntime().availableProcessors() > 1;

  private int credit = MOST_CREDIT;
  private int parked;

  @Override
  public Runnable take() throws InterruptedException {
    @Nullable Runnable next = poll();
    if (next == null && SEVERAL_PROCESSORS && isWorthLooking()) {
      next = look();
    }
    return next != null ? next : super.take();
  }

  private boolean isWorthLooking() {
    if (credit > 0) {
      return true;
    }
    parked++;
    return parked % TRY_EVERY == 0;
  }

  private @Nullable Runnable look() {
    long end = System.nanoTime() + SPIN_NANOS;
    @Nullable Runnable next;
    do {
      Thread.onSpinWait();
      next = poll();
    } while (next == null && System.nanoTime() - end < 0);
    credit = next != null ? Math.min(MOST_CREDIT, credit + 2) : Math.max(0, credit - 1);
    return next;
  }
}
