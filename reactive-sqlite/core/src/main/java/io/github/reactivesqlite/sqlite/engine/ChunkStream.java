package io.github.reactivesqlite.sqlite.engine;

import io.github.reactivesqlite.BatchResult;
import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.error.BatchFailedException;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.metrics.DatabaseMetrics;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One subscription to a stream of chunks: cut by size and time, written one after another. Whatever
 * happens, every item that came in is either in a committed chunk or was discarded.
 *
 * <p>Chunks are cut and settled one at a time, so the counters need no guard beyond the signals'
 * own order; {@code waiting} is concurrent because a cancel comes from anywhere.
 *
 * @param <P> the type of the items
 */
final class ChunkStream<P> {

  /** The index in an error that no single item is to blame for. */
  private static final long NO_ITEM = -1;

  private final ChunkOptions<P> options;
  private final ChunkWriter<P> writer;
  private final Function<ChunkWriter.Body, Mono<Long>> unit;
  private final EngineTimer timer;
  private final Scheduler results;
  private final DatabaseMetrics metrics;
  private final @Nullable String label;
  private final Context context;

  private final Set<Chunk> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;
  private BatchResult.Totals totals = BatchResult.Totals.NONE;
  private long cutItems;

  ChunkStream(
      ChunkOptions<P> options,
      ChunkWriter<P> writer,
      Function<ChunkWriter.Body, Mono<Long>> unit,
      EngineTimer timer,
      Scheduler results,
      DatabaseMetrics metrics,
      @Nullable String label,
      ContextView context) {
    this.options = options;
    this.writer = writer;
    this.unit = unit;
    this.timer = timer;
    this.results = results;
    this.metrics = metrics;
    this.label = label;
    this.context = Context.of(context);
  }

  /** Writes the items; one element per written chunk. */
  Flux<BatchResult> write(Publisher<? extends P> items) {
    // One prefetched chunk behind the buffer: with none, chunks would be cut at every demand. And
    // made by a task of its own, hidden because the two would be fused into one: concatMap asks for
    // the next chunk before it hands one over, so the writer would wait while the source works
    // The source keeps the subscriber's context: what its own operators drop is not ours to count
    return cut(Flux.<P>from(items).contextWrite(ours -> context))
        .map(Chunk::new)
        .doOnNext(this::enter)
        .publishOn(results, 1)
        .hide()
        .concatMapDelayError(this::writeChunk, false, 1)
        .onErrorMap(this::failure)
        .doFinally(end -> leave());
  }

  private void enter(Chunk chunk) {
    waiting.add(chunk);
    if (ended) {
      chunk.discardIfNotBegun(); // a cancel went by while it was cut
    }
  }

  private void leave() {
    ended = true;
    waiting.forEach(Chunk::discardIfNotBegun);
  }

  /** Items that the buffer drops are counted; the application's own hook sees them too. */
  private Flux<List<P>> cut(Flux<P> items) {
    Function<? super P, ?> boundary = options.boundary();
    Flux<List<P>> chunks =
        boundary == null
            ? buffered(items).map(pack -> pack)
            : buffered(items.bufferUntilChanged(item -> keyOf(boundary, item)).map(Pack::new))
                .concatMapIterable(this::whole, 1);
    return chunks.doOnDiscard(Object.class, this::countDiscarded);
  }

  private static <P> Object keyOf(Function<? super P, ?> boundary, P item) {
    try {
      return boundary.apply(item);
    } catch (Error fatal) {
      throw new IllegalStateException(
          "The chunk boundary threw " + fatal.getClass().getName(), fatal);
    }
  }

  private <E> Flux<Pack<E>> buffered(Flux<E> elements) {
    return ChunkCutter.cut(
        elements, options.size(), EngineTimer.nanos(options.maxDelay()), timer, Pack::new);
  }

  private void countDiscarded(Object dropped) {
    if (dropped instanceof Pack<?>) {
      discardPart(dropped);
    } else {
      metrics.itemsDiscarded(1);
    }
  }

  private void discardPart(Object part) {
    if (part instanceof Pack<?> pack) {
      if (pack.discarded.compareAndSet(false, true)) {
        pack.forEach(this::discardPart);
      }
    } else {
      metrics.itemsDiscarded(1);
      Operators.onDiscard(part, context);
    }
  }

  /** A list of our own making, of items or of packs; an item may be a list itself. */
  private static final class Pack<E> extends ArrayList<E> {
    private static final long serialVersionUID = 1L;

    /** Operators that meet a cancel may give the same pack up twice. */
    private final AtomicBoolean discarded = new AtomicBoolean();

    Pack() {}

