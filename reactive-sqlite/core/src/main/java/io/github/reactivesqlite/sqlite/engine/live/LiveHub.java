package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.ChangeSet;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.sqlite.engine.runtime.AnsweringGuard;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import io.github.reactivesqlite.sqlite.engine.write.CommitFeed;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Takes the writer's commits and hands them to those who listen, in commit order, on the timer's
 * scheduler. While somebody listens, it has the writer look for the commits of other processes.
 */
public final class LiveHub implements CommitFeed {

  private static final Logger LOG = SteadyLogger.of(LiveHub.class);
  private static final int MOST_COMMITS = 1_024;

  private final EngineTimer timer;
  private final Answers answers;
  private final long pollNanos;
  private final Runnable lookForOthers;
  private final Listeners listeners = new Listeners();

  /** Commits on their way to the listeners; guarded by itself. */
  private final ArrayDeque<TableSet> commits = new ArrayDeque<>();

  private final AtomicInteger drains = new AtomicInteger();
  private final AtomicBoolean polling = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * A hub without listeners, which does nothing.
   *
   * @param timer runs its work; never a thread of the engine, nor of a slow subscriber
   * @param answers gives change sets to their subscribers
   * @param pollNanos time between two looks for other processes; 0 for none
   * @param lookForOthers asks the writer for such a look
   */
  public LiveHub(EngineTimer timer, Answers answers, long pollNanos, Runnable lookForOthers) {
    this.timer = timer;
    this.answers = answers;
    this.pollNanos = pollNanos;
    this.lookForOthers = lookForOthers;
  }

  @Override
  public boolean isListening() {
    return !listeners.isEmpty();
  }

  @Override
  public boolean concerns(TableSet tables) {
    return listeners.concerns(tables);
  }

  @Override
  public void committed(TableSet tables) {
    if (!listeners.concerns(tables)) {
      return;
    }
    synchronized (commits) {
      if (commits.size() < MOST_COMMITS) {
        commits.add(tables);
      } else {
        commits.add(commits.removeLast().union(tables));
      }
    }
    if (drains.getAndIncrement() == 0) {
      timer.schedule(this::drain, 0);
    }
  }

  private void drain() {
    int missed = drains.get();
    do {
      for (TableSet tables = next(); tables != null; tables = next()) {
        hand(tables);
      }
      missed = drains.addAndGet(-missed);
    } while (missed != 0);
  }

  private @Nullable TableSet next() {
    synchronized (commits) {
      return commits.poll();
    }
  }

  private void hand(TableSet tables) {
    for (Listener listener : listeners.concernedBy(tables)) {
      try {
        listener.committed(tables);
      } catch (Throwable unexpected) {
        LOG.error("A listener to changes could not be told of a commit", unexpected);
      }
    }
  }

  // ---- listeners

  /** Adds a listener, or moves it to other tables; a closed hub tells it so. */
  void listen(Listener listener, TableSet tables) {
    listeners.put(listener, tables);
    if (closed) {
      listeners.remove(listener);
      listener.closed();
    } else {
      startPolling();
    }
  }

  void leave(Listener listener) {
    listeners.remove(listener);
  }

  /** The commits that touch the given tables. */
  public Flux<ChangeSet> changes(TableSet tables) {
    return AnsweringGuard.around(
        new Flux<ChangeSet>() {
          @Override
          public void subscribe(CoreSubscriber<? super ChangeSet> actual) {
            try {
              EngineThread.rejectCurrent();
            } catch (IllegalStateException refused) {
              Operators.error(actual, refused);
              return;
            }
            new ChangesSubscription(actual, LiveHub.this, answers, tables).start();
          }
        });
  }

  static DatabaseClosedException closedError() {
    return new DatabaseClosedException(
        "The database is closed, so nothing can be listened to any more", ErrorDetails.NONE);
  }

  // ---- other processes

  private void startPolling() {
    if (pollNanos > 0 && polling.compareAndSet(false, true)) {
      poll();
    }
  }

  private void poll() {
    if (isListening() && !closed) {
      lookForOthers.run();
      timer.schedule(this::poll, pollNanos);
      return;
    }
    polling.set(false);
    if (isListening() && !closed) {
      startPolling();
    }
  }

  // ---- closing

  /** Ends everything that listens with {@link DatabaseClosedException}, and what comes later. */
  public void close() {
    closed = true;
    for (Listener listener : listeners.all()) {
      listeners.remove(listener);
      listener.closed();
    }
  }
}
