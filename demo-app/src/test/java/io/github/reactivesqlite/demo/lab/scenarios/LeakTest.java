package io.github.reactivesqlite.demo.lab.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LeakTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void whatIsForgottenIsThereInTheEnd() {
    Leak<AutoCloseable> leak = new Leak<>(1);
    AutoCloseable first = () -> {};

    assertThat(leak.forget(first)).isTrue();
    assertThat(leak.forget(() -> {})).isFalse();
    assertThat(leak.remember()).containsExactly(first);
    assertThat(leak.remember()).isEmpty();
  }

  /**
   * Or both could find room for one, and forget two.
   *
   * <pre>
   * test   in the lock │ forgets the one there is room for │ leaves it
   * other               waits                                         │ is told that there is no room
   * </pre>
   */
  @Test
  void whoeverForgetsWaitsForOneWhoDoes() throws InterruptedException {
    Leak<AutoCloseable> leak = new Leak<>(1);
    Thread other = new Thread(() -> leak.forget(() -> {}));
    AutoCloseable mine = () -> {};
    synchronized (leak) {
      other.start();
      long deadline = System.nanoTime() + LONG.toNanos();
      while (other.getState() != State.BLOCKED
          && other.isAlive()
          && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(leak.forget(mine)).isTrue();
    }
    other.join(LONG.toMillis());

    assertThat(other.isAlive()).isFalse();
    assertThat(leak.remember()).containsExactly(mine);
  }
}
