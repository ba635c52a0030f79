package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.runtime.Answers;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.sql.SqlCache;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/** The way into the writer: everything that writes passes through one of these methods. */
public final class WriteLane {

  /** Work between two transactions. */
  @FunctionalInterface
  public interface ExclusiveWork<T> {
    /** Runs on the writer's thread and leaves no transaction open. */
    @Nullable T run(EngineConnection connection) throws Exception;
  }

  /** Work of several transactions, with nothing of anybody else between them. */
  @FunctionalInterface
  public interface TransactionalWork<T> {
    /** Runs on the writer's thread; ends each of its transactions by the commit, or rolls back. */
    @Nullable T run(EngineConnection connection, Commit commit) throws Exception;
  }

  /** The COMMIT of work that begins its transactions itself. */
  @FunctionalInterface
  public interface Commit {
    /**
     * Commits; afterwards no transaction is open, whatever the outcome.
     *
     * @throws io.github.reactivesqlite.sqlite.engine.connection.SqlFailure if it was rolled back
     * @throws io.github.reactivesqlite.error.CommitOutcomeUnknownException if nobody can say
     */
    void commit();
  }

  private final WriterServices services;
  private final Writer writer;
  private volatile boolean walBeyondHardLimit;

  /** Opens the writer's connection again when it has to be replaced. */
  @FunctionalInterface
  public interface Connections {
    /** Runs on the writer's thread; the connection that was given is the first generation. */
    EngineConnection open(int generation);
  }

  /** A lane into a writer that owns the given connection and runs on the given scheduler. */
  public WriteLane(
      EngineConnection connection,
      Connections connections,
      Scheduler scheduler,
      FileGuard guard,
      SqliteConfig config,
      EngineTimer timer,
      Answers answers,
      DatabaseMetrics metrics,
      SqlCache sqlCache,
      SchemaChanges schema,
      CommitFeed feed,
      Runnable afterCommit) {
    this.services =
        new WriterServices(
            new WriteQueue(timer, config),
            timer,
            answers,
            metrics,
            new LockLog(config.slowOperation()),
            sqlCache,
            WriterLimits.of(config));
    ChangeTracker changes = new ChangeTracker(feed);
    this.writer =
        new Writer(
            new WriterConnection(connection, connections::open, changes),
            scheduler,
            services,
            guard,
            schema,
            changes,
            afterCommit);
  }

  /** One statement; gives the number of changed rows after the COMMIT. */
  public Mono<Long> count(OperationSettings settings, BoundSql bound) {
    return new RequestMono<>(actual -> new StatementWrite.Count(actual, services, settings, bound));
  }

  /** One statement with RETURNING; gives copies of its rows after the COMMIT. */
  public Mono<List<StoredRow>> returning(
      OperationSettings settings, BoundSql bound, RowDemand demand) {
    return new RequestMono<>(
        actual -> new ReturningWrite(actual, services, settings, bound, demand));
  }

  /** A function on a session, one atomic unit. */
  public <T> Mono<T> closure(OperationSettings settings, ClosureBody<T> body) {
    return new RequestMono<>(actual -> new ClosureWrite<>(actual, services, settings, body));
  }

  /** An interactive transaction. */
  public Mono<OpenTransaction> begin(OperationSettings settings) {
    return new RequestMono<>(actual -> new TransactionBegin(actual, services, settings));
  }

  /** Work between two transactions. */
  public <T> Mono<T> exclusive(
      OperationSettings settings, String operation, ExclusiveWork<T> work) {
    return transactions(settings, operation, (connection, commit) -> work.run(connection));
  }

  /** The same for the engine itself, which asks for one at a time: a full lane takes it too. */
  public <T> Mono<T> upkeep(OperationSettings settings, String operation, ExclusiveWork<T> work) {
    return new RequestMono<>(
        actual ->
            new ExclusiveWrite<>(
                actual,
                services,
                settings,
                operation,
                true,
                (connection, commit) -> work.run(connection)));
  }

  /** Work that begins transactions of its own, and none else is open meanwhile. */
  public <T> Mono<T> transactions(
      OperationSettings settings, String operation, TransactionalWork<T> work) {
    return new RequestMono<>(
        actual -> new ExclusiveWrite<>(actual, services, settings, operation, false, work::run));
  }

  /** How many requests wait in a lane. */
  public int depth(Lane lane) {
    return services.queue().depth(lane);
  }

  /** How many bytes wait in a lane. */
  public long bytes(Lane lane) {
    return services.queue().bytes(lane);
  }

  /** Whether nothing waits and nothing runs. */
  public boolean isQuiet() {
    return services.queue().isEmpty() && writer.isQuiet();
  }

  /** Refuses writes while the log is larger than its hard limit. */
  public void walBeyondHardLimit(boolean beyond) {
    walBeyondHardLimit = beyond;
  }

  /** Looks, between two groups, whether another process has committed. Any thread. */
  public void lookForOthers() {
    writer.lookForOthers();
  }

  // ---- closing

  /** Refuses what comes from now on; what is queued runs on. */
  public void closeIntake() {
    services.queue().close();
  }

  /** Rolls an open transaction back. */
  public void abortTransaction() {
    writer.abortTransaction();
  }

  /**
   * Ends an open transaction and closes the connection, on the writer's own thread.
   *
   * @param last what to do with the connection before
   */
  public void closeConnection(Consumer<EngineConnection> last) {
    writer.closeConnection(last);
  }

  /** Answers everything that is still queued as closed. */
  public void refuseQueued() {
    writer.stop();
    for (WriteRequest<?> request : services.queue().takeIf(any -> true)) {
      request.endQueued(WriteLane::refuseClosed);
    }
  }

  private static void refuseClosed(WriteRequest<?> request) {
    request.noteLockAbandoned();
    request.refuse(WriteQueue.closedError(request.details()));
  }

  private void submit(WriteRequest<?> request) {
    DatabaseException refused =
        walBeyondHardLimit && request.kind() != WriteRequest.Kind.EXCLUSIVE
            ? walLimit(request)
            : services.queue().offer(request);
    if (refused == null) {
      writer.signal();
    } else if (request.leave()) {
      request.refuse(refused);
      request.onNeverRan();
    }
  }

  private static DatabaseException walLimit(WriteRequest<?> request) {
    return new StorageException(
        "The write-ahead log is larger than walHardLimit, so the write was refused. A long read"
            + " keeps it from shrinking: see the WAL pins by label, end that read, or raise the"
            + " limit",
        request.details(),
        StorageException.Kind.WAL_LIMIT);
  }

  private final class RequestMono<T> extends Mono<T> {
    private final Function<CoreSubscriber<? super T>, WriteRequest<T>> factory;

    RequestMono(Function<CoreSubscriber<? super T>, WriteRequest<T>> factory) {
      this.factory = factory;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
      WriteRequest<T> request;
      try {
        EngineThread.rejectCurrent();
        request = factory.apply(actual);
      } catch (RuntimeException refused) {
        Operators.error(actual, refused);
        return;
      }
      actual.onSubscribe(request);
      if (request.isQueued()) {
        submit(request);
      }
    }
  }
}
