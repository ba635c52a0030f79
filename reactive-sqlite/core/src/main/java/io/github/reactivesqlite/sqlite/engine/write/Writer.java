package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.FileGuard;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.LockedException;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.scheduler.Scheduler;

/**
 * The one writer. A request schedules a drain when none is running; the drain takes what is there,
 * one transaction after another, on the writer's single thread.
 *
 * <p>Owner of the fields: all but {@code pending} are written by the writer thread only.
 */
final class Writer implements WriterLockWait.Work {

  private static final Logger LOG = SteadyLogger.of(Writer.class);
  private static final Duration COMPETITION_PAUSE = Duration.ofMillis(10);
  private static final Duration RECOVERY_PAUSE = Duration.ofMillis(10);
  private static final int RECOVERY_ATTEMPTS = 1_000;

  private final WriterConnection connection;
  private final Scheduler scheduler;
  private final WriterServices services;
  private final CommitSteps commits;
  private final GroupCommit group;
  private final HoldWatch watch;
  private final LockTurns turns;
  private final SchemaChanges schema;
  private final Runnable afterCommit;
  private final ChangeTracker changes;

  private final AtomicInteger pending = new AtomicInteger();
  private final WriterLockWait lockWait;

  private volatile @Nullable OpenTransaction transaction;
  private List<WriteRequest<?>> atWork = List.of();
  private long bulkPausedUntil;
  private volatile boolean lookDue;

  Writer(
      WriterConnection connection,
      Scheduler scheduler,
      WriterServices services,
      FileGuard guard,
      SchemaChanges schema,
      ChangeTracker changes,
      Runnable afterCommit) {
    this.connection = connection;
    this.scheduler = scheduler;
    this.services = services;
    this.schema = schema;
    this.changes = changes;
    this.afterCommit = afterCommit;
    this.watch = new HoldWatch(services);
    this.commits = new CommitSteps(services, guard, watch);
    this.turns = new LockTurns(connection::current, services.timer(), this::signal);
    this.lockWait = new WriterLockWait(services, scheduler, turns, this);
    this.group = new GroupCommit(connection, services, commits, watch, schema, changes);
  }

  /** Says that there is something to do. Called from any thread. */
  @Override
  public void signal() {
    if (pending.getAndIncrement() == 0) {
      try {
        scheduler.schedule(this::drain);
      } catch (RejectedExecutionException closed) {
        pending.set(0);
      } catch (RuntimeException | Error unexpected) {
        // Otherwise no later signal would ever schedule a drain
        pending.set(0);
        throw unexpected;
      }
    }
  }

