package io.github.reactivesqlite.sqlite.engine.read;

import io.github.reactivesqlite.RowMapper;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.RowMappingException;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.sqlite.engine.bind.BoundSql;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.EngineStatement;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.ContextBridge;
import io.github.reactivesqlite.sqlite.engine.runtime.FatalErrors;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import io.github.reactivesqlite.sqlite.engine.session.RowMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;

/**
 * A query for all rows. A short result is read at once and leaves the reader free; a longer one
 * holds its reader, one chunk ahead of the subscriber, until it ends or its time is over.
 *
 * <p>Owner of the fields: the statement and what follows it belong to the reader's thread; {@code
 * current} and {@code index} to whoever runs {@link #drain}, which {@code drains} serialises;
 * {@code ready} hands one chunk over; {@code done} is written after the last chunk.
 *
 * @param <T> the type of the mapped rows
 */
final class RowStream<T> extends ReadRequest implements Subscription {

  @SuppressWarnings("rawtypes")
  private static final AtomicLongFieldUpdater<RowStream> REQUESTED =
      AtomicLongFieldUpdater.newUpdater(RowStream.class, "requested");

  private final CoreSubscriber<? super T> actual;
  private final BoundSql bound;
  private final RowMapper<? extends T> mapper;

  private volatile long requested;
  private volatile boolean cancelled;
  private volatile boolean done;
  private volatile @Nullable Throwable error;
  private volatile boolean timedOut;
  private volatile @Nullable RuntimeException endedBy;
  private final AtomicInteger drains = new AtomicInteger();
  private final AtomicReference<@Nullable List<T>> ready = new AtomicReference<>();
  private final AtomicBoolean terminated = new AtomicBoolean();
  private final Runnable fetching = this::fetch;

  private List<T> current = List.of();
  private int index;

  private volatile @Nullable Reader reader;
  private @Nullable EngineStatement statement;
  private @Nullable Disposable timeout;
  private boolean rowReady;
  private @Nullable RowMappingException mappingFailure;
  private volatile boolean holdsReader;

  RowStream(
      CoreSubscriber<? super T> actual,
      ReadServices services,
      OperationSettings settings,
      ReadHost host,
      BoundSql bound,
      RowMapper<? extends T> mapper) {
    super(services, settings, host);
    this.actual = actual;
    this.bound = bound;
    this.mapper = mapper;
  }

  // ---- on the reader's thread

  @Override
  Outcome run(Reader onReader) throws Exception {
    EngineConnection connection = onReader.connection();
    EngineStatement opened = connection.statement(bound.sql());
    boolean keeps = false;
    try {
      rowReady = opened.execute(bound.values());
      List<T> rows = readChunk(opened);
      if (cancelled) {
        discard(rows);
        noteCancelled();
        return Outcome.DONE;
      }
      if (!rowReady) {
        finished(onReader, rows);
        return Outcome.DONE;
      }
      if (!host.tryHold(onReader, this)) {
        // It begins anew, and maps these rows again, when it may hold a reader
        discard(rows);
        return Outcome.NEEDS_READER;
      }
      hold(onReader, opened, rows);
      keeps = true;
      return Outcome.HOLDS_READER;
    } finally {
      if (!keeps) {
        if (reader != null) {
          forgetReader();
        }
        connection.release(opened);
      }
    }
  }

  private void finished(Reader onReader, List<T> rows) {
    RowMappingException failure = mappingFailure;
    if (failure == null) {
      services.metrics().readCompleted();
    } else {
      services.metrics().readFailed();
    }
    error = failure;
    ready.set(rows);
    done = true;
    onReader.answer(
        () -> {
          noteOperation(failure);
          drain();
        });
  }

  private void hold(Reader onReader, EngineStatement opened, List<T> rows) {
    timeout = services.timer().schedule(() -> onTimeout(onReader), settings.snapshotNanos());
    reader = onReader;
    statement = opened;
    ready.set(rows);
    holdsReader = true;
    services.answers().deliver(this::drain);
    if (cancelled) {
      onReader.schedule(fetching);
    }
  }

  private List<T> readChunk(EngineStatement from) throws Exception {
    List<T> rows = ContextBridge.call(actual.currentContext(), () -> read(from));
    return rows == null ? List.of() : rows;
  }

  private List<T> read(EngineStatement from) {
    List<T> rows = new ArrayList<>();
    if (!rowReady) {
      return rows;
    }
    try {
      readInto(rows, from);
      return rows;
    } catch (Throwable failed) {
      discard(rows);
      throw failed;
    }
  }

  private void readInto(List<T> rows, EngineStatement from) {
    long bytesBefore = from.row().bytesRead();
    ErrorDetails details = details();
    while (rowReady
        && rows.size() < services.chunkRows()
        && from.row().bytesRead() - bytesBefore < services.chunkBytes()) {
      try {
        rows.add(RowMapping.<T>mapToValue(mapper, from.row(), details, ""));
      } catch (RowMappingException failed) {
        // The rows before it were good, and are given first
        mappingFailure = failed;
        rowReady = false;
        break;
      }
      rowReady = from.next();
      if (cancelled) {
        break;
      }
    }
  }

  /** Reads the next chunk of a held stream. */
  private void fetch() {
    Reader onReader = reader;
    EngineStatement from = statement;
    if (onReader == null || from == null) {
      return;
    }
    if (cancelled || timedOut) {
      endHold(onReader, timedOut ? timeoutError() : null);
      return;
    }
    try {
      onReader.resume(
          this,
          () -> {
            try {
              ready.set(readChunk(from));
            } catch (RuntimeException e) {
              throw e;
            } catch (Exception e) {
              throw new IllegalStateException("Reading a chunk failed", e);
            }
          });
    } catch (SqlFailure failure) {
      onReader.noteFailure(failure);
      endHold(onReader, timedOut ? timeoutError() : typed(failure, details()));
      return;
    } catch (Throwable thrown) {
      endHold(onReader, FatalErrors.asException("The read", thrown));
      return;
    }
    if (rowReady && !cancelled) {
      services.answers().deliver(this::drain);
    } else {
      endHold(onReader, mappingFailure);
    }
  }

