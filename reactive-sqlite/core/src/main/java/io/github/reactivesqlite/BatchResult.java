package io.github.reactivesqlite;

/**
 * One committed chunk of a {@link Batch} or of {@link ReactiveDatabase#writeChunks}.
 *
 * @param firstItem the index of the chunk's first item in the source, from 0
 * @param items how many items the chunk held
 * @param rowsUpdated how many rows its statements changed
 * @param totals all chunks up to and including this one
 */
public record BatchResult(long firstItem, int items, long rowsUpdated, Totals totals) {

  /**
   * The running totals of a stream of chunks.
   *
   * @param chunks committed chunks
   * @param items committed items
   * @param rowsUpdated rows changed
   */
  public record Totals(long chunks, long items, long rowsUpdated) {

    /** Nothing yet. */
    public static final Totals NONE = new Totals(0, 0, 0);

    /**
     * Adds one chunk.
     *
     * @param moreItems the chunk's items
     * @param moreRows the chunk's changed rows
     * @return the new totals
     */
    public Totals plus(long moreItems, long moreRows) {
      return new Totals(chunks + 1, items + moreItems, rowsUpdated + moreRows);
    }
  }
}
