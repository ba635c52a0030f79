package io.github.reactivesqlite.sqlite.config;

/**
 * Size of the write-ahead log at one moment.
 *
 * @param frames frames (pages) in the log
 * @param checkpointedFrames frames that are in the database file already
 * @param bytes size of the log file; it shrinks only when the log is truncated
 */
public record WalSize(long frames, long checkpointedFrames, long bytes) {

  /** Frames that a checkpoint still has to copy. */
  public long pendingFrames() {
    return Math.max(0, frames - checkpointedFrames);
  }
}
