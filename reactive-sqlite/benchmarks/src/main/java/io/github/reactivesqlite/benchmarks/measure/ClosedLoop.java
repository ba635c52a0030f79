package io.github.reactivesqlite.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps so many operations in flight: whenever one ends, the thread that ended it starts the next.
 * Plain subscribers instead of {@code flatMap}, whose own cost would be most of what is measured
 * with thousands in flight.
 */
public final class ClosedLoop {

  /** How long what is in flight at the end may take; a lost answer must not hang the run. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int inFlight;
  private final Work work;
  private final long countFrom;
  private final long end;
  private final Tally tally;
  private final CountDownLatch running;

  private ClosedLoop(int inFlight, Window window, Work work) {
    this.inFlight = inFlight;
    this.work = work;
    this.tally = new Tally();
    this.running = new CountDownLatch(inFlight);
    // Last: a JVM that still loads the others must not use up a short window
    this.countFrom = System.nanoTime() + window.warmUp().toNanos();
    this.end = countFrom + window.measured().toNanos();
    tally.countBetween(countFrom, end);
  }

  /**
   * Runs the load. Blocks until the last operation has ended.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static Outcome run(int inFlight, Window window, Work work) throws InterruptedException {
    return new ClosedLoop(inFlight, window, work).run();
  }

  private Outcome run() throws InterruptedException {
    for (int slot = 0; slot < inFlight; slot++) {
      new Slot(slot).next();
    }
    awaitUntil(countFrom);
    Usage before = Usage.now();
    awaitUntil(end);
    Usage usage = Usage.now().since(before);
    if (!running.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      tally.unfinished(running.getCount());
    }
    return tally.outcome(usage, end);
  }

  private void awaitUntil(long moment) throws InterruptedException {
    long left = moment - System.nanoTime();
    if (left > 0) {
      // Ends early only if every slot has stopped, which they do at the end
      running.await(left, TimeUnit.NANOSECONDS);
    }
  }

  /** One of the operations in flight, again and again. */
  private final class Slot extends Attempt {

    private final int index;

    /** An operation may end inside subscribe: then the loop in next() goes on, not the stack. */
    private final AtomicInteger turns = new AtomicInteger();

    // Written before an operation is subscribed to, read when it ends
    private long number;
    private long begun;

    Slot(int index) {
      this.index = index;
      this.number = index - (long) inFlight;
    }

    void next() {
      if (turns.getAndIncrement() != 0) {
        return;
      }
      do {
        start();
      } while (turns.decrementAndGet() != 0);
    }

    private void start() {
      long now = System.nanoTime();
      if (now - end >= 0) {
        running.countDown();
        return;
      }
      number += inFlight;
      begun = now;
      startOver();
      work.operation(number).subscribe(this);
    }

    @Override
    boolean isRight(@Nullable Object last) {
      return work.acknowledged(number, last);
    }

    @Override
    void ended(long moment, @Nullable String error) {
      tally.ended(index, begun, moment, error);
      next();
    }
  }
}
