package io.github.reactivesqlite.sqlite.support;

import io.github.reactivesqlite.ReactiveDatabase;
import java.util.concurrent.CountDownLatch;

/**
 * A write unit that keeps the writer busy until it is released: what is subscribed to meanwhile
 * becomes one group.
 */
public final class OccupiedWriter implements AutoCloseable {

  private final CountDownLatch released = new CountDownLatch(1);
  private final Bounded.Outcome<Boolean> unit;

  /** Returns when the unit is running. */
  public OccupiedWriter(ReactiveDatabase database) {
    CountDownLatch running = new CountDownLatch(1);
    unit =
        Bounded.start(
            database.write(
                session -> {
                  running.countDown();
                  Bounded.await(released);
                  return true;
                }));
    Bounded.await(running);
  }

  /** Whether the unit has been answered. */
  public boolean isDone() {
    return unit.isDone();
  }

  /** Lets the unit end and waits for its answer. */
  public void release() {
    released.countDown();
    Boolean answer = unit.value();
    if (answer == null || !answer) {
      throw new AssertionError("The unit was answered with " + answer);
    }
  }

  @Override
  public void close() {
    released.countDown();
  }
}
