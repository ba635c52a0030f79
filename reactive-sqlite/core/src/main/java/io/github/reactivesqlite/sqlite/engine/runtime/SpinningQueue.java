package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of an executor, one of whose idle threads looks for the next task for a moment before
 * it parks: to wake a parked thread takes longer than most statements, and who is answered often
 * asks again at once. Where that is in vain it stops looking, but for a try now and then, so an
 * idle thread costs nothing and a seldom used one next to nothing.
 *
 * <p>While a thread is looking nobody is woken; who finds a task and leaves others behind wakes the
 * next. Takes no lock, as tasks come from threads that must not block.
 *
 * <p>Owner of the plain fields: whoever has set {@code looking}.
 */
@SuppressWarnings("serial") // never serialized
final class SpinningQueue extends ConcurrentLinkedQueue<Runnable>
    implements BlockingQueue<Runnable> {

  private static final long LOOK_NANOS = 30_000;

  /** Who finds something later would have been woken as soon. */
  private static final long WORTH_NANOS = 20_000;

  private static final int MOST_CREDIT = 16;
  private static final int TRY_EVERY = 32;
  private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

  private final AtomicBoolean looking = new AtomicBoolean();
  private final ConcurrentLinkedDeque<Thread> parked = new ConcurrentLinkedDeque<>();

  private int credit = MOST_CREDIT;
  private int skipped;

  @Override
  public boolean offer(Runnable task) {
    super.offer(task);
    if (!looking.get()) {
      wakeOne();
    }
    return true;
  }

  private void wakeOne() {
    Thread idle = parked.poll();
    if (idle != null) {
      LockSupport.unpark(idle);
    }
  }

  @Override
  public Runnable take() throws InterruptedException {
    while (true) {
      Runnable next = next(Long.MAX_VALUE);
      if (next != null) {
        return next;
      }
    }
  }

  @Override
  public @Nullable Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    @Nullable Runnable next = null;
    for (long left = unit.toNanos(timeout);
        next == null && left > 0;
        left = end - System.nanoTime()) {
      next = next(left);
    }
    return next;
  }

  /** The next task; null after one wait, whatever ended it. */
  private @Nullable Runnable next(long nanos) throws InterruptedException {
    @Nullable Runnable next = poll();
    if (next == null && SEVERAL_PROCESSORS && looking.compareAndSet(false, true)) {
      try {
        next = isWorthLooking() ? look() : null;
      } finally {
        looking.set(false);
      }
      if (next == null) {
        // What came after the last look, and woke nobody
        next = poll();
      }
    }
    if (next == null) {
      next = park(nanos);
    }
    if (next != null) {
      wakeNextIfAnyIsLeft();
    }
    return next;
  }

  private void wakeNextIfAnyIsLeft() {
    if (!isEmpty() && !looking.get()) {
      wakeOne();
    }
  }

  private @Nullable Runnable park(long nanos) throws InterruptedException {
    Thread me = Thread.currentThread();
    @Nullable Runnable next;
    parked.push(me);
    try {
      next = poll();
      if (next == null && !me.isInterrupted()) {
        LockSupport.parkNanos(this, nanos);
        next = poll();
      }
    } finally {
      if (!parked.remove(me)) {
        // Woken for a task that came after the last look: whoever ends now must not keep it
        wakeNextIfAnyIsLeft();
      }
    }
    if (next == null && Thread.interrupted()) {
      throw new InterruptedException();
    }
    return next;
  }

  private boolean isWorthLooking() {
    if (credit > 0) {
      return true;
    }
    skipped++;
    return skipped % TRY_EVERY == 0;
  }

  @SuppressWarnings("ThreadPriorityCheck") // to yield is the point: whoever has work goes first
  private @Nullable Runnable look() {
    long begun = System.nanoTime();
    long spent;
    @Nullable Runnable next;
    do {
      Thread.yield();
      next = poll();
      spent = System.nanoTime() - begun;
    } while (next == null && spent < LOOK_NANOS);
    boolean paid = next != null && spent < WORTH_NANOS;
    credit = paid ? Math.min(MOST_CREDIT, credit + 2) : Math.max(0, credit - 1);
    return next;
  }

  @Override
  public void put(Runnable task) {
    offer(task);
  }

  @Override
  public boolean offer(Runnable task, long timeout, TimeUnit unit) {
    return offer(task);
  }

  @Override
  public int remainingCapacity() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int drainTo(Collection<? super Runnable> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public int drainTo(Collection<? super Runnable> target, int most) {
    int count = 0;
    for (Runnable task = poll(); task != null; task = poll()) {
      target.add(task);
      count++;
      if (count == most) {
        break;
      }
    }
    return count;
  }
}
