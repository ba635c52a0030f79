package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.error.TransientDatabaseException;
import io.github.reactivesqlite.sqlite.engine.read.Answer;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One distinct live query with all its subscriptions. Everything that calls for an answer, a
 * subscription or a commit, is an event with a number. A subscription is stale while the last event
 * that concerns it is later than what it was answered up to; a read starts when a stale one has
 * demand, one at a time, and answers for all events before its start. So no event is lost, and
 * those that come faster than answers are taken are answered together.
 *
 * <p>It listens before its first read begins: to everything, as long as nobody knows what it reads.
 *
 * <p>All fields are guarded by the monitor, which is never held over a call to somebody else.
 *
 * @param <T> the type of the rows
 */
final class LiveQuery<T> implements Listener {

  private static final long FIRST_PAUSE_NANOS = 10_000_000;
  private static final int MOST_DOUBLINGS = 7;

  private enum State {
    IDLE,
    /** It waits for the end of a pause. */
    PAUSED,
    /** It waits for its turn. */
    QUEUED,
    READING,
    ENDED
  }

  private final LiveQueries queries;
  private final Supplier<Mono<Answer<T>>> reading;
  private final boolean findsTables;
  private final TableSet firstTables;
  private final long intervalNanos;
  private final Consumer<LiveQuery<T>> onEnd;

  private final List<LiveSubscription<T>> subscriptions = new ArrayList<>();
  private State state = State.IDLE;
  private boolean joined;
  private boolean listens;
  private long events;
  private long lastChange;
  private long readFrom;
  private long changeAnswered;
  private @Nullable TableSet reads;
  private TableSet duringFirstRead = TableSet.NONE;
  private @Nullable Read current;
  private long lastStart;
  private boolean hasStarted;
  private int pauses;
  private int failures;

  LiveQuery(
      LiveQueries queries,
      Supplier<Mono<Answer<T>>> reading,
      TableSet tables,
      long intervalNanos,
      Consumer<LiveQuery<T>> onEnd) {
    this.queries = queries;
    this.reading = reading;
    this.findsTables = tables.all();
    this.firstTables = tables;
    this.reads = tables.all() ? null : tables;
    this.intervalNanos = intervalNanos;
    this.onEnd = onEnd;
  }

  // ---- subscriptions

  /** False when the query has ended. */
  boolean join(LiveSubscription<T> subscription) {
    boolean first;
    synchronized (this) {
      if (state == State.ENDED) {
        return false;
      }
      events++;
      subscription.joined = events;
      subscriptions.add(subscription);
      subscription.query(this);
      first = !joined;
      joined = true;
    }
    if (first) {
      queries.hub().listen(this, firstTables);
      boolean over;
      synchronized (this) {
        listens = true;
        over = state == State.ENDED;
      }
      if (over) {
        // It left before it was there to leave
        queries.hub().leave(this);
      }
    }
    if (subscription.isDone()) {
      leave(subscription);
    }
    proceed();
    return true;
  }

  void leave(LiveSubscription<T> subscription) {
    Read abandoned;
    synchronized (this) {
      if (!subscriptions.remove(subscription) || !subscriptions.isEmpty() || state == State.ENDED) {
        return;
      }
      state = State.ENDED;
      abandoned = current;
      current = null;
    }
    ended(abandoned);
  }

  private void ended(@Nullable Read abandoned) {
    onEnd.accept(this);
    queries.hub().leave(this);
    if (abandoned != null) {
      abandoned.cancel();
    }
  }

  /** A subscription has asked for more. */
  void demanded() {
    proceed();
  }

  // ---- events

  @Override
  public void committed(TableSet tables) {
    synchronized (this) {
      if (reads == null) {
        // What it reads is known when the first read comes back
        duringFirstRead = duringFirstRead.union(tables);
        return;
      }
      changed();
    }
    proceed();
  }

  private void changed() {
    events++;
    lastChange = events;
  }

  @Override
  public void closed() {
    failAll(LiveHub.closedError());
  }

  private void failAll(Throwable error) {
    List<LiveSubscription<T>> all;
    Read abandoned;
    synchronized (this) {
      if (state == State.ENDED) {
        return;
      }
      state = State.ENDED;
      all = new ArrayList<>(subscriptions);
      subscriptions.clear();
      abandoned = current;
      current = null;
    }
    ended(abandoned);
    all.forEach(subscription -> subscription.fail(error));
  }

  // ---- reading

  /** Asks for a read when one is called for and none is under way. */
  private void proceed() {
    long pause;
    int pauseNumber;
    synchronized (this) {
      boolean free = state == State.IDLE || state == State.PAUSED;
      if (!free || !listens || !isCalledFor()) {
        return;
      }
      pause = isWaitedForTheFirstTime() ? 0 : pauseLeft();
      if (pause > 0) {
        if (state == State.PAUSED) {
          return;
        }
        state = State.PAUSED;
        pauses++;
      } else {
        state = State.QUEUED;
      }
      pauseNumber = pauses;
    }
    if (pause > 0) {
      queries.timer().schedule(() -> pauseOver(pauseNumber), pause);
    } else {
      queries.enqueue(this);
    }
  }

