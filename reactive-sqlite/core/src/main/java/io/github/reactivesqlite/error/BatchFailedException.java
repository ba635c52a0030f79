package io.github.reactivesqlite.error;

import org.jspecify.annotations.Nullable;

/**
 * An item of a batch failed, and the chunk that held it was rolled back.
 *
 * <p>Items before {@link #committedItems()} are committed, and the rest was not written. The cause
 * says what was wrong with the item.
 */
public final class BatchFailedException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  private final long itemIndex;
  private final long committedItems;

  /**
   * Creates the exception without a cause.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param itemIndex index of the failed item in the source, from 0; -1 when no single item is to
   *     blame
   * @param committedItems number of items committed before
   */
  public BatchFailedException(
      String message, ErrorDetails details, long itemIndex, long committedItems) {
    this(message, details, itemIndex, committedItems, null);
  }

  /**
   * Creates the exception.
   *
   * @param message what happened, why, what to do
   * @param details code, label and SQL template
   * @param itemIndex index of the failed item in the source, from 0; -1 when no single item is to
   *     blame
   * @param committedItems number of items committed before
   * @param cause what led here, free of values and literals; null when nothing did
   */
  public BatchFailedException(
      String message,
      ErrorDetails details,
      long itemIndex,
      long committedItems,
      @Nullable Throwable cause) {
    super(message, details, cause);
    this.itemIndex = itemIndex;
    this.committedItems = committedItems;
  }

  /** Index of the failed item in the source, from 0; -1 when no single item is to blame. */
  public long itemIndex() {
    return itemIndex;
  }

  /** How many items, counted from the first, are committed. */
  public long committedItems() {
    return committedItems;
  }
}
