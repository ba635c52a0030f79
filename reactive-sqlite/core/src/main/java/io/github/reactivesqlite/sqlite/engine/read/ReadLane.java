package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.ReadUnit;
import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.TableUseCache;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The way to the readers: everything that reads passes through one of these methods. */
public final class ReadLane {

  /** Opens a reader's connection on the reader's thread. */
  @FunctionalInterface
  public interface Connections {
    /** Opens the connection of a reader; the generation counts its replacements. */
    EngineConnection open(int number, int generation);
  }

  private final ReadServices services;
  private final ReaderPool pool;
  private final TableUseCache tableUses = new TableUseCache();

  /** A lane to as many readers as configured; none is started yet. */
  public ReadLane(
      String databaseName,
      SqliteConfig config,
      EngineTimer timer,
      Answers answers,
      DatabaseMetrics metrics,
      SqlCache sqlCache,
      Connections connections,
      IntSupplier schemaGeneration) {
    this.services =
        new ReadServices(
            timer,
            answers,
            metrics,
            new LockLog(config.slowOperation()),
            sqlCache,
            config.streamChunkRows(),
            config.streamChunkBytes());
    this.pool =
        new ReaderPool(
            databaseName,
            services,
            connections::open,
            schemaGeneration,
            config.readers(),
            config.readQueueCapacity(),
            config.queueBytes());
  }

  /** A query for the only row, or for the first one; on a snapshot where one is given. */
  public <T> Mono<T> single(
      @Nullable HeldSnapshot snapshot,
      OperationSettings settings,
      Supply bound,
      RowMapper<? extends T> mapper,
      boolean onlyRow) {
    ReadHost host = snapshot == null ? pool : snapshot;
    return new Mono<T>() {
      @Override
      public void subscribe(CoreSubscriber<? super T> actual) {
        start(
            actual,
            () -> {
              SingleRead<T> request =
                  new SingleRead<>(actual, services, settings, host, bound.get(), mapper, onlyRow);
              return new Started(request, request.subscription());
            });
      }
    };
  }

  /** A query for all rows, on a snapshot where one is given. */
  public <T> Flux<T> all(
      @Nullable HeldSnapshot snapshot,
      OperationSettings settings,
      Supply bound,
      RowMapper<? extends T> mapper) {
    ReadHost host = snapshot == null ? pool : snapshot;
    return new Flux<T>() {
      @Override
      public void subscribe(CoreSubscriber<? super T> actual) {
        start(
            actual,
            () -> {
              RowStream<T> request =
                  new RowStream<>(actual, services, settings, host, bound.get(), mapper);
              return new Started(request, request);
            });
      }
    };
  }

  /** A query for all rows in one list, together with the tables it reads. */
  public <T> Mono<Answer<T>> answer(
      OperationSettings settings, BoundSql bound, RowMapper<? extends T> mapper) {
    return new Mono<Answer<T>>() {
      @Override
      public void subscribe(CoreSubscriber<? super Answer<T>> actual) {
        start(
            actual,
            () -> {
              AnswerRead<T> request =
                  new AnswerRead<>(actual, services, settings, pool, bound, mapper, tableUses);
              return new Started(request, request.subscription());
            });
      }
    };
  }

  /** A function shipped to a reader. */
  public <T> Mono<T> unit(OperationSettings settings, ReadUnit<T> unit) {
    return new Mono<T>() {
      @Override
      public void subscribe(CoreSubscriber<? super T> actual) {
        start(
            actual,
            () -> {
              UnitRead<T> request = new UnitRead<>(actual, services, settings, pool, unit);
              return new Started(request, request.subscription());
            });
      }
    };
  }

  /** A snapshot, to be ended by whoever gets it. */
  public Mono<HeldSnapshot> snapshot(OperationSettings settings) {
    return new Mono<HeldSnapshot>() {
      @Override
      public void subscribe(CoreSubscriber<? super HeldSnapshot> actual) {
        start(
            actual,
            () -> {
              HeldSnapshot request = new HeldSnapshot(actual, services, settings, pool);
              return new Started(request, request.subscription());
            });
      }
    };
  }

  /** Gives the statement with its values, or fails because a value is missing. */
  @FunctionalInterface
  public interface Supply {
    /** Called once per subscription. */
    BoundSql get();
  }

  private record Started(ReadRequest request, Subscription subscription) {}

  private interface Start {
    Started start();
  }

  private static <T> void start(CoreSubscriber<? super T> actual, Start start) {
    Started started;
    try {
      EngineThread.rejectCurrent();
      started = start.start();
    } catch (RuntimeException refused) {
      Operators.error(actual, refused);
      return;
    }
    actual.onSubscribe(started.subscription());
    ReadRequest request = started.request();
    if (request.isQueued()) {
      request.host.submit(request);
    }
  }

  // ---- figures and upkeep

  /** Readers at work, with those that are held. */
  public int activeCount() {
    return pool.activeCount();
  }

  /** Readers open and free. */
  public int idleCount() {
    return pool.idleCount();
  }

  /** Reads that wait. */
  public int pendingCount() {
    return pool.pendingCount();
  }

  /** Closes readers idle for longer than the given time, or all idle ones. */
  public int closeIdle(long idleForNanos, boolean all) {
    return pool.closeIdle(idleForNanos, all);
  }

  /** Checks the connections that are idle. */
  public void validateIdle() {
    pool.validateIdle();
  }

  /**
   * Lets no read begin until {@link #endGap}, and waits for those that run: only when nobody reads,
   * the log can start over. Blocks the caller up to the given time.
   *
   * @return whether nothing is read now
   */
  public boolean beginGap(long nanos) {
    return pool.beginGap(nanos);
  }

  /** Reads begin again; does nothing when they do already. */
  public void endGap() {
    pool.endGap();
  }

  /** Ends every snapshot and stream, because together they keep the log from shrinking. */
  public int endHolds(long sinceAtLatest) {
    return endHolds(sinceAtLatest, false);
  }

  private int endHolds(long sinceAtLatest, boolean closing) {
    int count = 0;
    for (ReadRequest holder : pool.holders(sinceAtLatest)) {
      if (holder instanceof HeldSnapshot snapshot) {
        if (closing) {
          snapshot.endForClose();
        } else {
          snapshot.endForWalLimit();
        }
        count++;
      } else if (holder instanceof RowStream<?> stream) {
        stream.endFromOutside(closing ? ReaderPool.closedError(stream.details()) : null);
        count++;
      } else if (holder instanceof UnitRead<?> unit) {
        unit.endFromOutside(closing);
        count++;
      }
    }
    return count;
  }

  private EngineTimer timer() {
    return services.timer();
  }

  /** Refuses what comes from now on; what is queued runs on. */
  public void closeIntake() {
    pool.closeIntake();
  }

  /** Whether nothing is queued, running or held. */
  public boolean isQuiet() {
    return pool.isQuiet();
  }

  /** Answers what is still queued as closed, ends what is held, and closes the readers. */
  public void shutdown() {
    pool.refuseQueued();
    endHolds(timer().nanoTime(), true);
    pool.shutdown();
  }

  /** Waits for the readers' threads after {@link #shutdown}; they close their connections first. */
  public boolean awaitTermination(Duration bound) {
    return pool.awaitTermination(bound);
  }
}
