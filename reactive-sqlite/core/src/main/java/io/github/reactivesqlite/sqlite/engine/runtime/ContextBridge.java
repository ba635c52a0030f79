package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Runs an application's callback on an engine thread with the subscriber's Reactor Context around
 * it. Where the context-propagation library is on the class path, Reactor restores thread locals
 * (trace, MDC) in its {@code handle} operator, in limited mode too; so the callback goes through
 * that operator.
 */
public final class ContextBridge {

  private static final boolean PROPAGATION_PRESENT = isPresent();

  private ContextBridge() {}

  private static boolean isPresent() {
    try {
      Class.forName(
          "io.micrometer.context.ContextRegistry", false, ContextBridge.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError absent) {
      return false;
    }
  }

  /** Calls the callback in the context. */
  public static <T> @Nullable T call(Context context, Callable<? extends @Nullable T> callback)
      throws Exception {
    if (!PROPAGATION_PRESENT || context.isEmpty()) {
      return callback.call();
    }
    Outcome<T> outcome = new Outcome<>();
    Mono.just(outcome)
        .<Outcome<T>>handle((box, sink) -> box.run(callback))
        .contextWrite(context)
        .subscribe(done -> {}, outcome::failed);
    return outcome.get();
  }

  /** Filled and read on one thread. */
  private static final class Outcome<T> {
    private @Nullable T value;
    private @Nullable Throwable error;
    private boolean ran;

    void run(Callable<? extends @Nullable T> callback) {
      ran = true;
      try {
        value = callback.call();
      } catch (Throwable thrown) {
        error = thrown;
      }
    }

    void failed(Throwable thrown) {
      error = thrown;
    }

    @Nullable T get() throws Exception {
      if (error instanceof Exception exception) {
        throw exception;
      }
      if (error instanceof Error fatal) {
        throw fatal;
      }
      if (!ran) {
        throw new IllegalStateException(
            "The subscriber's Context could not be restored, so the callback was not run. Look at"
                + " the accessors that are registered for context propagation");
      }
      return value;
    }
  }
}
