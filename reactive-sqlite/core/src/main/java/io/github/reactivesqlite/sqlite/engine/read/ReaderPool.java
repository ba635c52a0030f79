package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.ExpiryAlarm;
import io.github.reactivesqlite.sqlite.engine.runtime.MissingThread;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bounded set of readers and the one queue in front of them, from which any reader takes. Of
 * the readers at most all but one are held by streams, snapshots and read units, so that short
 * reads always find one.
 *
 * <p>Every field below the monitor's mark is guarded by it; it is held for short, non-blocking
 * steps only.
 */
final class ReaderPool implements ReadHost {

  private static final int LARGEST_BATCH = 64;

  /** Opens a reader's connection on the reader's thread. */
  @FunctionalInterface
  interface Connections {
    EngineConnection open(int number, int generation);
  }

  private final String databaseName;
  private final ReadServices services;
  private final ReadLockWaits lockWaits;
  private final Connections connections;
  private final IntSupplier schemaGeneration;
  private final int maxReaders;

  // guarded by this
  private final ReadQueue queue;
  private final ArrayDeque<Reader> idle = new ArrayDeque<>();
  private final List<Reader> readers = new ArrayList<>();
  private final ReaderHolds holds;
  private final List<Reader> closing = new ArrayList<>();
  private int lastNumber;
  private boolean gap;
  private boolean closed;
  private volatile boolean stopped;

  ReaderPool(
      String databaseName,
      ReadServices services,
      Connections connections,
      IntSupplier schemaGeneration,
      int maxReaders,
      int queueCapacity,
      long maxBytes) {
    this.databaseName = databaseName;
    this.services = services;
    this.lockWaits = new ReadLockWaits(services, request -> putBack(List.of(request)));
    this.connections = connections;
    this.schemaGeneration = schemaGeneration;
    this.maxReaders = maxReaders;
    this.holds = new ReaderHolds(services, maxReaders);
    ExpiryAlarm alarm = new ExpiryAlarm(services.timer(), this::expireDue);
    this.queue = new ReadQueue(queueCapacity, maxBytes, alarm);
  }

  String databaseName() {
    return databaseName;
  }

  ReadServices services() {
    return services;
  }

  EngineConnection openConnection(int number, int generation) {
    return connections.open(number, generation);
  }

  int schemaGeneration() {
    return schemaGeneration.getAsInt();
  }

  // ---- the queue

  @Override
  public void submit(ReadRequest request) {
    Throwable refused;
    Reader woken = null;
    synchronized (this) {
      refused = closed ? closedError(request.details()) : queue.refusal(request);
      if (refused == null) {
        try {
          queue.addLast(request);
          woken = freeReader();
        } catch (Throwable failed) {
          queue.remove(request);
          refused = failed;
        }
      }
    }
    if (refused == null) {
      start(woken);
    } else {
      Throwable why = refused;
      request.endQueued(waiting -> waiting.refuseCounted(typed(waiting, why)));
    }
  }

  /** What could not be done for a request, as the error that its caller expects. */
  private Throwable typed(ReadRequest request, Throwable refused) {
    return refused instanceof Error
        ? MissingThread.error(
            "read", request.details(), services.timer().nanoTime() - request.enqueuedNanos, refused)
        : refused;
  }

  static DatabaseClosedException closedError(ErrorDetails details) {
    return new DatabaseClosedException(
        "The database is closed or closing, so nothing was read. Keep it open as long as pipelines"
            + " use it, and close it last",
        details);
  }

  @Override
  public synchronized void withdraw(ReadRequest request) {
    queue.remove(request);
  }

  /**
   * Requests that a reader had taken but not started, in front of all others again. What throws
   * here leaves all of them to the reader.
   */
  void putBack(List<ReadRequest> requests) {
    boolean late;
    synchronized (this) {
      late = stopped;
      if (!late) {
        queue.addFirst(requests);
      }
    }
    if (late) {
      requests.forEach(ReaderPool::refuseClosed);
    } else {
      wake(requests.size());
    }
  }

  /**
   * A read that turned out long waits until it may hold a reader. What throws here leaves it to the
   * reader.
   */
  void waitForReader(ReadRequest request) {
    request.waitForReader();
    request.returnToQueue();
    if (request.isCancelled()) {
      request.withdraw();
      return;
    }
    boolean late;
    synchronized (this) {
      late = stopped;
      if (!late) {
        queue.addLast(request);
      }
    }
    if (late) {
      refuseClosed(request);
    } else {
      wake(1);
    }
  }

