package io.github.reactivesqlite.blockhound;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound that the driver's native calls block: it knows the JDK's own only, and SQLite
 * waits for disks and locks in native code. Every call that BlockHound stops is remembered, because
 * the error that it throws may be swallowed on its way.
 *
 * <p>Found by the service loader, so it is in force in every test of this module.
 */
public final class DriverCalls implements BlockHoundIntegration {

  /** The class of the driver's native methods. */
  static final String NATIVE_CLASS = "org.sqlite.core.NativeDB";

  /** Those that run statements or touch files, with their signatures. */
  static final Map<String, String> METHODS =
      Map.of(
          "_open_utf8", "([BI)V",
          "_close", "()V",
          "_exec_utf8", "([B)I",
          "prepare_utf8", "([B)J",
          "step", "(J)I",
          "reset", "(J)I",
          "finalize", "(J)I",
          "backup", "([B[BLorg/sqlite/core/DB$ProgressObserver;III)I",
          "restore", "([B[BLorg/sqlite/core/DB$ProgressObserver;III)I");

  private static final List<BlockingOperationError> STOPPED = new CopyOnWriteArrayList<>();

  /** What BlockHound has stopped since {@link #forget()}. */
  static List<BlockingOperationError> stopped() {
    return List.copyOf(STOPPED);
  }

  /** Begins anew. */
  static void forget() {
    STOPPED.clear();
  }

  @Override
  public void applyTo(BlockHound.Builder builder) {
    METHODS.forEach((name, signature) -> builder.markAsBlocking(NATIVE_CLASS, name, signature));
    builder.blockingMethodCallback(DriverCalls::stop);
    // Reactor allows this for its other tasks: the queue's lock is held for moments. Whoever is
    // stopped while he waits for it leaves it locked for ever, and with it a parallel thread
    builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicWorkerTask", "dispose");
    builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicSchedulerTask", "dispose");
    // Reactor and Micrometer look for service files when they are first used, wherever that is
    builder.allowBlockingCallsInside(
        "reactor.core.publisher.ContextPropagationSupport", "<clinit>");
    builder.allowBlockingCallsInside("io.micrometer.context.ContextRegistry", "<clinit>");
  }

  private static void stop(BlockingMethod method) {
    BlockingOperationError error = new BlockingOperationError(method);
    STOPPED.add(error);
    throw error;
  }
}
