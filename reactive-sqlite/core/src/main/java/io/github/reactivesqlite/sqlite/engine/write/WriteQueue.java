package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.ExpiryAlarm;
import io.github.reactivesqlite.sqlite.engine.runtime.MissingThread;
import io.github.reactivesqlite.sqlite.engine.runtime.RequestList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The two lanes in front of the writer, bounded by count and bytes. Requests are linked into their
 * lane, so that a cancelled one leaves at once and takes no room. Waits are bounded by one alarm
 * for the whole queue, set to the earliest expiry.
 *
 * <p>Every field is guarded by this object's monitor; it is held for short, non-blocking steps
 * only.
 */
final class WriteQueue {

  private final EngineTimer timer;
  private final ExpiryAlarm alarm;
  private final RequestList<WriteRequest<?>> interactive = new RequestList<>();
  private final RequestList<WriteRequest<?>> bulk = new RequestList<>();
  private final int interactiveCapacity;
  private final int bulkCapacity;
  private final long maxBytes;
  private final int reservedPercent;

  private long interactiveBytes;
  private long bulkBytes;
  private boolean closed;
  private boolean bulkHasTurn;
  private boolean bulkLeftOut;

  WriteQueue(EngineTimer timer, SqliteConfig config) {
    this.timer = timer;
    this.alarm = new ExpiryAlarm(timer, this::expireDue);
    this.interactiveCapacity = config.interactiveQueueCapacity();
    this.bulkCapacity = config.bulkQueueCapacity();
    this.maxBytes = config.queueBytes();
    this.reservedPercent = config.reservedQueuePercent();
  }

  /**
   * Adds a request at the end of its lane.
   *
   * @return {@code null}, or why it was refused
   */
  synchronized @Nullable DatabaseException offer(WriteRequest<?> request) {
    if (closed) {
      return closedError(request.details());
    }
    RequestList<WriteRequest<?>> lane = lane(request.lane);
    if (!request.isHeldBackByDemand()) {
      int percent = request.settings.reservedRoom() ? 100 : 100 - reservedPercent;
      long room = Math.max(1, (long) capacity(request.lane) * percent / 100);
      if (lane.size() >= room) {
        return full(request, lane.size(), room, "writes");
      }
      long roomBytes = maxBytes * percent / 100;
      long held = bytesOf(request.lane);
      if (held > 0 && held + request.bytes() > roomBytes) {
        return full(request, held, roomBytes, "bytes");
      }
    }
    try {
      // Before it is queued: nothing may wait there without an alarm
      alarm.atLatest(request.expiryNanos());
    } catch (Throwable failed) {
      long waited = timer.nanoTime() - request.enqueuedNanos;
      return MissingThread.error("write", request.details(), waited, failed);
    }
    lane.addLast(request.place);
    addBytes(request, 1);
    return null;
  }

  static DatabaseClosedException closedError(ErrorDetails details) {
    return new DatabaseClosedException(
        "The database is closed or closing, so nothing was run. Keep it open as long as pipelines"
            + " use it, and close it last",
        details);
  }

  private static WriteQueueFullException full(
      WriteRequest<?> request, long depth, long room, String unit) {
    return new WriteQueueFullException(
        "The "
            + request.lane.name().toLowerCase(Locale.ROOT)
            + " lane holds "
            + depth
            + " of "
            + room
            + " "
            + unit
            + ", so the write was not queued. Bound the writes in flight (flatMap's concurrency), use"
            + " batch(...) for large loads, or raise the queue's capacity",
        request.details(),
        depth,
        room);
  }

  /** Puts requests back in front, in their order, whatever the bounds say. */
  synchronized void putBack(List<WriteRequest<?>> requests) {
    long earliest = ExpiryAlarm.NEVER;
    for (int i = requests.size() - 1; i >= 0; i--) {
      WriteRequest<?> request = requests.get(i);
      lane(request.lane).addFirst(request.place);
      bulkLeftOut |= request.lane == Lane.BULK;
      addBytes(request, 1);
      earliest = earlier(earliest, request);
    }
    // When all of them are in their places, whatever happens to the alarm
    alarm.atLatest(earliest);
  }

  /** Takes a request out wherever it stands. */
  synchronized void remove(WriteRequest<?> request) {
    if (!request.place.isFree()) {
      lane(request.lane).remove(request.place);
      addBytes(request, -1);
    }
  }

  /** What the writer has to do next, without taking it. */
  synchronized @Nullable WriteRequest<?> head(boolean bulkAllowed) {
    WriteRequest<?> shortOne = interactive.first();
    WriteRequest<?> longOne = bulkAllowed ? bulk.first() : null;
    if (shortOne == null) {
      return longOne;
    }
    if (longOne == null) {
      return shortOne;
    }
    boolean oneGroup = !runsByItself(shortOne) && !runsByItself(longOne);
    boolean bulkFirst = bulkLeftOut || (bulkHasTurn && !oneGroup);
    return bulkFirst ? longOne : shortOne;
  }

