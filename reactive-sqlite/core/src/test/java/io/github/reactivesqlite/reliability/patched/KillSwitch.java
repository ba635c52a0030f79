package io.github.reactivesqlite.reliability.patched;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the patched library calls at its own steps. Armed, it has its own process killed when a step
 * is passed for the n-th time: the thread goes no further, and a shell that has been waiting for
 * this sends SIGKILL.
 */
public final class KillSwitch {

  private static final AtomicInteger PASSINGS_LEFT = new AtomicInteger();
  private static volatile @Nullable Armed armed;

  private record Armed(KillPoint point, OutputStream killer) {}

  private KillSwitch() {}

  /** From now on, the n-th passing of the step is the end of this process. */
  static void arm(KillPoint point, int passing) throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", "read go && kill -9 " + ProcessHandle.current().pid())
            .redirectErrorStream(true)
            .start();
    PASSINGS_LEFT.set(passing);
    armed = new Armed(point, shell.getOutputStream());
  }

  /** The library has come to a step. Any thread. */
  public static void reached(String step) {
    Armed now = armed;
    if (now != null && now.point().name().equals(step) && PASSINGS_LEFT.decrementAndGet() == 0) {
      die(now.killer());
    }
  }

  private static void die(OutputStream killer) {
    try {
      killer.write("go\n".getBytes(StandardCharsets.US_ASCII));
      killer.flush();
    } catch (IOException noShell) {
      System.out.println("error: the kill failed: " + noShell);
      return;
    }
    while (true) {
      LockSupport.park();
    }
  }
}
