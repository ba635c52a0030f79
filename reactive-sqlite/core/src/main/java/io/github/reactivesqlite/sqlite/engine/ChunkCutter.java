package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.FatalErrors;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Cuts by size and time, with back-pressure: what {@code bufferTimeout(size, time, scheduler,
 * fairBackpressure = true)} promises. Its source is asked for as many elements as the demanded
 * chunks can hold; without demand a chunk grows up to its size and waits. Every element goes out in
 * a chunk or is discarded, once. An error discards the chunk that is not full.
 *
 * <p>Owner of the fields: {@code received} has one producer, the source; what stands below the mark
 * belongs to whoever drains, one thread at a time.
 */
final class ChunkCutter<E, L extends List<E>> implements CoreSubscriber<E>, Subscription {

  private final CoreSubscriber<? super L> actual;
  private final int size;
  private final long delayNanos;
  private final EngineTimer timer;
  private final Supplier<L> newChunk;

  private final Queue<E> received;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger drains = new AtomicInteger();
  private volatile @Nullable Subscription source;
  private volatile boolean cancelled;
  private volatile boolean done;
  private volatile @Nullable Throwable error;

  /** The number of the chunk whose time is over. */
  private final AtomicLong due = new AtomicLong(-1);

  // of who drains
  private @Nullable L open;
  private @Nullable Disposable alarm;
  private long number;
  private boolean ended;

  /** Elements that were asked for and have not gone out. */
  private long outstanding;

  private ChunkCutter(
      CoreSubscriber<? super L> actual,
      int size,
      long delayNanos,
      EngineTimer timer,
      Supplier<L> newChunk) {
    this.actual = actual;
    this.size = size;
    this.delayNanos = delayNanos;
    this.timer = timer;
    this.newChunk = newChunk;
    this.received = Queues.<E>unbounded(Math.min(size, Queues.SMALL_BUFFER_SIZE)).get();
  }

  /** The chunks of a source: full ones, and those whose first element has waited for the delay. */
  static <E, L extends List<E>> Flux<L> cut(
      Flux<E> elements, int size, long delayNanos, EngineTimer timer, Supplier<L> newChunk) {
    return new FluxOperator<E, L>(elements) {
      @Override
      public void subscribe(CoreSubscriber<? super L> actual) {
        source.subscribe(new ChunkCutter<>(actual, size, delayNanos, timer, newChunk));
      }
    };
  }

  @Override
  public Context currentContext() {
    return actual.currentContext();
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    source = subscription;
    actual.onSubscribe(this);
  }

  @Override
  public void onNext(E element) {
    received.offer(element);
    drain();
  }

  @Override
  public void onError(Throwable failure) {
    error = failure;
    done = true;
    drain();
  }

  @Override
  public void onComplete() {
    done = true;
    drain();
  }

  @Override
  public void request(long n) {
    if (Operators.validate(n)) {
      demand.accumulateAndGet(n, Operators::addCap);
      drain();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    Subscription subscription = source;
    if (subscription != null) {
      subscription.cancel();
    }
    drain();
  }

  private void timeIsOver(long chunk) {
    due.accumulateAndGet(chunk, Math::max);
    drain();
  }

  // ---- one thread at a time

  private void drain() {
    if (drains.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      try {
        work();
      } catch (Throwable failed) {
        fail(failed);
      }
      missed = drains.addAndGet(-missed);
    } while (missed != 0);
  }

  private void work() {
    while (!cancelled) {
      boolean wasDone = done;
      L chunk = fill();
      boolean isFull = chunk != null && chunk.size() == size;
      if (wasDone && !isFull && (error != null || chunk == null)) {
        terminate();
        return;
      }
      boolean isDue = isFull || wasDone || due.get() == number;
      if (chunk == null || !isDue || demand.get() == 0) {
        ask();
        return;
      }
      give(chunk);
    }
    discardAll();
  }

  /** The open chunk with what has been received, null if there is nothing. */
  private @Nullable L fill() {
    L chunk = open;
    while (chunk == null || chunk.size() < size) {
      E element = received.poll();
      if (element == null) {
        break;
      }
      if (chunk == null) {
        chunk = newChunk.get();
        open = chunk;
        startClock();
      }
      chunk.add(element);
    }
    return chunk;
  }

  private void startClock() {
    long chunk = number;
    try {
      alarm = timer.schedule(() -> timeIsOver(chunk), delayNanos);
    } catch (Throwable notScheduled) {
      // It goes out at once rather than never
      due.set(chunk);
    }
  }

  private void give(L chunk) {
    closeChunk();
    outstanding -= chunk.size();
    demand.updateAndGet(had -> had == Long.MAX_VALUE ? had : had - 1);
    actual.onNext(chunk);
  }

  private void closeChunk() {
    open = null;
    number++;
    Disposable clock = alarm;
    if (clock != null) {
      clock.dispose();
      alarm = null;
    }
  }

  private void ask() {
    Subscription subscription = source;
    long missing = Operators.multiplyCap(demand.get(), size) - outstanding;
    if (missing > 0 && subscription != null) {
      outstanding = Operators.addCap(outstanding, missing);
      subscription.request(missing);
    }
  }

  private void terminate() {
    ended = true;
    cancelled = true;
    discardAll();
    Throwable failure = error;
    if (failure == null) {
      actual.onComplete();
    } else {
      actual.onError(failure);
    }
  }

  /** Reactor's operators rethrow fatal errors; the chunks end, and whoever waits hears of it. */
  private void fail(Throwable failed) {
    if (ended) {
      Operators.onErrorDropped(failed, currentContext());
      return;
    }
    ended = true;
    cancelled = true;
    Subscription subscription = source;
    if (subscription != null) {
      subscription.cancel();
    }
    discardAll();
    actual.onError(FatalErrors.asException("An operator around the chunks", failed));
  }

  private void discardAll() {
    L left = open;
    closeChunk();
    if (left != null) {
      Operators.onDiscard(left, currentContext());
    }
    Operators.onDiscardQueueWithClear(received, currentContext(), null);
  }
}
