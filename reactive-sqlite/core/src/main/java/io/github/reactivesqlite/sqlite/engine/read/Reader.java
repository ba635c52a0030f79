package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineThread;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import io.github.reactivesqlite.sqlite.engine.runtime.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import reactor.core.scheduler.Scheduler;

/**
 * One reader: a thread and its connection. It takes a batch of requests into one read transaction,
 * so that each sees everything acknowledged before it was subscribed to. A read that runs long
 * hands the rest of its batch back.
 *
 * <p>Owner of the fields: everything is the reader's own thread's; {@code lastWork} is read by the
 * pool; {@code hasThread} is written by whoever gives it work.
 */
final class Reader implements StopSignal {

  private static final Logger LOG = SteadyLogger.of(Reader.class);
  private static final long HAND_BACK_AFTER_NANOS = 2_000_000;
  private static final long RECOVERY_PAUSE_NANOS = 10_000_000;
  private static final int RECOVERY_ATTEMPTS = 1_000;

  private final ReaderPool pool;
  private final int number;
  private final ExecutorService executor;
  private final Scheduler scheduler;
  private final Runnable working = this::work;
  private final Runnable validating = this::validateAndWork;

  private @Nullable EngineConnection connection;
  private int generation;
  private int schemaGeneration;
  private boolean inTransaction;
  private @Nullable ReadRequest holder;
  private @Nullable ReadRequest current;
  private List<ReadRequest> batch = new ArrayList<>();
  private int position;
  private int settled;
  private long batchBegan;
  private List<Runnable> answers = new ArrayList<>();
  private boolean broken;
  private @Nullable SqlFailure breakage;

  private volatile long lastWork;
  private volatile boolean hasThread;

  Reader(ReaderPool pool, int number) {
    this.pool = pool;
    this.number = number;
    this.executor = EngineThread.executor(pool.databaseName() + "-reader-" + number);
    this.scheduler = EngineThread.scheduler(executor);
    this.lastWork = pool.services().timer().nanoTime();
  }

  /** When it last took work. */
  long lastWork() {
    return lastWork;
  }

  /** Whether its thread has been started, by its first task. */
  boolean hasThread() {
    return hasThread;
  }

  /** Runs a task on this reader's thread; false if that is not possible. Throws nothing. */
  boolean schedule(Runnable task) {
    return trySchedule(task) == null;
  }

  /**
   * Runs a task on this reader's thread. Throws nothing, as it is called while others subscribe.
   *
   * @return {@code null}, or why the task will not run: the reader is closed, or the system gives
   *     no thread or no memory
   */
  @Nullable Throwable trySchedule(Runnable task) {
    try {
      scheduler.schedule(() -> guarded(task));
      hasThread = true;
      return null;
    } catch (Throwable refused) {
      return refused;
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable unexpected) {
      recover(unexpected);
    }
  }

  /** Its work as a task. */
  Runnable working() {
    return working;
  }

  /** Its validation as a task. */
  Runnable validating() {
    return validating;
  }

  /** Works as long as there is work, then parks itself in the pool. */
  void work() {
    while (holder == null) {
      List<ReadRequest> next = pool.nextBatch(this);
      if (next.isEmpty()) {
        return;
      }
      runBatch(next);
    }
  }

  /**
   * An error of our own, or of the machine (no memory, no stack): whoever has no answer yet gets
   * one, and the reader goes on with a new connection. Answering needs memory too, so it is tried
   * again for a while.
   */
  private void recover(Throwable unexpected) {
    broken = true;
    for (int attempt = 1; attempt <= RECOVERY_ATTEMPTS; attempt++) {
      try {
        answerThoseAtWork(unexpected);
        if (pool.resume(this)) {
          break;
        }
      } catch (Throwable again) {
        // The next attempt may find more memory
      }
      LockSupport.parkNanos(RECOVERY_PAUSE_NANOS);
    }
    LOG.error("Reader {} met an error that it does not know; it goes on", number, unexpected);
  }

  private void answerThoseAtWork(Throwable unexpected) {
    while (settled < batch.size()) {
      ReadRequest request = batch.get(settled);
      pool.releaseHold(request);
      request.readerFailed(unexpected);
      settled++;
    }
    failHolder(unexpected);
    flushAnswers();
    replaceIfBroken();
  }