  private void drain() {
    int missed = pending.get();
    do {
      workAsLongAsThereIsWork();
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
  }

  private void workAsLongAsThereIsWork() {
    try {
      try {
        boolean more = true;
        lookIfDue();
        while (more && !lockWait.isWaiting()) {
          more = step();
          lookIfDue();
        }
      } catch (LockedException locked) {
        lockWait.start(locked);
      }
    } catch (Throwable unexpected) {
      recover(unexpected);
    }
  }

  /** Asks for a look at what other processes have committed, before the next group. Any thread. */
  void lookForOthers() {
    if (!lookDue) {
      lookDue = true;
      signal();
    }
  }

  /** While a transaction holds the lock, nobody else can have committed. */
  private void lookIfDue() {
    if (lookDue && transaction == null && !connection.isSuspect()) {
      lookDue = false;
      changes.lookForOthers(connection.current());
    }
  }

  @Override
  public void tryNext() {
    step();
  }

  /**
   * An error of our own, or of the machine (no memory, no stack): whoever was at work is answered,
   * the connection is replaced, and the writer goes on. Answering needs memory too, so it is tried
   * again for a while.
   */
  @Override
  public void recover(Throwable unexpected) {
    connection.distrust();
    for (int attempt = 1; attempt <= RECOVERY_ATTEMPTS; attempt++) {
      try {
        lockWait.abandon();
        answerThoseAtWork(unexpected);
        signal();
        break;
      } catch (Throwable again) {
        LockSupport.parkNanos(RECOVERY_PAUSE.toNanos());
      }
    }
    LOG.error("The writer met an error that it does not know; it goes on", unexpected);
  }

  private void answerThoseAtWork(Throwable unexpected) {
    OpenTransaction open = transaction;
    if (open != null) {
      open.writerFailed();
      transaction = null;
      watch.transactionEnded(services.timer().nanoTime());
    }
    List<WriteRequest<?>> notReached = new ArrayList<>();
    for (WriteRequest<?> request : atWork) {
      if (request.isQueued() && request.place.isFree()) {
        notReached.add(request);
      } else if (request.isRunning()) {
        CommitOutcomeUnknownException error =
            new CommitOutcomeUnknownException(
                "The writer met an unexpected error, so it is not known whether the write is"
                    + " committed. Check by an idempotency key before repeating it, and report the"
                    + " error in the log",
                request.details(),
                unexpected);
        services.answers().deliver(() -> request.fail(error));
      }
    }
    services.queue().putBack(notReached);
    atWork = List.of();
  }

  /**
   * Does the next thing: a step of the open transaction, a request that runs between transactions,
   * or a group.
   *
   * @return false when there is nothing to do
   * @throws LockedException when somebody else holds the lock; nothing has been taken then
   */
  private boolean step() {
    OpenTransaction open = transaction;
    if (open != null) {
      return stepOf(open);
    }
    boolean bulkAllowed = isBulkAllowed();
    WriteRequest<?> head = services.queue().head(bulkAllowed);
    if (head == null) {
      return false;
    }
    if (connection.isSuspect() && !renewConnection(bulkAllowed)) {
      return true;
    }
    if (head.kind() == WriteRequest.Kind.EXCLUSIVE) {
      runExclusive(bulkAllowed);
      return true;
    }
    if (commits.isFileReplaced()) {
      commits.saveTheRest(connection.current());
      refuse(takeGroup(bulkAllowed), null);
      return true;
    }
    if (turns.isTurnOfOthers(services.timer().nanoTime())) {
      return false;
    }
    try {
      begin();
    } catch (SqlFailure failure) {
      if (failure.isBusy()) {
        throw new LockedException(failure.code());
      }
      connection.current().rollback();
      refuse(takeGroup(bulkAllowed), failure);
      return true;
    }
    turns.taken(services.timer().nanoTime());
    begun(takeGroup(bulkAllowed));
    if (transaction == null) {
      turns.left(services.timer().nanoTime());
    }
    atWork = List.of();
    return true;
  }

  /** False when the connection could not be replaced: then those at the head are answered. */
  private boolean renewConnection(boolean bulkAllowed) {
    if (!commits.mayRenew(connection.current())) {
      return true;
    }
    try {
      connection.renew();
    } catch (SqlFailure failure) {
      if (failure.isBusy()) {
        throw new LockedException(failure.code());
      }
      refuse(takeGroup(bulkAllowed), failure);
      return false;
    }
    // Another file may have come to the path just before it was opened
    commits.verifyFile();
    return true;
  }

  /** A BEGIN that fails for another reason than a lock may be the connection's fault. */
  private void begin() {
    try {
      connection.current().beginImmediate();
    } catch (SqlFailure failure) {
      if (failure.isBusy() || failure.isFull()) {
        throw failure;
      }
      connection.distrust();
      if (!commits.mayRenew(connection.current())) {
        throw failure;
      }
      connection.renew();
      if (!commits.verifyFile()) {
        throw failure;
      }
      connection.current().beginImmediate();
    }
  }

  private List<WriteRequest<?>> takeGroup(boolean bulkAllowed) {
    atWork = services.queue().takeGroup(services.limits().groupUnits(), bulkAllowed);
    return atWork;
  }

  private boolean stepOf(OpenTransaction open) {
    boolean ran = open.runNext();
    if (!open.isOpen()) {
      transaction = null;
      turns.left(services.timer().nanoTime());
      watch.transactionEnded(services.timer().nanoTime());
      afterCommit.run();
      return true;
    }
    return ran;
  }

  /** The lock is ours: the requests' waits end here. */
  private void begun(List<WriteRequest<?>> taken) {
    if (!taken.isEmpty() && taken.get(0).kind() == WriteRequest.Kind.EXCLUSIVE) {
      // It came between the look at the queue and the lock
      connection.current().rollback();
      services.queue().putBack(taken);
      return;
    }
    lockWait.lockTaken(taken);
    if (taken.isEmpty()) {
      connection.current().rollback();
    } else if (taken.get(0) instanceof TransactionBegin begin) {
      open(begin);
    } else {
      runGroup(taken);
    }
  }

  private void runGroup(List<WriteRequest<?>> taken) {
    long schemaVersion;
    try {
      schemaVersion = connection.current().schemaVersion();
    } catch (SqlFailure failure) {
      connection.current().rollback();
      refuse(taken, failure);
      return;
    }
    group.run(taken, schemaVersion);
    atWork = List.of();
    afterCommit.run();
    pauseBulk(taken);
  }

  private void open(TransactionBegin begin) {
    long now = services.timer().nanoTime();
    if (!begin.beginRunning()) {
      connection.current().rollback();
      return;
    }
    begin.noteTurn(now);
    OpenTransaction opened =
        new OpenTransaction(
            connection.current(), services, begin.settings, commits, schema, changes, this::signal);
    transaction = opened;
    watch.transactionStarted(begin, now);
    opened.startTimeout();
    begin.opened(opened);
    services.answers().deliver(begin);
  }

  private void runExclusive(boolean bulkAllowed) {
    List<WriteRequest<?>> taken = takeGroup(bulkAllowed);
    if (taken.isEmpty() || !(taken.get(0) instanceof ExclusiveWrite<?> exclusive)) {
      // The head that was looked at has left the queue meanwhile
      services.queue().putBack(taken);
    } else if (exclusive.beginRunning()) {
      runExclusive(exclusive);
    }
  }

  private void runExclusive(ExclusiveWrite<?> exclusive) {
    if (commits.isFileReplaced() && !exclusive.isUpkeep()) {
      exclusive.failWith(fileReplaced(exclusive));
      services.answers().deliver(exclusive);
      return;
    }
    watch.unitStarted(exclusive, services.timer().nanoTime());
    commits.exclusiveBegins(connection.current());
    changes.exclusiveBegun(connection.current());
    try {
      exclusive.execute(connection.current(), () -> commit(exclusive));
    } catch (SqlFailure failure) {
      if (failure.isBusy()) {
        if (exclusive.returnToQueue()) {
          services.queue().putBack(List.of(exclusive));
        }
        throw new LockedException(failure.code());
      }
      exclusive.failWith(failure.toWriterException(exclusive.details()));
    } catch (Throwable thrown) {
      exclusive.failWith(thrown);
    } finally {
      watch.unitEnded(exclusive, services.timer().nanoTime());
    }
    exclusive.lockTaken(services.timer().nanoTime());
    CommitOutcomeUnknownException lost =
        commits.exclusiveEnded(connection.current(), exclusive.details());
    if (lost != null && !exclusive.hasFailed()) {
      exclusive.failWith(lost);
    }
    if (!exclusive.isUpkeep()) {
      changes.exclusiveEnded(connection.current());
    }
    services.answers().deliver(exclusive);
    if (!exclusive.isUpkeep()) {
      afterCommit.run();
    }
  }

  /** The COMMIT of a transaction within exclusive work. */
  private void commit(ExclusiveWrite<?> exclusive) {
    watch.commitStarted(List.of(exclusive), services.timer().nanoTime());
    CommitSteps.Outcome outcome = commits.commit(connection.current(), 1);
    watch.commitEnded();
    switch (outcome.kind()) {
      case COMMITTED -> {
        commits.growth().committed(List.of(exclusive));
        changes.exclusiveCommitted(connection.current());
      }
      case ROLLED_BACK -> throw outcome.failure();
      case UNKNOWN -> {
        changes.exclusiveCommitted(connection.current());
        throw commits.unknown(outcome, exclusive.details());
      }
    }
  }

  private void refuse(List<WriteRequest<?>> taken, @Nullable SqlFailure failure) {
    for (WriteRequest<?> request : taken) {
      request.endQueued(
          waiting ->
              waiting.refuse(
                  failure == null
                      ? fileReplaced(waiting)
                      : failure.toWriterException(waiting.details())));
    }
  }

  private static DatabaseException fileReplaced(WriteRequest<?> request) {
    return new StorageException(
        "The database file was replaced or removed while it was open, so nothing is written any"
            + " more. Close the database, put the right file in place, and open it again",
        request.details(),
        StorageException.Kind.FILE_REPLACED);
  }

  // ---- leaving the lock to others

  private boolean isBulkAllowed() {
    return bulkPausedUntil == 0 || services.timer().nanoTime() - bulkPausedUntil >= 0;
  }

  private void pauseBulk(List<WriteRequest<?>> taken) {
    WriteRequest<?> chunk = null;
    for (WriteRequest<?> request : taken) {
      if (request.lane == Lane.BULK) {
        chunk = request;
      }
    }
    if (chunk == null) {
      return;
    }
    long now = services.timer().nanoTime();
    long pause = chunk.pauseNanos();
    if (pause == 0 && turns.isContended(now)) {
      pause = COMPETITION_PAUSE.toNanos();
    }
    if (pause > 0) {
      bulkPausedUntil = now + pause;
      services.timer().schedule(this::signal, pause);
    } else {
      bulkPausedUntil = 0;
    }
  }

  /** Whether it has nothing to do and waits for nothing. */
  boolean isQuiet() {
    return pending.get() == 0 && !lockWait.isWaiting() && transaction == null;
  }

  /** Stops waiting for locks, so that a close is not held up; the connection is closed next. */
  void stop() {
    lockWait.stop();
  }

  /** Ends what is left and closes the connection, on the writer's own thread. */
  void closeConnection(Consumer<EngineConnection> last) {
    try {
      endNow();
    } finally {
      try {
        last.accept(connection.current());
      } finally {
        connection.current().close();
      }
    }
  }

  private void endNow() {
    OpenTransaction open = transaction;
    if (open != null) {
      open.abort(OpenTransaction.Reason.CLOSED);
      stepOf(open);
    }
  }

  /** Ends an open transaction from outside, when the database closes. */
  void abortTransaction() {
    scheduler.schedule(this::endNow);
  }
}
