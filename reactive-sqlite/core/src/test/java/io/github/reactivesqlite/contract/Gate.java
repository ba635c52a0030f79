package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A place where one thread is held until the test lets it go on. */
final class Gate implements AutoCloseable {

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  /** Called by the thread to be held. */
  void pass() {
    reached.countDown();
    await(opened);
  }

  /** Waits until a thread is held here. */
  void awaitReached() {
    await(reached);
  }

  void open() {
    opened.countDown();
  }

  @Override
  public void close() {
    open();
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).as("the other side came in time").isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
