package io.github.reactivesqlite.metrics;

import io.micrometer.core.instrument.LongTaskTimer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An open read that keeps the WAL from starting over, as long as it has not ended. Thread-safe. */
public final class WalPin {

  private final AtomicReference<LongTaskTimer.@Nullable Sample> sample;

  private final Meters meters;

  /** The sample is missing where the registry could not start one. */
  WalPin(LongTaskTimer.@Nullable Sample sample, Meters meters) {
    this.sample = new AtomicReference<>(sample);
    this.meters = meters;
  }

  /** Says that the read has ended. Further calls do nothing. */
  public void end() {
    LongTaskTimer.Sample running = sample.getAndSet(null);
    if (running != null) {
      try {
        running.stop();
      } catch (Throwable thrown) {
        meters.recordingFailed(thrown);
      }
    }
  }
}
