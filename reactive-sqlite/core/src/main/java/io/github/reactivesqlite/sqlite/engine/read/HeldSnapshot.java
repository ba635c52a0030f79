package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.ReadQueueFullException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A snapshot: it holds one reader inside one read transaction, and its queries run there.
 *
 * <p>Owner of the fields: {@code reader}, {@code streams} and {@code ended} belong to the reader's
 * thread; {@code ending} is set once by whoever ends it.
 */
public final class HeldSnapshot extends ReadRequest
    implements ScalarAnswer.Owner<HeldSnapshot>, ReadHost {

  /** Why it ends. */
  private enum Ending {
    DONE,
    TIMEOUT,
    WAL_LIMIT,
    CLOSED,
    BROKEN,
    THROWN
  }

  private static final int MOST_QUERIES = 1_024;

  private final ReaderPool pool;
  private final ScalarAnswer<HeldSnapshot> answer;
  private final Sinks.One<Object> timedOut = Sinks.one();
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private final Set<ReadRequest> streams = new LinkedHashSet<>();
  private final AtomicInteger queued = new AtomicInteger();
  private volatile @Nullable Reader reader;
  private @Nullable Disposable timeout;
  private volatile @Nullable Throwable thrown;
  private volatile @Nullable SqlFailure breakage;
  private boolean ended;

  HeldSnapshot(
      CoreSubscriber<? super HeldSnapshot> actual,
      ReadServices services,
      OperationSettings settings,
      ReaderPool pool) {
    super(services, settings, pool);
    this.pool = pool;
    this.answer = new ScalarAnswer<>(actual, services.answers(), this);
  }

  ScalarAnswer<HeldSnapshot> subscription() {
    return answer;
  }

  /** The settings of the view that took it. */
  public OperationSettings operationSettings() {
    return settings;
  }

  @Override
  boolean needsReader() {
    return true;
  }

  @Override
  Outcome run(Reader onReader) {
    if (pool.isEnding()) {
      throw ReaderPool.closedError(details());
    }
    onReader.beginTransaction();
    // A transaction takes its snapshot with its first read
    onReader.connection().run("SELECT 1 FROM sqlite_schema LIMIT 1");
    timeout = services.timer().schedule(() -> end(Ending.TIMEOUT), settings.snapshotNanos());
    reader = onReader;
    services
        .answers()
        .deliver(
            () -> {
              if (!answer.answer(this)) {
                end(Ending.DONE);
              }
            });
    return Outcome.HOLDS_READER;
  }

  /** Fails when the snapshot's time is over; else never signals. */
  public <T> Mono<T> timedOut() {
    return timedOut.asMono().flatMap(never -> Mono.empty());
  }

  /** Ends it; its reader goes back to common work. */
  public void end() {
    end(Ending.DONE);
  }

  void endForWalLimit() {
    end(Ending.WAL_LIMIT);
  }

  void endForClose() {
    end(Ending.CLOSED);
  }

  private void end(Ending how) {
    Reader onReader = reader;
    if (onReader != null
        && ending.compareAndSet(null, how)
        && !onReader.schedule(() -> endOn(onReader))) {
      // No memory for the task: its time limit, the log's or a close tries again
      ending.compareAndSet(how, null);
    }
  }

  private void endOn(Reader onReader) {
    ended = true;
    Disposable alarm = timeout;
    if (alarm != null) {
      alarm.dispose();
    }
    List<ReadRequest> open = new ArrayList<>(streams);
    for (ReadRequest stream : open) {
      if (stream instanceof RowStream<?> rows) {
        rows.endOnReader(endedError());
      }
    }
    if (ending.get() == Ending.DONE) {
      services.metrics().readCompleted();
      noteOperation(null);
    } else {
      RuntimeException error = endedError();
      services.metrics().readFailed();
      noteOperation(error);
      services.answers().deliver(() -> timedOut.tryEmitError(error));
    }
    pool.ended(onReader, this);
  }

  private SnapshotTimeoutException timeoutError() {
    Duration limit = Duration.ofNanos(settings.snapshotNanos());
    String why =
        ending.get() == Ending.WAL_LIMIT
            ? "the write-ahead log it keeps from shrinking has passed walLimit"
            : "it was open for " + limit.toMillis() + " ms";
    return new SnapshotTimeoutException(
        "The snapshot was ended, because "
            + why
            + ". Keep snapshots short, page by key, or raise snapshotTimeout or walLimit",
        details(),
        limit);
  }

  // ---- its queries

  @Override
  public void submit(ReadRequest request) {
    Reader onReader = reader;
    if (queued.incrementAndGet() > MOST_QUERIES) {
      queued.decrementAndGet();
      request.refuseCounted(tooManyQueries());
    } else if (onReader == null
        || ending.get() != null
        || !onReader.schedule(() -> runQuery(onReader, request))) {
      queued.decrementAndGet();
      request.refuseCounted(endedError());
    }
  }

  private ReadQueueFullException tooManyQueries() {
    return new ReadQueueFullException(
        "The snapshot has "
            + MOST_QUERIES
            + " queries waiting for its one reader, so the query was not queued. Compose them with"
            + " concatMap, or with flatMap of a small concurrency",
        details(),
        MOST_QUERIES,
        MOST_QUERIES);
  }

  private void runQuery(Reader onReader, ReadRequest request) {
    queued.decrementAndGet();
    if (!request.beginRunning()) {
      return;
    }
    if (ended || ending.get() != null) {
      request.refuseCounted(endedError());
      return;
    }
    try {
      onReader.resume(request, () -> runOn(onReader, request));
    } catch (Throwable unexpected) {
      request.readerFailed(unexpected);
      throw unexpected;
    }
  }

  /** Its reader is replaced: the snapshot is gone, and with it what runs on it. */
  @Override
  void readerFailed(Throwable unexpected) {
    ended = true;
    ending.compareAndSet(null, pool.isEnding() ? Ending.CLOSED : Ending.BROKEN);
    reader = null;
    Disposable alarm = timeout;
    if (alarm != null) {
      alarm.dispose();
    }
    for (ReadRequest stream : new ArrayList<>(streams)) {
      stream.readerFailed(unexpected);
      streams.remove(stream);
    }
    RuntimeException error = endedError();
    services.answers().deliver(() -> timedOut.tryEmitError(error));
    super.readerFailed(unexpected);
  }

  private void runOn(Reader onReader, ReadRequest request) {
    try {
      request.run(onReader);
    } catch (SqlFailure failure) {
      onReader.noteFailure(failure);
      request.refuseCounted(request.typed(failure, request.details()));
      endIfBroken(onReader);
    } catch (Throwable thrown) {
      request.refuseCounted(thrown);
    }
  }

  /** SQLite has ended the transaction then: a later query would silently see newer data. */
  private void endIfBroken(Reader onReader) {
    SqlFailure failure = onReader.breakage();
    if (failure != null) {
      breakage = failure;
      end(Ending.BROKEN);
    }
  }

  private RuntimeException endedError() {
    return endedError(details());
  }

  @Override
  public RuntimeException endedError(ErrorDetails details) {
    Ending how = ending.get();
    // A pool that is closed stops what runs before it comes to what is held
    if (how == Ending.CLOSED || (how == null && pool.isEnding())) {
      return ReaderPool.closedError(details);
    }
    if (how == Ending.BROKEN) {
      return brokenError();
    }
    if (how == Ending.THROWN) {
      return new IllegalStateException(
          "The snapshot was ended, because an operator behind one of its queries threw", thrown);
    }
    return how == Ending.TIMEOUT || how == Ending.WAL_LIMIT
        ? timeoutError()
        : new IllegalStateException(
            "The snapshot has ended; use it inside the work that was given to withSnapshot");
  }

  /** Whichever reaches the caller first, this or the error of the query, is of the same kind. */
  private StorageException brokenError() {
    SqlFailure failure = breakage;
    Throwable ofQuery = failure == null ? null : failure.toReaderException(details());
    return new StorageException(
        "The snapshot was ended, because a query met an error of the disk or of memory that ends"
            + " its transaction. Read again in a new snapshot",
        failure == null ? details() : details().withCode(failure.code()),
        ofQuery instanceof StorageException storage ? storage.kind() : StorageException.Kind.OTHER);
  }

  /** The work may never end by itself. */
  @Override
  public void subscriberThrew(Throwable error) {
    thrown = error;
    end(Ending.THROWN);
  }

  @Override
  public boolean isEnding() {
    return ending.get() != null || pool.isEnding();
  }

  @Override
  public void withdraw(ReadRequest request) {
    // Its task finds that it has left
  }

  @Override
  public boolean tryHold(Reader onReader, ReadRequest request) {
    streams.add(request);
    return true;
  }

  @Override
  public void ended(Reader onReader, ReadRequest request) {
    streams.remove(request);
    endIfBroken(onReader);
  }

  // ---- as a request of the pool

  @Override
  void refuse(Throwable error) {
    services.answers().deliver(() -> answer.fail(error));
  }

  @Override
  boolean isCancelled() {
    return answer.isCancelled();
  }

  /** The request left while it was waiting, or while its answer was on the way. */
  @Override
  public void cancelled() {
    if (!withdraw()) {
      end(Ending.DONE);
    }
  }

  @Override
  public void dropped(@Nullable HeldSnapshot given) {
    end(Ending.DONE);
  }

  @Override
  String operation() {
    return "SNAPSHOT";
  }

  @Override
  ErrorDetails details() {
    return new ErrorDetails(0, settings.label(), null);
  }

  @Override
  long bytes() {
    return 0;
  }
}
