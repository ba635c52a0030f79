package io.github.reactivesqlite.sqlite.engine.live;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.read.ReadLane;
import io.github.reactivesqlite.sqlite.engine.runtime.AnsweringGuard;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The live queries of a database. Equal ones are one; of all of them only some are read at a time,
 * so that a commit that concerns many does not fill the readers' queue.
 */
public final class LiveQueries {

  private static final int MOST_READS = 64;

  private final LiveHub hub;
  private final ReadLane readLane;
  private final EngineTimer timer;
  private final Answers answers;
  private final int mostReads;

  private final Map<Key, LiveQuery<?>> queries = new ConcurrentHashMap<>();
  private final Queue<LiveQuery<?>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger reads = new AtomicInteger();

  /** Without a query yet; {@code readQueueCapacity} is shared with all other reads. */
  public LiveQueries(
      LiveHub hub, ReadLane readLane, EngineTimer timer, Answers answers, int readQueueCapacity) {
    this.hub = hub;
    this.readLane = readLane;
    this.timer = timer;
    this.answers = answers;
    this.mostReads = Math.max(1, Math.min(MOST_READS, readQueueCapacity / 2));
  }

  /** What makes two live queries the same. */
  private record Key(
      OperationSettings settings, String sql, Values values, Object mapping, TableSet tables) {}

  /** Bound values, compared by what they hold. */
  private static final class Values {
    private final @Nullable Object @Nullable [] values;

    Values(@Nullable Object @Nullable [] values) {
      this.values = values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Values that && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(values);
    }
  }

  /**
   * The answers of a query, now and after each change.
   *
   * @param settings the settings of the view
   * @param bound gives the statement at subscription; fails when a value is missing
   * @param mapper maps its rows
   * @param mapping equal for mappers that do the same
   * @param tables the tables to listen to; all of them to find out which
   */
  public <T> Flux<List<T>> answers(
      OperationSettings settings,
      Supplier<BoundSql> bound,
      RowMapper<? extends T> mapper,
      Object mapping,
      TableSet tables) {
    return AnsweringGuard.around(
        new Flux<List<T>>() {
          @Override
          public void subscribe(CoreSubscriber<? super List<T>> actual) {
            BoundSql statement;
            try {
              EngineThread.rejectCurrent();
              statement = bound.get();
            } catch (RuntimeException refused) {
              Operators.error(actual, refused);
              return;
            }
            Key key =
                new Key(settings, statement.sql(), new Values(statement.values()), mapping, tables);
            LiveSubscription<T> subscription = new LiveSubscription<>(actual, answers);
            actual.onSubscribe(subscription);
            while (!subscription.isDone()
                && !query(key, statement, mapper, subscription).join(subscription)) {
              // It has ended meanwhile, and has left the map
            }
          }
        });
  }

  @SuppressWarnings("unchecked") // equal mappings give equal types
  private <T> LiveQuery<T> query(
      Key key, BoundSql statement, RowMapper<? extends T> mapper, LiveSubscription<T> first) {
    return (LiveQuery<T>)
        queries.computeIfAbsent(
            key,
            absent ->
                new LiveQuery<T>(
                    this,
                    () ->
                        readLane
                            .<T>answer(key.settings(), statement, mapper)
                            .contextWrite(first.context()),
                    key.tables(),
                    key.settings().liveNanos(),
                    ended -> queries.remove(key, ended)));
  }

  LiveHub hub() {
    return hub;
  }

  EngineTimer timer() {
    return timer;
  }

  // ---- taking turns

  /** Reads the query's answer when it is its turn. */
  void enqueue(LiveQuery<?> query) {
    waiting.add(query);
    pump();
  }

  /** A read has ended. */
  void readEnded() {
    reads.decrementAndGet();
    pump();
  }

  private void pump() {
    while (!waiting.isEmpty()) {
      int now = reads.get();
      if (now >= mostReads) {
        return;
      }
      if (reads.compareAndSet(now, now + 1)) {
        LiveQuery<?> next = waiting.poll();
        if (next == null) {
          reads.decrementAndGet();
        } else if (EngineThread.isCurrent()) {
          // A result scheduler that runs tasks at once brings us here on a reader's thread
          timer.schedule(next::read, 0);
        } else {
          next.read();
        }
      }
    }
  }

  /** How many different queries are alive. */
  public int count() {
    return queries.size();
  }
}