  private boolean isCalledFor() {
    for (LiveSubscription<T> subscription : subscriptions) {
      if (isStale(subscription) && subscription.hasDemand()) {
        return true;
      }
    }
    return false;
  }

  private boolean isStale(LiveSubscription<T> subscription) {
    return subscription.seen < Math.max(subscription.joined, lastChange);
  }

  private boolean isWaitedForTheFirstTime() {
    for (LiveSubscription<T> subscription : subscriptions) {
      if (subscription.seen == 0 && subscription.hasDemand()) {
        return true;
      }
    }
    return false;
  }

  private long pauseLeft() {
    long retry = failures == 0 ? 0 : FIRST_PAUSE_NANOS << Math.min(failures - 1, MOST_DOUBLINGS);
    long wanted = Math.max(intervalNanos, retry);
    return wanted == 0 || !hasStarted ? 0 : lastStart + wanted - queries.timer().nanoTime();
  }

  private void pauseOver(int pauseNumber) {
    synchronized (this) {
      if (state != State.PAUSED || pauses != pauseNumber) {
        return;
      }
      state = State.IDLE;
    }
    proceed();
  }

  /** Its turn has come. Ends with {@link LiveQueries#readEnded}. */
  void read() {
    Read read = new Read();
    boolean unwanted;
    synchronized (this) {
      unwanted = state != State.QUEUED;
      if (!unwanted) {
        state = State.READING;
        readFrom = events;
        changeAnswered = lastChange;
        duringFirstRead = TableSet.NONE;
        lastStart = queries.timer().nanoTime();
        hasStarted = true;
        current = read;
      }
    }
    if (unwanted) {
      read.turnOver();
    } else {
      Mono.defer(reading).subscribe(read);
    }
  }

  private void answered(Read read, Answer<T> answer) {
    if (findsTables && !answer.reads().equals(reads())) {
      queries.hub().listen(this, answer.reads());
    }
    List<LiveSubscription<T>> answered = new ArrayList<>();
    boolean ended;
    synchronized (this) {
      ended = state == State.ENDED;
      if (!ended && current == read) {
        current = null;
        state = State.IDLE;
        failures = 0;
        if (findsTables) {
          noteReads(answer.reads());
        }
        for (LiveSubscription<T> subscription : subscriptions) {
          if (subscription.joined <= readFrom
              && subscription.seen < Math.max(subscription.joined, changeAnswered)
              && subscription.hasDemand()) {
            subscription.seen = readFrom;
            // Here, and not below, so that an older answer never takes the place of a newer one
            subscription.hold(answer.rows());
            answered.add(subscription);
          }
        }
      }
    }
    if (ended) {
      queries.hub().leave(this);
    }
    answered.forEach(LiveSubscription::drainLater);
    proceed();
  }

  private synchronized @Nullable TableSet reads() {
    return reads;
  }

  /** What came during the first read concerns it only if it reads one of those tables. */
  private void noteReads(TableSet found) {
    boolean first = reads == null;
    boolean others = !found.equals(reads);
    reads = found;
    if (first) {
      TableSet missed = duringFirstRead;
      duringFirstRead = TableSet.NONE;
      // A change of everything concerns also what reads no table
      if (missed.all() || missed.meets(found)) {
        changed();
      }
    } else if (others) {
      // Nobody listened to the new ones while their first answer was read
      changed();
    }
  }

  /** Overload passes: whoever has an answer waits for the next; whoever has none is told. */
  private void failed(Read read, Throwable error) {
    List<LiveSubscription<T>> told = new ArrayList<>();
    boolean goesOn;
    boolean ended = false;
    synchronized (this) {
      if (state == State.ENDED || current != read) {
        return;
      }
      goesOn = error instanceof TransientDatabaseException && reads != null;
      if (goesOn) {
        current = null;
        state = State.IDLE;
        failures++;
        for (LiveSubscription<T> subscription : subscriptions) {
          if (subscription.seen == 0) {
            told.add(subscription);
          }
        }
        subscriptions.removeAll(told);
        ended = subscriptions.isEmpty();
        if (ended) {
          state = State.ENDED;
        }
      }
    }
    if (!goesOn) {
      failAll(error);
      return;
    }
    if (ended) {
      ended(null);
    }
    told.forEach(subscription -> subscription.fail(error));
    proceed();
  }

  /** One read of the answer; its turn ends with it, whatever happens. */
  private final class Read implements CoreSubscriber<Answer<T>> {
    private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @Override
    public void onSubscribe(Subscription subscription) {
      if (upstream.compareAndSet(null, subscription)) {
        subscription.request(1);
      } else {
        subscription.cancel();
      }
    }

    @Override
    public void onNext(Answer<T> answer) {
      turnOver();
      answered(this, answer);
    }

    @Override
    public void onError(Throwable error) {
      turnOver();
      failed(this, error);
    }

    @Override
    public void onComplete() {
      turnOver();
    }

    void cancel() {
      Subscription running = upstream.getAndSet(Operators.cancelledSubscription());
      if (running != null) {
        running.cancel();
      }
      turnOver();
    }

    void turnOver() {
      if (over.compareAndSet(false, true)) {
        queries.readEnded();
      }
    }

    @Override
    public Context currentContext() {
      return Context.empty();
    }
  }
}
