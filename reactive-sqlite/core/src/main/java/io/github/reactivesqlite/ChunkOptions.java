package io.github.reactivesqlite;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How {@link ReactiveDatabase#writeChunks} cuts a stream into chunks. Immutable.
 *
 * @param <P> the type of the items
 */
public final class ChunkOptions<P> {

  private final int size;
  private final Duration maxDelay;
  private final @Nullable Function<? super P, ?> boundary;
  private final boolean atomic;
  private final @Nullable Duration pauseBetweenChunks;

  private ChunkOptions(
      int size,
      Duration maxDelay,
      @Nullable Function<? super P, ?> boundary,
      boolean atomic,
      @Nullable Duration pauseBetweenChunks) {
    this.size = size;
    this.maxDelay = maxDelay;
    this.boundary = boundary;
    this.atomic = atomic;
    this.pauseBetweenChunks = pauseBetweenChunks;
  }

  /**
   * Chunks of at most the given number of items; an incomplete one waits {@link
   * Batch#DEFAULT_MAX_DELAY}.
   *
   * @param items at least 1
   * @param <P> the type of the items
   * @return the options
   */
  public static <P> ChunkOptions<P> ofSize(int items) {
    if (items < 1) {
      throw new IllegalArgumentException("A chunk holds at least 1 item, not " + items);
    }
    return new ChunkOptions<>(items, Batch.DEFAULT_MAX_DELAY, null, false, null);
  }

  /**
   * Sets how long an incomplete chunk waits for more items.
   *
   * @param delay a positive time
   * @return new options
   */
  public ChunkOptions<P> maxDelay(Duration delay) {
    return new ChunkOptions<>(size, positive(delay), boundary, atomic, pauseBetweenChunks);
  }

  /**
   * Never splits a run of items with the same key (the tracks of an album): a chunk ends only where
   * the key changes, so a run longer than the chunk size makes a larger chunk, and a run is written
   * once the next one has begun or the source has ended.
   *
   * @param keyOf gives an item's key
   * @return new options
   */
  public ChunkOptions<P> boundary(Function<? super P, ?> keyOf) {
    return new ChunkOptions<>(
        size, maxDelay, Objects.requireNonNull(keyOf, "keyOf"), atomic, pauseBetweenChunks);
  }

  /**
   * Puts the whole stream into one transaction: all or nothing. Results come after its COMMIT, the
   * transaction timeout applies, and other writes wait while it is open. The items are kept until
   * then, so that they can be given to the discard hook when the transaction is rolled back.
   *
   * @return new options
   */
  public ChunkOptions<P> atomic() {
    return new ChunkOptions<>(size, maxDelay, boundary, true, pauseBetweenChunks);
  }

  /**
   * Leaves the file's lock free for a while after each chunk, for other processes that write the
   * same file. Without it the writer pauses by itself, and only when it has met competition.
   *
   * @param pause a positive time, usually around 10 ms
   * @return new options
   */
  public ChunkOptions<P> pauseBetweenChunks(Duration pause) {
    return new ChunkOptions<>(size, maxDelay, boundary, atomic, positive(pause));
  }

  private static Duration positive(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("A positive time is needed, not " + time);
    }
    return time;
  }

  /**
   * The greatest number of items in a chunk.
   *
   * @return at least 1
   */
  public int size() {
    return size;
  }

  /**
   * How long an incomplete chunk waits.
   *
   * @return a positive time
   */
  public Duration maxDelay() {
    return maxDelay;
  }

  /**
   * The key that keeps items together.
   *
   * @return the function, or {@code null} where items stand alone
   */
  public @Nullable Function<? super P, ?> boundary() {
    return boundary;
  }

  /**
   * Whether the whole stream is one transaction.
   *
   * @return true after {@link #atomic()}
   */
  public boolean isAtomic() {
    return atomic;
  }

  /**
   * The pause asked for.
   *
   * @return the pause, or {@code null} to let the writer decide
   */
  public @Nullable Duration pauseBetweenChunks() {
    return pauseBetweenChunks;
  }
}
