package io.github.reactivesqlite.sqlite.engine.maintenance;

import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Tasks that come round again and again until they are all stopped. Thread-safe. */
final class Schedules {

  private final EngineTimer timer;
  private final Disposable.Composite running = Disposables.composite();

  Schedules(EngineTimer timer) {
    this.timer = timer;
  }

  /** Starts a short task once after each interval; zero is never. */
  void every(Duration interval, Runnable task) {
    if (!interval.isZero()) {
      Disposable.Swap next = Disposables.swap();
      if (running.add(next)) {
        again(next, EngineTimer.nanos(interval), task);
      }
    }
  }

  private void again(Disposable.Swap next, long nanos, Runnable task) {
    next.replace(
        timer.schedule(
            () -> {
              try {
                task.run();
              } finally {
                if (!next.isDisposed()) {
                  again(next, nanos, task);
                }
              }
            },
            nanos));
  }

  /** Starts a short task once. */
  void once(long nanos, Runnable task) {
    Disposable.Swap alarm = Disposables.swap();
    if (running.add(alarm)) {
      alarm.replace(
          timer.schedule(
              () -> {
                running.remove(alarm);
                task.run();
              },
              nanos));
    }
  }

  /** Starts nothing any more. */
  void stop() {
    running.dispose();
  }
}
