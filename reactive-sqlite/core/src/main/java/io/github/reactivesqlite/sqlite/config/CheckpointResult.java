package io.github.reactivesqlite.sqlite.config;

/**
 * What a checkpoint did.
 *
 * @param busy whether a reader, a writer or another checkpoint kept it from finishing
 * @param walFrames frames (pages) in the log
 * @param checkpointedFrames frames of the log that are in the database file by now
 */
public record CheckpointResult(boolean busy, long walFrames, long checkpointedFrames) {

  /** Whether everything in the log is in the database file. */
  public boolean complete() {
    return walFrames == checkpointedFrames;
  }
}