  private void failHolder(Throwable unexpected) {
    ReadRequest holding = holder;
    if (holding != null) {
      holding.readerFailed(unexpected);
      pool.releaseHold(holding);
      holder = null;
    }
  }

  private void runBatch(List<ReadRequest> requests) {
    batch = requests;
    position = 0;
    settled = 0;
    batchBegan = pool.services().timer().nanoTime();
    try {
      EngineConnection open = openConnection();
      if (requests.size() > 1) {
        beginTransaction(open);
      }
    } catch (SqlFailure failure) {
      failBatch(failure);
      return;
    } catch (Throwable failed) {
      refuseBatch(failed);
      return;
    }
    lastWork = batchBegan;
    while (position < batch.size()) {
      ReadRequest request = batch.get(position++);
      if (request.beginRunning()) {
        runOne(request);
      } else {
        pool.releaseHold(request);
      }
      settled = position;
      if (holder != null) {
        handBack();
        // Somebody may wait for this one to come back to common work
        pool.wake(1);
        return;
      }
      if (pool.services().timer().nanoTime() - batchBegan > HAND_BACK_AFTER_NANOS) {
        handBack();
      }
    }
    endTransaction();
    flushAnswers();
    replaceIfBroken();
  }

  private void failBatch(SqlFailure failure) {
    noteFailure(failure);
    for (; settled < batch.size(); settled++) {
      ReadRequest request = batch.get(settled);
      pool.releaseHold(request);
      if (request.beginRunning()) {
        pool.failed(request, failure);
      }
    }
    replaceIfBroken();
  }

  /** The connection could not be opened; the next batch tries again. */
  private void refuseBatch(Throwable failed) {
    for (; settled < batch.size(); settled++) {
      ReadRequest request = batch.get(settled);
      if (request.beginRunning()) {
        ReadLockWaits.settle(request);
        request.refuseCounted(failed);
      }
      pool.releaseHold(request);
    }
  }

  private void runOne(ReadRequest request) {
    ReadRequest.Outcome outcome;
    try {
      outcome = enter(request);
    } catch (SqlFailure failure) {
      noteFailure(failure);
      pool.releaseHold(request);
      pool.failed(request, failure);
      return;
    } catch (Throwable thrown) {
      if (holder == request) {
        // An error of our own after it had told its subscriber that it holds the reader
        broken = true;
        failHolder(thrown);
        return;
      }
      request.refuseCounted(thrown);
      pool.releaseHold(request);
      return;
    }
    ReadLockWaits.settle(request);
    switch (outcome) {
      case DONE -> pool.releaseHold(request);
      case HOLDS_READER -> {}
      case NEEDS_READER -> pool.waitForReader(request);
    }
  }

  /** Runs one step of a request with its stop signal in force. */
  private ReadRequest.Outcome enter(ReadRequest request) throws Exception {
    beginStep(request);
    try {
      ReadRequest.Outcome outcome = request.run(this);
      if (outcome == ReadRequest.Outcome.HOLDS_READER) {
        holder = request;
      }
      return outcome;
    } finally {
      endStep(request);
    }
  }

  /** Runs a later step of the request that holds this reader. */
  void resume(ReadRequest request, Runnable step) {
    beginStep(request);
    try {
      step.run();
    } finally {
      endStep(request);
    }
  }

  private void beginStep(ReadRequest request) {
    EngineConnection open = connection();
    request.enter();
    current = request;
    open.stopSignal(this);
  }

  private void endStep(ReadRequest request) {
    EngineConnection open = connection;
    if (open != null) {
      open.stopSignal(StopSignal.NONE);
    }
    current = null;
    // An interrupt that a mapper or unit leaves behind is not meant for the next one
    Thread.interrupted();
    request.exit();
  }

  @Override
  public boolean stopRequested() {
    ReadRequest running = current;
    if (running == null) {
      return false;
    }
    if (position < batch.size()
        && pool.services().timer().nanoTime() - batchBegan > HAND_BACK_AFTER_NANOS) {
      handBack();
    }
    return running.stopRequested();
  }