  /**
   * What a reader does next: one request that will hold it, or a batch of short reads, at most its
   * share of what is queued now. Empty: the reader is parked.
   */
  synchronized List<ReadRequest> nextBatch(Reader reader) {
    if (stopped) {
      return List.of();
    }
    if (gap) {
      idle.push(reader);
      notifyAll();
      return List.of();
    }
    int share = Math.min(LARGEST_BATCH, (queue.shortCount() + maxReaders - 1) / maxReaders);
    // With room for all, so that none is lost on its way into the list
    List<ReadRequest> batch = new ArrayList<>(Math.max(1, share));
    ReadRequest longRead = queue.firstLong();
    if (longRead != null && holds.hasRoom()) {
      holds.add(longRead);
      take(longRead, batch);
      return batch;
    }
    while (batch.size() < share) {
      ReadRequest next = queue.firstShort();
      if (next == null) {
        break;
      }
      take(next, batch);
    }
    if (batch.isEmpty()) {
      idle.push(reader);
    }
    return batch;
  }

  private void take(ReadRequest request, List<ReadRequest> batch) {
    batch.add(request);
    queue.remove(request);
  }

  /**
   * Wakes readers for requests that have been queued, one for each at most. Throws nothing: the
   * requests are the queue's now, and are served by whoever is at work, or refused.
   */
  void wake(int requests) {
    List<Reader> woken;
    try {
      woken = freeReaders(requests);
    } catch (Throwable refused) {
      refuseUnserved(refused);
      return;
    }
    for (Reader reader : woken) {
      start(reader);
    }
  }

  private synchronized List<Reader> freeReaders(int most) {
    // With room for all, so that none is lost on its way into the list
    List<Reader> free = new ArrayList<>(Math.min(most, maxReaders));
    try {
      Reader next = freeReader();
      while (next != null) {
        free.add(next);
        next = free.size() < most ? freeReader() : null;
      }
    } catch (Throwable refused) {
      if (free.isEmpty()) {
        throw refused;
      }
    }
    return free;
  }

  private @Nullable Reader freeReader() {
    if (stopped || gap) {
      return null;
    }
    boolean work = queue.shortCount() > 0 || (queue.firstLong() != null && holds.hasRoom());
    if (!work) {
      return null;
    }
    Reader free = idle.poll();
    if (free == null && readers.size() < maxReaders) {
      free = new Reader(this, ++lastNumber);
      readers.add(free);
    }
    return free;
  }

  private void start(@Nullable Reader reader) {
    if (reader != null) {
      start(reader, reader.working());
    }
  }

  private void start(Reader reader, Runnable task) {
    Throwable refused = reader.trySchedule(task);
    if (refused == null) {
      return;
    }
    Reader other = notStarted(reader);
    Throwable refusedToo = other == null ? null : other.trySchedule(other.working());
    if (other != null && refusedToo != null) {
      notStarted(other);
    }
    refuseUnserved(refused);
  }

  /**
   * A reader was given a task and will not run it. One that has no thread goes, so that a later
   * read tries with another; one that has its thread is idle again.
   *
   * @return an idle reader to try instead
   */
  private synchronized @Nullable Reader notStarted(Reader reader) {
    if (!readers.contains(reader)) {
      return null;
    }
    Reader other = null;
    if (reader.hasThread()) {
      idle.addLast(reader);
    } else {
      readers.remove(reader);
      reader.shutdown();
      other = stopped || gap || pendingCount() == 0 ? null : idle.poll();
    }
    notifyAll();
    return other;
  }

  /** Answers what is queued when there is no reader at work who would come back for it. */
  private void refuseUnserved(Throwable why) {
    ReadRequest request = takeUnserved();
    while (request != null) {
      request.endQueued(waiting -> waiting.refuseCounted(typed(waiting, why)));
      request = takeUnserved();
    }
  }

  private synchronized @Nullable ReadRequest takeUnserved() {
    int comingBack = readers.size() - idle.size() - holds.size();
    if (stopped || gap || comingBack > 0) {
      return null;
    }
    // Long reads wait for those that hold a reader while no more may do so
    ReadRequest shortRead = queue.firstShort();
    ReadRequest request = shortRead == null && holds.hasRoom() ? queue.firstLong() : shortRead;
    if (request != null) {
      queue.remove(request);
    }
    return request;
  }

  /**
   * A reader whose work ended in an unknown error comes back.
   *
   * @return false when it was not possible now
   */
  boolean resume(Reader reader) {
    Throwable refused = reader.trySchedule(reader.working());
    return refused == null || refused instanceof RejectedExecutionException;
  }

  // ---- holding a reader

  @Override
  public synchronized boolean tryHold(Reader reader, ReadRequest request) {
    if (holds.contains(request)) {
      return true;
    }
    if (stopped || !holds.hasRoom()) {
      return false;
    }
    holds.add(request);
    return true;
  }

  /** A request that was allowed to hold a reader does not, or no longer. */
  void releaseHold(ReadRequest request) {
    synchronized (this) {
      if (!holds.remove(request)) {
        return;
      }
    }
    wake(1);
  }

