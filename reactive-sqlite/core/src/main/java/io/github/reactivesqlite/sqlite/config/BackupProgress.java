package io.github.reactivesqlite.sqlite.config;

/**
 * How far a backup has come.
 *
 * @param totalPages pages of the source; grows when the source grows meanwhile
 * @param remainingPages pages still to copy
 * @param done whether the copy is complete and flushed to disk; true in the last element only
 */
public record BackupProgress(long totalPages, long remainingPages, boolean done) {

  /** The part that is copied, from 0 to 1. */
  public double fraction() {
    if (done) {
      return 1;
    }
    return totalPages <= 0 ? 0 : (double) (totalPages - remainingPages) / totalPages;
  }
}
