package io.github.reactivesqlite.benchmarks.peer;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Virtual threads, on JVMs that have them. */
final class VirtualThreads {

  private static final @Nullable Method FACTORY = factory();

  private VirtualThreads() {}

  static boolean available() {
    return FACTORY != null;
  }

  /** A virtual thread for every task. */
  static ExecutorService executor() {
    if (FACTORY == null) {
      throw new UnsupportedOperationException(
          "This JVM has no virtual threads (they come with JDK 21). Leave the peer out");
    }
    try {
      return (ExecutorService) FACTORY.invoke(null);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static @Nullable Method factory() {
    try {
      return Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
    } catch (NoSuchMethodException older) {
      return null;
    }
  }
}