  /**
   * Takes the next group: interactive units up to the bound and at most one of the bulk lane, or
   * one request that has to run by itself.
   */
  synchronized List<WriteRequest<?>> takeGroup(int maxUnits, boolean bulkAllowed) {
    List<WriteRequest<?>> group = new ArrayList<>(Math.min(maxUnits, interactive.size()) + 1);
    WriteRequest<?> head = head(bulkAllowed);
    if (head == null) {
      return group;
    }
    bulkHasTurn = head.lane == Lane.INTERACTIVE;
    if (head.lane == Lane.BULK) {
      bulkLeftOut = false;
    }
    if (runsByItself(head) || head.lane == Lane.BULK) {
      take(head, group);
    }
    if (runsByItself(head)) {
      return group;
    }
    WriteRequest<?> candidate = interactive.first();
    while (candidate != null && group.size() < maxUnits && !runsByItself(candidate)) {
      take(candidate, group);
      candidate = interactive.first();
    }
    WriteRequest<?> chunk = bulkAllowed ? bulk.first() : null;
    if (chunk != null && head.lane == Lane.INTERACTIVE && !runsByItself(chunk)) {
      take(chunk, group);
      bulkHasTurn = false;
    }
    return group;
  }

  private static boolean runsByItself(WriteRequest<?> request) {
    return request.kind() != WriteRequest.Kind.UNIT || request.isAlone();
  }

  private void take(WriteRequest<?> request, List<WriteRequest<?>> group) {
    lane(request.lane).remove(request.place);
    addBytes(request, -1);
    group.add(request);
  }

  /** The request that has waited longest. */
  synchronized @Nullable WriteRequest<?> oldest() {
    WriteRequest<?> shortOne = interactive.first();
    WriteRequest<?> longOne = bulk.first();
    if (shortOne == null || longOne == null) {
      return shortOne == null ? longOne : shortOne;
    }
    return longOne.enqueuedNanos - shortOne.enqueuedNanos < 0 ? longOne : shortOne;
  }

  /** Takes out and gives back all waiting requests that the test picks. */
  synchronized List<WriteRequest<?>> takeIf(Predicate<WriteRequest<?>> picks) {
    // With room for all, so that none is lost on its way into the list
    List<WriteRequest<?>> taken = new ArrayList<>(interactive.size() + bulk.size());
    interactive.takeIf(picks, taken);
    bulk.takeIf(picks, taken);
    for (WriteRequest<?> request : taken) {
      addBytes(request, -1);
    }
    return taken;
  }

  /** Refuses whatever comes from now on. */
  synchronized void close() {
    closed = true;
  }

  synchronized boolean isEmpty() {
    return interactive.size() == 0 && bulk.size() == 0;
  }

  synchronized int depth(Lane lane) {
    return lane(lane).size();
  }

  /** The bytes waiting in a lane. */
  synchronized long bytes(Lane lane) {
    return bytesOf(lane);
  }

  /** Looks at every waiting request. */
  synchronized void forEach(Consumer<WriteRequest<?>> look) {
    RequestList.Fold<WriteRequest<?>> visit =
        (count, request) -> {
          look.accept(request);
          return count + 1;
        };
    interactive.fold(0, visit);
    bulk.fold(0, visit);
  }

  private long bytesOf(Lane lane) {
    return lane == Lane.INTERACTIVE ? interactiveBytes : bulkBytes;
  }

  private void addBytes(WriteRequest<?> request, int sign) {
    if (request.lane == Lane.INTERACTIVE) {
      interactiveBytes += sign * request.bytes();
    } else {
      bulkBytes += sign * request.bytes();
    }
  }

  private RequestList<WriteRequest<?>> lane(Lane lane) {
    return lane == Lane.INTERACTIVE ? interactive : bulk;
  }

  private int capacity(Lane lane) {
    return lane == Lane.INTERACTIVE ? interactiveCapacity : bulkCapacity;
  }

  // ---- expiry

  /** Looks at the expiries again, after a lock wait has changed them. */
  synchronized void refreshAlarm() {
    alarm.reset(earliestExpiry());
  }

  private void expireDue() {
    try {
      long now = timer.nanoTime();
      takeIf(request -> request.expiryNanos() - now <= 0).forEach(request -> expire(request, now));
    } finally {
      refreshAlarm();
    }
  }

  private void expire(WriteRequest<?> request, long now) {
    request.endQueued(waiting -> waiting.expire(now));
  }

  private long earliestExpiry() {
    long earliest = interactive.fold(ExpiryAlarm.NEVER, WriteQueue::earlier);
    return bulk.fold(earliest, WriteQueue::earlier);
  }

  private static long earlier(long soFar, WriteRequest<?> request) {
    return Math.min(soFar, request.expiryNanos());
  }
}