  private void endHold(Reader onReader, @Nullable Throwable failure) {
    EngineStatement held = statement;
    forgetReader();
    if (held != null) {
      onReader.connection().release(held);
    }
    if (cancelled) {
      noteCancelled();
    } else if (failure == null) {
      services.metrics().readCompleted();
      noteOperation(null);
    } else {
      services.metrics().readFailed();
      noteOperation(failure);
    }
    error = failure;
    done = true;
    services.answers().deliver(this::drain);
    host.ended(onReader, this);
  }

  /** The connection is closed next, and the statement with it. */
  @Override
  void readerFailed(Throwable unexpected) {
    forgetReader();
    super.readerFailed(unexpected);
  }

  private void forgetReader() {
    statement = null;
    reader = null;
    holdsReader = false;
    Disposable alarm = timeout;
    if (alarm != null) {
      alarm.dispose();
    }
  }

  /** Ends a held stream from outside; without an error of somebody else's its time is over. */
  void endFromOutside(@Nullable RuntimeException why) {
    endedBy = why;
    timedOut = true;
    Reader onReader = reader;
    if (onReader != null) {
      onReader.schedule(fetching);
    }
  }

  /** The same on the reader's thread, at once. */
  void endOnReader(@Nullable RuntimeException why) {
    endedBy = why;
    timedOut = true;
    fetch();
  }

  private void onTimeout(Reader onReader) {
    timedOut = true;
    onReader.schedule(fetching);
  }

  private RuntimeException timeoutError() {
    RuntimeException why = endedBy;
    if (why != null) {
      return why;
    }
    Duration limit = Duration.ofNanos(settings.snapshotNanos());
    return new SnapshotTimeoutException(
        "The stream of rows was ended: a stream holds a reader and keeps the write-ahead log from"
            + " shrinking, for at most "
            + limit.toMillis()
            + " ms and while the log is below walLimit. Consume faster, page by key, or raise"
            + " snapshotTimeout",
        details(),
        limit);
  }

  @Override
  public boolean stopRequested() {
    return timedOut || super.stopRequested();
  }

  // ---- towards the subscriber, on the result scheduler

  private void drain() {
    if (drains.getAndIncrement() == 0) {
      drainLoop();
    }
  }

  private void drainLoop() {
    int missed = 1;
    do {
      emit();
      missed = drains.addAndGet(-missed);
    } while (missed != 0);
  }

  private void emit() {
    long emitted = 0;
    long demand = requested;
    while (true) {
      if (cancelled) {
        discard();
        return;
      }
      if (index == current.size()) {
        boolean wasDone = done;
        List<T> next = ready.getAndSet(null);
        if (next == null) {
          if (wasDone) {
            terminate();
          }
          break;
        }
        current = next;
        index = 0;
        if (!wasDone) {
          fetchNext();
        }
        continue;
      }
      if (emitted == demand) {
        demand = requested;
        if (emitted == demand) {
          break;
        }
      }
      T value = current.get(index++);
      emitted++;
      try {
        actual.onNext(value);
      } catch (Throwable thrown) {
        subscriberThrew(thrown);
        return;
      }
    }
    if (emitted != 0 && demand != Long.MAX_VALUE) {
      REQUESTED.addAndGet(this, -emitted);
    }
  }

  /** Reactor's operators rethrow fatal errors; the rows end, and whoever waits hears of it. */
  private void subscriberThrew(Throwable thrown) {
    Throwable failure = FatalErrors.asException("An operator behind the rows", thrown);
    cancelled = true;
    terminated.set(true);
    fetchNext();
    discard();
    host.subscriberThrew(failure);
    actual.onError(failure);
  }

  private void fetchNext() {
    Reader onReader = reader;
    if (onReader != null) {
      onReader.schedule(fetching);
    }
  }

  private void terminate() {
    if (terminated.compareAndSet(false, true)) {
      Throwable failure = error;
      if (failure == null) {
        try {
          actual.onComplete();
        } catch (Throwable thrown) {
          subscriberThrew(thrown);
        }
      } else {
        actual.onError(failure);
      }
    }
  }

  private void discard(List<T> rows) {
    Operators.onDiscardMultiple(rows, actual.currentContext());
  }

  private void discard() {
    List<T> left = ready.getAndSet(null);
    List<T> rest = current.subList(index, current.size());
    current = List.of();
    index = 0;
    discard(rest);
    if (left != null) {
      discard(left);
    }
  }

  @Override
  void refuse(Throwable failure) {
    error = failure;
    done = true;
    services.answers().deliver(this::drain);
  }

  @Override
  boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void request(long n) {
    if (Operators.validate(n)) {
      Operators.addCap(REQUESTED, this, n);
      boolean somethingToGive = done || holdsReader;
      if (somethingToGive && drains.getAndIncrement() == 0) {
        services.answers().deliver(this::drainLoop);
      }
    }
  }

  @Override
  public void cancel() {
    if (cancelled) {
      return;
    }
    cancelled = true;
    if (withdraw()) {
      return;
    }
    Reader onReader = reader;
    if (onReader != null) {
      onReader.schedule(fetching);
    }
    drain();
  }

  @Override
  String operation() {
    return bound.statement().operationName();
  }

  @Override
  ErrorDetails details() {
    return bound.details(settings.label());
  }

  @Override
  long bytes() {
    return bound.bytes();
  }
}