  @Override
  public void ended(Reader reader, ReadRequest request) {
    releaseHold(request);
    reader.letGo(request);
  }

  /** The requests that hold readers now and did so at the given time. */
  synchronized List<ReadRequest> holders(long sinceAtLatest) {
    return holds.since(sinceAtLatest);
  }

  // ---- errors

  /** A run failed: a lock is waited for, everything else is answered. */
  void failed(ReadRequest request, SqlFailure failure) {
    if (failure.isBusy()) {
      lockWaits.locked(request, failure.code());
    } else {
      ReadLockWaits.settle(request);
      request.refuseCounted(request.typed(failure, request.details()));
    }
  }

  private void expireDue() {
    try {
      long now = services.timer().nanoTime();
      takeDue(now).forEach(request -> expire(request, now));
    } finally {
      resetAlarm();
    }
  }

  private synchronized List<ReadRequest> takeDue(long now) {
    return queue.takeDue(now);
  }

  private synchronized void resetAlarm() {
    queue.resetAlarm();
  }

  private static void expire(ReadRequest request, long now) {
    request.endQueued(waiting -> waiting.expire(now));
  }

  // ---- upkeep

  /** Closes idle connections: all of them, or those idle for longer, but never the last one. */
  int closeIdle(long idleForNanos, boolean all) {
    List<Reader> leaving = new ArrayList<>();
    synchronized (this) {
      long now = services.timer().nanoTime();
      int keep = all ? 0 : 1;
      while (readers.size() - leaving.size() > keep) {
        Reader oldest = idle.peekLast();
        if (oldest == null || (!all && now - oldest.lastWork() < idleForNanos)) {
          break;
        }
        idle.removeLast();
        leaving.add(oldest);
      }
      readers.removeAll(leaving);
      // Whoever closes the database waits for their connections too
      closing.removeIf(reader -> reader.awaitTermination(0));
      closing.addAll(leaving);
    }
    leaving.forEach(ReaderPool::closeNow);
    return leaving.size();
  }

  private static void closeNow(Reader reader) {
    reader.schedule(reader::end);
    reader.shutdown();
  }

  /** Checks the connections that are idle. */
  void validateIdle() {
    List<Reader> checked;
    synchronized (this) {
      checked = new ArrayList<>(idle);
      idle.clear();
    }
    // From the oldest on, so that they are stacked as before
    for (int i = checked.size() - 1; i >= 0; i--) {
      Reader reader = checked.get(i);
      start(reader, reader.validating());
    }
  }

  /**
   * Begins no read any more until {@link #endGap}, and waits until those that run have ended.
   *
   * @return whether nothing is read now; false when the time was over before
   */
  synchronized boolean beginGap(long nanos) {
    gap = true;
    long deadline = System.nanoTime() + nanos;
    try {
      while (idle.size() < readers.size()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Reads begin again; does nothing when they do already. */
  void endGap() {
    int waiting;
    synchronized (this) {
      gap = false;
      waiting = queue.size();
    }
    wake(waiting);
  }

  synchronized int activeCount() {
    return readers.size() - idle.size();
  }

  synchronized int idleCount() {
    return idle.size();
  }

  synchronized int pendingCount() {
    return queue.size();
  }

  // ---- closing

  /** Refuses what comes from now on; what is queued runs on. */
  synchronized void closeIntake() {
    closed = true;
  }

  /** Whether nothing is queued, running or held. */
  synchronized boolean isQuiet() {
    return queue.size() == 0
        && holds.isEmpty()
        && lockWaits.isEmpty()
        && idle.size() == readers.size();
  }

  /** Answers everything still queued as closed. */
  void refuseQueued() {
    List<ReadRequest> left;
    synchronized (this) {
      stopped = true;
      left = queue.takeAll();
    }
    left.forEach(ReaderPool::refuseClosed);
  }

  private static void refuseClosed(ReadRequest request) {
    request.endQueued(waiting -> waiting.refuseCounted(closedError(waiting.details())));
  }

  @Override
  public boolean isEnding() {
    return stopped;
  }

  @Override
  public RuntimeException endedError(ErrorDetails details) {
    return closedError(details);
  }

  /** Closes every reader; each closes its connection on its own thread. */
  void shutdown() {
    List<Reader> all;
    synchronized (this) {
      all = new ArrayList<>(readers);
      readers.clear();
      idle.clear();
      closing.addAll(all);
    }
    all.forEach(ReaderPool::closeNow);
  }

  /** Waits until the threads of {@link #shutdown} have ended. */
  boolean awaitTermination(Duration bound) {
    List<Reader> left;
    synchronized (this) {
      left = new ArrayList<>(closing);
    }
    long deadline = System.nanoTime() + bound.toNanos();
    boolean all = true;
    for (Reader reader : left) {
      all &= reader.awaitTermination(deadline - System.nanoTime());
    }
    return all;
  }
}
