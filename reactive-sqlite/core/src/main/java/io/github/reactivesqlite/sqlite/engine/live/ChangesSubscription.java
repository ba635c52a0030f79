package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscription to changes. Changes wait as they are while there is demand for them, and are
 * merged into the last one when there is none, or when too many wait.
 *
 * <p>Owner of the fields: {@code pending}, {@code requested} and {@code error} are guarded by the
 * monitor, which is never held over a call to the subscriber; signals are serialised by {@code
 * drains}.
 */
final class ChangesSubscription implements Subscription, Listener {

  private static final int MOST_PENDING = 256;
  private static final String INTERNAL = "SQLITE_";

  private final CoreSubscriber<? super ChangeSet> actual;
  private final LiveHub hub;
  private final Answers answers;
  private final TableSet tables;

  private final ArrayDeque<ChangeSet> pending = new ArrayDeque<>();
  private long requested;
  private @Nullable Throwable error;
  private final AtomicInteger drains = new AtomicInteger();
  private volatile boolean done;

  ChangesSubscription(
      CoreSubscriber<? super ChangeSet> actual, LiveHub hub, Answers answers, TableSet tables) {
    this.actual = actual;
    this.hub = hub;
    this.answers = answers;
    this.tables = tables;
  }

  /** Listens first, so that what is committed from now on is seen. */
  void start() {
    actual.onSubscribe(this);
    if (!done) {
      hub.listen(this, tables);
      if (done) {
        hub.leave(this);
      }
    }
  }

  @Override
  public void committed(TableSet touched) {
    ChangeSet change = selected(touched);
    if (change == null) {
      return;
    }
    synchronized (this) {
      long room = Math.max(1, Math.min(requested, MOST_PENDING));
      if (pending.size() < room) {
        pending.add(change);
      } else {
        pending.add(pending.removeLast().merge(change));
      }
    }
    drainLater();
  }

  private @Nullable ChangeSet selected(TableSet touched) {
    if (touched.all()) {
      return new ChangeSet(names(tables), true);
    }
    Set<String> found = new LinkedHashSet<>();
    for (String table : touched.foldedNames()) {
      if (tables.all() ? !table.startsWith(INTERNAL) : tables.foldedNames().contains(table)) {
        found.add(String.valueOf(touched.spelling(table)));
      }
    }
    return found.isEmpty() ? null : new ChangeSet(found, false);
  }

  private static Set<String> names(TableSet named) {
    return new LinkedHashSet<>(named.names());
  }

  @Override
  public void closed() {
    synchronized (this) {
      error = LiveHub.closedError();
    }
    drainLater();
  }

  private void drainLater() {
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
    while (!done) {
      ChangeSet next;
      Throwable failure;
      synchronized (this) {
        next = requested > 0 ? pending.poll() : null;
        failure = error;
        if (next != null && requested != Long.MAX_VALUE) {
          requested--;
        }
      }
      if (next != null) {
        actual.onNext(next);
      } else {
        if (failure != null) {
          done = true;
          actual.onError(failure);
        }
        return;
      }
    }
  }

  @Override
  public void request(long n) {
    if (Operators.validate(n)) {
      boolean waiting;
      synchronized (this) {
        requested = Operators.addCap(requested, n);
        waiting = !pending.isEmpty();
      }
      if (waiting) {
        drainLater();
      }
    }
  }

  @Override
  public void cancel() {
    if (done) {
      return;
    }
    done = true;
    hub.leave(this);
    List<ChangeSet> left;
    synchronized (this) {
      left = new ArrayList<>(pending);
      pending.clear();
    }
    Operators.onDiscardMultiple(left, actual.currentContext());
  }
}
