package io.github.reactivesqlite.reliability.hazards;

import io.github.reactivesqlite.sqlite.support.Bounded;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What became of the subscriptions of a soak. */
final class SoakTally {

  private final Set<SoakSubscriber> open = ConcurrentHashMap.newKeySet();
  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> errors = new ConcurrentHashMap<>();
  private final AtomicInteger subscriptions = new AtomicInteger();
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong();

  long nextId() {
    return ids.incrementAndGet();
  }

  int open() {
    return open.size();
  }

  void started(SoakSubscriber subscriber) {
    subscriptions.incrementAndGet();
    open.add(subscriber);
  }

  void completed(SoakSubscriber subscriber) {
    completed.incrementAndGet();
    open.remove(subscriber);
  }

  void cancelled(SoakSubscriber subscriber) {
    cancelled.incrementAndGet();
    open.remove(subscriber);
  }

  void failed(SoakSubscriber subscriber, Throwable error) {
    failed.incrementAndGet();
    errors
        .computeIfAbsent(error.getClass().getSimpleName(), name -> new AtomicInteger())
        .incrementAndGet();
    open.remove(subscriber);
  }

  void acknowledged(long id) {
    acknowledged.add(id);
  }

  void refused(long id) {
    refused.add(id);
  }

  Set<Long> acknowledged() {
    return acknowledged;
  }

  Set<Long> refused() {
    return refused;
  }

  /** Waits until every subscription has ended; if one never does, says what the threads do. */
  void awaitEnds(String run) {
    try {
      Bounded.until("every subscription ends", open::isEmpty);
    } catch (AssertionError hang) {
      throw new AssertionError(open.size() + " hang, " + run + ": " + open + stacks(), hang);
    }
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              text.append("\n\n").append(thread.getName()).append(' ').append(thread.getState());
              for (StackTraceElement frame : frames) {
                text.append("\n    ").append(frame);
              }
            });
    return text.toString();
  }

  @Override
  public String toString() {
    return subscriptions
        + " subscriptions ("
        + completed
        + " completed, "
        + cancelled
        + " cancelled, "
        + failed
        + " failed: "
        + new TreeMap<>(errors)
        + "), "
        + acknowledged.size()
        + " writes acknowledged";
  }
}
