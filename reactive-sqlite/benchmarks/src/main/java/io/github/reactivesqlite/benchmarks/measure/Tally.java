package io.github.reactivesqlite.benchmarks.measure;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the operations of one load came to. Thread-safe. */
final class Tally {

  private final Latencies latencies = new Latencies();
  private final LongAdder completed = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();

  // Written before the first operation is started
  private long countFrom;
  private long countUntil;

  /** Counts between two moments of {@link System#nanoTime()}. To be said before anything ends. */
  void countBetween(long from, long until) {
    countFrom = from;
    countUntil = until;
  }

  /** An operation that ended, well if there is no error. */
  void ended(int slot, long begun, long ended, @Nullable String error) {
    if (error == null) {
      succeeded(slot, begun, ended);
    } else {
      failed(slot, begun, ended, error);
    }
  }

  private void succeeded(int slot, long begun, long ended) {
    timed(slot, begun, ended);
    if (ended - countFrom >= 0 && ended - countUntil <= 0) {
      completed.increment();
    }
  }

  /** Failed, or gave a wrong answer. Its latency counts too: callers waited. */
  private void failed(int slot, long begun, long ended, String message) {
    timed(slot, begun, ended);
    errors.increment();
    firstError.compareAndSet(null, message);
  }

  /** Operations that were given up. */
  void unfinished(long count) {
    errors.add(count);
    firstError.compareAndSet(null, count + " operations did not end");
  }

  private void timed(int slot, long begun, long ended) {
    if (begun - countFrom >= 0) {
      latencies.record(slot, ended - begun);
    }
  }

  /** What was counted until then. */
  Outcome outcome(Usage usage, long ended) {
    return new Outcome(
        completed.sum(),
        Math.max(0, (ended - countUntil < 0 ? ended : countUntil) - countFrom) / 1e9,
        latencies.summary(),
        errors.sum(),
        firstError.get(),
        usage);
  }

  static String describe(Throwable error) {
    return error.getClass().getSimpleName() + ": " + error.getMessage();
  }
}
