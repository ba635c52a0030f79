package io.github.reactivesqlite.sqlite.support;

import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The parallel scheduler for an engine's timer, under a test's eye: whenever somebody asks it for
 * the time, the test acts first, on that thread. The engine asks between its steps, so this is how
 * a test gets between two of them.
 */
public class WatchedClock implements Scheduler {

  private final Runnable whenAsked;

  /** What {@code whenAsked} throws, the asker gets. */
  public WatchedClock(Runnable whenAsked) {
    this.whenAsked = whenAsked;
  }

  /** Whether a method of this class is among those that wait for the time. */
  public static boolean isAskedBy(Class<?> type) {
    return isAskedBy(frame -> isOf(type, frame));
  }

  /** Whether this method is among those that wait for the time. */
  public static boolean isAskedBy(Class<?> type, String method) {
    return isAskedBy(frame -> isOf(type, frame) && frame.getMethodName().equals(method));
  }

  private static boolean isAskedBy(Predicate<StackWalker.StackFrame> asker) {
    return StackWalker.getInstance().walk(frames -> frames.anyMatch(asker));
  }

  private static boolean isOf(Class<?> type, StackWalker.StackFrame frame) {
    return frame.getClassName().equals(type.getName());
  }

  @Override
  public long now(TimeUnit unit) {
    whenAsked.run();
    return unit.convert(System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public Disposable schedule(Runnable task) {
    return Schedulers.parallel().schedule(task);
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return Schedulers.parallel().schedule(task, delay, unit);
  }

  @Override
  public Worker createWorker() {
    return Schedulers.parallel().createWorker();
  }
}
