package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.sqlite.engine.session.ConnectionSession;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ClosureWrite} runs. It may run several times.
 *
 * @param <T> the type of the answer
 */
public interface ClosureBody<T> {

  /** Runs on the writer's thread. */
  @Nullable T run(ConnectionSession session) throws Exception;

  /** The name of the operation in metrics. */
  String operation();

  /** The lane unless the caller chose one. */
  default Lane usualLane() {
    return Lane.INTERACTIVE;
  }

  /** The memory its values hold while it is queued. */
  default long bytes() {
    return 0;
  }

  /** Whether a full lane takes it all the same, because its source is held back by demand. */
  default boolean isHeldBackByDemand() {
    return false;
  }

  /** Called once when its subscriber left before it ran, so that it never will. */
  default void onNeverRan() {}

  /** How long the lock is left free afterwards; 0 for the writer's own choice. */
  default long pauseNanos() {
    return 0;
  }
}
