package io.github.reactivesqlite.benchmarks.measure;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** What a load repeats. Called from many threads. */
public interface Work {

  /**
   * One operation, not yet subscribed to.
   *
   * @param number counts from 0, without gaps once all have ended
   * @return what to subscribe to; its end is the end of the operation
   */
  Publisher<?> operation(long number);

  /**
   * The operation succeeded, inside or outside of the measured time.
   *
   * @param number of the operation
   * @param last its last element, or {@code null} if it had none
   * @return whether the answer is right; a wrong one counts as an error
   */
  boolean acknowledged(long number, @Nullable Object last);
}
