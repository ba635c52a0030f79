package io.github.reactivesqlite;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * One statement for many items, written in chunks by the bulk lane. Each chunk is one atomic unit.
 * Immutable: every call returns a new one.
 */
public interface Batch {

  /** How many rows a chunk holds unless {@link #chunkSize(int)} says otherwise. */
  int DEFAULT_CHUNK_SIZE = 1_000;

  /** How long an incomplete chunk waits unless {@link #maxDelay(Duration)} says otherwise. */
  Duration DEFAULT_MAX_DELAY = Duration.ofMillis(100);

  /**
   * Sets the greatest number of rows in a chunk; default {@value #DEFAULT_CHUNK_SIZE}.
   *
   * @param rows at least 1
   * @return a new batch
   */
  Batch chunkSize(int rows);

  /**
   * Sets how long an incomplete chunk waits for more items; default 100 ms.
   *
   * @param delay a positive time
   * @return a new batch
   */
  Batch maxDelay(Duration delay);

  /**
   * Writes the items. Lazy; the source is subscribed to once per subscription and is held back by
   * demand: a full lane means no demand, never an error. The binder runs before a chunk is queued,
   * never on the writer. A bad item, a failed chunk or an error of the source ends the stream with
   * {@link io.github.reactivesqlite.error.BatchFailedException}, which says how many items are
   * committed: exactly the first ones. Cancelling lets a running chunk finish; items that are not
   * written go to Reactor's discard hook ({@code doOnDiscard}) and are counted.
   *
   * @param items the items
   * @param binder binds one item's values
   * @param <P> the type of the items
   * @return one element per committed chunk, on the result scheduler
   */
  <P> Flux<BatchResult> execute(
      Publisher<? extends P> items, BiConsumer<? super Parameters, ? super P> binder);
}
