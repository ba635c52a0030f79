package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscription to a live query. It holds one answer at most: a newer one takes its place. What
 * it does not give is not discarded: other subscriptions share the values.
 *
 * <p>Owner of the fields: {@code joined} and {@code seen} are guarded by the query's monitor;
 * signals are serialised by {@code drains}.
 *
 * @param <T> the type of the rows
 */
final class LiveSubscription<T> implements Subscription {

  private final CoreSubscriber<? super List<T>> actual;
  private final Answers answers;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicReference<@Nullable List<T>> pending = new AtomicReference<>();
  private final AtomicInteger drains = new AtomicInteger();
  private volatile @Nullable LiveQuery<T> query;
  private volatile @Nullable Throwable error;
  private volatile boolean done;

  /** The event that made it need its first answer. */
  long joined;

  /** The event up to which it has been answered; 0 before its first answer. */
  long seen;

  LiveSubscription(CoreSubscriber<? super List<T>> actual, Answers answers) {
    this.actual = actual;
    this.answers = answers;
  }

  Context context() {
    return actual.currentContext();
  }

  boolean isDone() {
    return done;
  }

  void query(LiveQuery<T> joinedQuery) {
    query = joinedQuery;
  }

  boolean hasDemand() {
    return requested.get() > 0;
  }

  /** Keeps the answer until it can be given, in place of an older one. */
  void hold(List<T> rows) {
    pending.set(rows);
  }

  void fail(Throwable failure) {
    error = failure;
    drainLater();
  }

  /** Gives what there is to give, on the result scheduler. */
  void drainLater() {
    if (!done && drains.getAndIncrement() == 0) {
      answers.deliver(this::drain);
    }
  }

  private void drain() {
    int missed = drains.get();
    do {
      emit();
      missed = drains.addAndGet(-missed);
    } while (missed != 0);
  }

  private void emit() {
    if (done) {
      pending.set(null);
      return;
    }
    Throwable failure = error;
    if (hasDemand()) {
      List<T> rows = pending.getAndSet(null);
      if (rows != null) {
        requested.updateAndGet(before -> before == Long.MAX_VALUE ? before : before - 1);
        actual.onNext(rows);
      }
    }
    if (failure != null && !done) {
      done = true;
      pending.set(null);
      actual.onError(failure);
    }
  }

  @Override
  public void request(long n) {
    if (!Operators.validate(n)) {
      return;
    }
    requested.getAndUpdate(before -> Operators.addCap(before, n));
    if (pending.get() != null) {
      drainLater();
    }
    LiveQuery<T> live = query;
    if (live != null) {
      live.demanded();
    }
  }

  @Override
  public void cancel() {
    if (done) {
      return;
    }
    done = true;
    LiveQuery<T> live = query;
    if (live != null) {
      live.leave(this);
    }
    if (drains.getAndIncrement() == 0) {
      drain();
    }
  }
}
