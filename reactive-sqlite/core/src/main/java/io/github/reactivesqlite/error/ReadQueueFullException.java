package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * The queue for readers is full, and the read was refused at once without being queued.
 *
 * <p>Reads arrive faster than the readers answer: slow the producer down, add readers, or raise the
 * bound.
 */
public final class ReadQueueFullException extends TransientDatabaseException {

  private static final long serialVersionUID = 1L;

  private final long depth;
  private final long capacity;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param depth what is queued
   * @param capacity the bound that was met
   */
  public ReadQueueFullException(String message, ErrorDetails details, long depth, long capacity) {
    this(message, details, depth, capacity, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param depth what is queued
   * @param capacity the bound that was met
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public ReadQueueFullException(
      String message, ErrorDetails details, long depth, long capacity, @Nullable Throwable cause) {
    super(message, details, cause);
    this.depth = depth;
    this.capacity = capacity;
  }

  /** How many reads were queued when this one was refused. */
  public long depth() {
    return depth;
  }

  /** The bound that was met. */
  public long capacity() {
    return capacity;
  }
}