    Pack(List<E> elements) {
      super(elements);
    }
  }

  /** Joins whole runs until a chunk is full. */
  private List<List<P>> whole(List<Pack<P>> runs) {
    List<List<P>> chunks = new ArrayList<>();
    List<P> open = new Pack<>();
    for (List<P> run : runs) {
      open.addAll(run);
      if (open.size() >= options.size()) {
        chunks.add(open);
        open = new Pack<>();
      }
    }
    if (!open.isEmpty()) {
      chunks.add(open);
    }
    return chunks;
  }

  private Mono<BatchResult> writeChunk(Chunk chunk) {
    ChunkWriter.Prepared prepared = chunk.prepared;
    if (prepared == null) {
      chunk.discard();
      return Mono.error(failed(chunk.firstItem + chunk.badItem, chunk.badItemCause));
    }
    chunk.begin();
    Duration pause = options.pauseBetweenChunks();
    ChunkWriter.Body body =
        new ChunkWriter.Body(
            prepared, pause == null ? 0 : EngineTimer.nanos(pause), chunk::discard);
    return unit.apply(body)
        .map(rows -> written(chunk, rows))
        .onErrorMap(
            error -> {
              if (error instanceof CommitOutcomeUnknownException) {
                waiting.remove(chunk);
                return unknown(chunk, error);
              }
              chunk.discard();
              int item = prepared.itemAtWork();
              return failed(item < 0 ? NO_ITEM : chunk.firstItem + item, error);
            });
  }

  private BatchResult written(Chunk chunk, long rows) {
    if (!options.isAtomic()) {
      waiting.remove(chunk);
    }
    totals = totals.plus(chunk.items.size(), rows);
    return new BatchResult(chunk.firstItem, chunk.items.size(), rows, totals);
  }

  private BatchFailedException unknown(Chunk chunk, Throwable cause) {
    long committed = options.isAtomic() ? 0 : totals.items();
    return new BatchFailedException(
        "The batch ended at a COMMIT whose outcome is not known: at least the first "
            + committed
            + " items are committed, and the next "
            + chunk.items.size()
            + " may be. Check those by a key of theirs before writing them again",
        new ErrorDetails(0, label, null),
        NO_ITEM,
        committed,
        cause);
  }

  /** Ends an atomic stream: after its COMMIT all chunks are written, otherwise none is. */
  void endAtomic(boolean mayBeCommitted) {
    for (Chunk chunk : List.copyOf(waiting)) {
      if (mayBeCommitted) {
        waiting.remove(chunk);
      } else {
        chunk.discard();
      }
    }
  }

  private Throwable failure(Throwable error) {
    return error instanceof BatchFailedException ? error : failed(NO_ITEM, error);
  }

  private BatchFailedException failed(long item, @Nullable Throwable cause) {
    long committed = options.isAtomic() ? 0 : totals.items();
    ErrorDetails details =
        cause instanceof DatabaseException typed
            ? typed.details()
            : new ErrorDetails(0, label, null);
    return new BatchFailedException(
        "The batch ended"
            + (item == NO_ITEM ? "" : " at item " + item)
            + "; exactly the first "
            + committed
            + " items are committed. The cause says what is wrong with the item, its chunk or the"
            + " source; go on from the first item that is not committed",
        details,
        item,
        committed,
        cause);
  }

  /**
   * Items on their way, bound while the chunk before is written; an item that cannot be bound is
   * told of in its turn. Discarded at most once, and never after they were written.
   */
  private final class Chunk {
    private final List<P> items;
    private final long firstItem;
    private final ChunkWriter.@Nullable Prepared prepared;
    private final int badItem;
    private final @Nullable Throwable badItemCause;
    private final AtomicBoolean discarded = new AtomicBoolean();
    private volatile boolean begun;

    Chunk(List<P> items) {
      this.items = items;
      this.firstItem = cutItems;
      cutItems += items.size();
      ChunkWriter.Prepared bound = null;
      int bad = -1;
      Throwable cause = null;
      try {
        bound = writer.prepare(items);
      } catch (ChunkWriter.BadItemException failed) {
        bad = failed.item();
        cause = failed.getCause();
      }
      this.prepared = bound;
      this.badItem = bad;
      this.badItemCause = cause;
    }

    void begin() {
      begun = true;
    }

    void discardIfNotBegun() {
      if (!begun) {
        discard();
      }
    }

    void discard() {
      if (discarded.compareAndSet(false, true)) {
        waiting.remove(this);
        metrics.itemsDiscarded(items.size());
        Operators.onDiscardMultiple(items, context);
      }
    }
  }
}