  /** Others need not wait behind a long read: what has not started goes back, answers go out. */
  private void handBack() {
    if (position < batch.size()) {
      List<ReadRequest> begun = new ArrayList<>(batch.subList(0, position));
      pool.putBack(batch.subList(position, batch.size()));
      batch = begun;
    }
    flushAnswers();
  }

  /** Gives an answer with those of the batch's other requests. */
  void answer(Runnable answer) {
    answers.add(answer);
    if (holder != null) {
      flushAnswers();
    }
  }

  private void flushAnswers() {
    if (!answers.isEmpty()) {
      pool.services().answers().deliver(answers);
      answers = new ArrayList<>();
    }
  }

  // ---- the connection

  /** The open connection. */
  EngineConnection connection() {
    EngineConnection open = connection;
    if (open == null) {
      throw new IllegalStateException("Reader " + number + " has no connection");
    }
    return open;
  }

  private EngineConnection openConnection() {
    EngineConnection open = connection;
    if (open == null) {
      generation++;
      open = pool.openConnection(number, generation);
      connection = open;
      schemaGeneration = pool.schemaGeneration();
      LOG.debug("{} opened", open.name());
    } else if (schemaGeneration != pool.schemaGeneration()) {
      schemaGeneration = pool.schemaGeneration();
      open.clearStatements();
    }
    return open;
  }

  /** Begins the read transaction that a batch or a held request runs in. */
  void beginTransaction(EngineConnection open) {
    if (!inTransaction) {
      try {
        open.beginRead();
      } catch (SqlFailure failure) {
        // Whether one that failed has begun is not known; were it so, the next would be refused
        open.stopSignal(StopSignal.NONE);
        if (!open.rollback()) {
          broken = true;
        }
        throw failure;
      }
      inTransaction = true;
    }
  }

  void beginTransaction() {
    beginTransaction(connection());
  }

  private void endTransaction() {
    EngineConnection open = connection;
    if (inTransaction && open != null) {
      inTransaction = false;
      if (!open.rollback()) {
        broken = true;
      }
    }
  }

  /** Remembers that an error made the connection useless. */
  void noteFailure(SqlFailure failure) {
    if (failure.breaksConnection()) {
      broken = true;
      breakage = failure;
    }
  }

  /** The error that made the connection useless; null while it is not. */
  @Nullable SqlFailure breakage() {
    return breakage;
  }

  /** The request that held this reader has ended: back to common work. */
  void letGo(ReadRequest request) {
    if (holder != request) {
      // The reader was taken from it before, by an error
      return;
    }
    holder = null;
    endTransaction();
    flushAnswers();
    replaceIfBroken();
    work();
  }

  private void replaceIfBroken() {
    if (broken) {
      broken = false;
      breakage = null;
      closeConnection();
      pool.services().metrics().readerReplaced();
      LOG.warn("Reader {} was replaced after an error of its connection", number);
    }
  }

  private void validateAndWork() {
    validate();
    work();
  }

  /** Checks an idle connection and replaces it when it does not answer. */
  private void validate() {
    EngineConnection open = connection;
    if (open == null) {
      return;
    }
    try {
      open.run("SELECT 1 FROM sqlite_schema LIMIT 1");
    } catch (SqlFailure failure) {
      if (!failure.isBusy()) {
        broken = true;
        replaceIfBroken();
      }
    }
  }

  /** Closes the connection but keeps the thread. */
  void closeConnection() {
    EngineConnection open = connection;
    if (open != null) {
      connection = null;
      inTransaction = false;
      open.close();
      LOG.debug("{} closed", open.name());
    }
  }

  /** The last task: whoever took the reader while it was being closed hears of that. */
  void end() {
    try {
      ReadRequest holding = holder;
      if (holding != null) {
        failHolder(ReaderPool.closedError(holding.details()));
      }
      flushAnswers();
    } finally {
      closeConnection();
    }
  }

  /** Ends the thread after its last task. */
  void shutdown() {
    executor.shutdown();
  }

  boolean awaitTermination(long nanos) {
    try {
      return executor.awaitTermination(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
