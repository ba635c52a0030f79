package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * The write queue is full, and the write was refused at once without being queued.
 *
 * <p>Writes arrive faster than the disk takes them: slow the producer down, write in batches, or
 * raise the bound.
 */
public final class WriteQueueFullException extends TransientDatabaseException {

  private static final long serialVersionUID = 1L;

  private final long depth;
  private final long capacity;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param depth what is queued
   * @param capacity the bound that was met, in the same unit
   */
  public WriteQueueFullException(String message, ErrorDetails details, long depth, long capacity) {
    this(message, details, depth, capacity, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param depth what is queued
   * @param capacity the bound that was met, in the same unit
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public WriteQueueFullException(
      String message, ErrorDetails details, long depth, long capacity, @Nullable Throwable cause) {
    super(message, details, cause);
    this.depth = depth;
    this.capacity = capacity;
  }

  /**
   * How much was queued when the write was refused: operations, or bytes if the bound on bytes was
   * met.
   */
  public long depth() {
    return depth;
  }

  /** The bound that was met, in the unit of {@link #depth()}. */
  public long capacity() {
    return capacity;
  }
}
