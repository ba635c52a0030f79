package io.github.reactivesqlite.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * What this process allocated and computed since it started, or between two such moments.
 *
 * @param allocatedBytes by all threads; before JDK 21 without those that have ended
 * @param cpuNanos of all threads, user and system
 */
public record Usage(long allocatedBytes, long cpuNanos) {

  /** Where nothing was measured. */
  public static final Usage NONE = new Usage(0, 0);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Counts virtual and ended threads too, but only newer JVMs have it. */
  private static final @Nullable Method TOTAL = total();

  /** Since the start of the process. */
  public static Usage now() {
    return new Usage(allocated(), SYSTEM.getProcessCpuTime());
  }

  /** What was used since {@code earlier}. */
  public Usage since(Usage earlier) {
    return new Usage(allocatedBytes - earlier.allocatedBytes, cpuNanos - earlier.cpuNanos);
  }

  /** This and more. */
  public Usage plus(Usage more) {
    return new Usage(allocatedBytes + more.allocatedBytes, cpuNanos + more.cpuNanos);
  }

  private static long allocated() {
    if (TOTAL != null) {
      try {
        return (long) TOTAL.invoke(THREADS);
      } catch (ReflectiveOperationException unavailable) {
        return 0;
      }
    }
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(bytes, 0);
    }
    return sum;
  }

  private static @Nullable Method total() {
    try {
      return ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
    } catch (NoSuchMethodException older) {
      return null;
    }
  }
}
