package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.sqlite.engine.runtime.ExpiryAlarm;
import io.github.reactivesqlite.sqlite.engine.runtime.RequestList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a reader, bounded by count and by bytes: short reads, which any reader takes in
 * batches, and long ones, which wait until they may hold a reader. What is queued has its alarm.
 * Not thread-safe: the pool guards it.
 */
final class ReadQueue {

  private final int capacity;
  private final long maxBytes;
  private final ExpiryAlarm alarm;
  private final RequestList<ReadRequest> shortReads = new RequestList<>();
  private final RequestList<ReadRequest> longReads = new RequestList<>();
  private long bytes;

  ReadQueue(int capacity, long maxBytes, ExpiryAlarm alarm) {
    this.capacity = capacity;
    this.maxBytes = maxBytes;
    this.alarm = alarm;
  }

  int size() {
    return shortReads.size() + longReads.size();
  }

  int shortCount() {
    return shortReads.size();
  }

  @Nullable ReadRequest firstShort() {
    return shortReads.first();
  }

  @Nullable ReadRequest firstLong() {
    return longReads.first();
  }

  /** Why a request finds no room; {@code null} if it does. */
  @Nullable ReadQueueFullException refusal(ReadRequest request) {
    int depth = size();
    boolean tooManyBytes = bytes > 0 && bytes + request.bytes() > maxBytes;
    if (depth < capacity && !tooManyBytes) {
      return null;
    }
    long found = tooManyBytes ? bytes : depth;
    long room = tooManyBytes ? maxBytes : capacity;
    return new ReadQueueFullException(
        "The read queue holds "
            + found
            + " of "
            + room
            + (tooManyBytes ? " bytes" : " reads")
            + ", so the read was not queued. Bound the reads in flight (flatMap's concurrency), add"
            + " readers, or raise the queue's capacity",
        request.details(),
        found,
        room);
  }

  /** Adds a request at the end. What throws here has added nothing. */
  void addLast(ReadRequest request) {
    alarm.atLatest(request.expiryNanos());
    listOf(request).addLast(request.place);
    bytes += request.bytes();
  }

  /** Puts those that still wait in front of all others. What throws here has added nothing. */
  void addFirst(List<ReadRequest> requests) {
    for (ReadRequest request : requests) {
      alarm.atLatest(request.expiryNanos());
    }
    for (int i = requests.size() - 1; i >= 0; i--) {
      ReadRequest request = requests.get(i);
      if (request.isQueued()) {
        listOf(request).addFirst(request.place);
        bytes += request.bytes();
      }
    }
  }

  /** Takes a request out; nothing happens when it is not here. */
  void remove(ReadRequest request) {
    if (!request.place.isFree()) {
      listOf(request).remove(request.place);
      bytes -= request.bytes();
    }
  }

  /** Takes out those whose time in the queue is over. */
  List<ReadRequest> takeDue(long now) {
    // With room for all, so that none is lost on its way into the list
    List<ReadRequest> due = new ArrayList<>(size());
    shortReads.takeIf(request -> request.expiryNanos() - now <= 0, due);
    longReads.takeIf(request -> request.expiryNanos() - now <= 0, due);
    for (ReadRequest request : due) {
      bytes -= request.bytes();
    }
    return due;
  }

  /** Takes out everything. */
  List<ReadRequest> takeAll() {
    List<ReadRequest> all = new ArrayList<>(size());
    shortReads.takeIf(any -> true, all);
    longReads.takeIf(any -> true, all);
    bytes = 0;
    return all;
  }

  /** Sets the alarm to the earliest expiry, after it went off. */
  void resetAlarm() {
    long earliest = shortReads.fold(ExpiryAlarm.NEVER, ReadQueue::earlier);
    alarm.reset(longReads.fold(earliest, ReadQueue::earlier));
  }

  private static long earlier(long soFar, ReadRequest request) {
    return Math.min(soFar, request.expiryNanos());
  }

  private RequestList<ReadRequest> listOf(ReadRequest request) {
    return request.needsReader() ? longReads : shortReads;
  }
}
