package io.github.reactivesqlite.sqlite.engine.maintenance;

import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.BOUND;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A result scheduler that a backup waits for: it takes its next step when whoever listens has dealt
 * with its progress, so that what the listener does comes between two steps, on any machine.
 *
 * <pre>
 * copy:     step ──▶ tell ── waits ────────────────▶ step
 * listener:           └─▶ cancel, close or write ──┘
 * </pre>
 */
final class StepwiseCopy implements AutoCloseable {

  private final ExecutorService listener = Executors.newSingleThreadExecutor();
  private final Scheduler scheduler = Schedulers.fromExecutor(this::execute);

  Scheduler scheduler() {
    return scheduler;
  }

  private void execute(Runnable task) {
    Future<?> dealtWith = listener.submit(task);
    if (Thread.currentThread().getName().endsWith("-backup")) {
      try {
        dealtWith.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
      } catch (Exception never) {
        throw new IllegalStateException("The listener did not come to an end", never);
      }
    }
  }

  /** Whether somebody has told a copy to stop, and waits for its end. */
  static boolean isAwaited() {
    return Thread.getAllStackTraces().values().stream()
        .anyMatch(
            frames ->
                Stream.of(frames).anyMatch(frame -> frame.getMethodName().equals("stopAndWait"))
                    && Stream.of(frames)
                        .anyMatch(frame -> frame.getMethodName().equals("awaitTermination")));
  }

  @Override
  public void close() {
    listener.shutdownNow();
  }
}
