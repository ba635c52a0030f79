package io.github.reactivesqlite.metrics;

import io.github.reactivesqlite.Lane;

/**
 * What a database looks like at this moment. Read by any thread, whenever a registry is scraped or
 * {@link DatabaseMetrics#stats()} is called: every method answers at once and does not block.
 */
public interface Gauges {

  /**
   * Units waiting for the writer.
   *
   * @param lane the queue
   * @return zero or more
   */
  int queueDepth(Lane lane);

  /**
   * The bytes that the waiting units hold.
   *
   * @param lane the queue
   * @return zero or more
   */
  long queueBytes(Lane lane);

  /**
   * Readers at work, with those that streams and snapshots hold.
   *
   * @return zero or more
   */
  int readersActive();

  /**
   * Readers open and free.
   *
   * @return zero or more
   */
  int readersIdle();

  /**
   * Reads waiting for a reader.
   *
   * @return zero or more
   */
  int readsPending();

  /**
   * Frames in the WAL.
   *
   * @return zero or more
   */
  long walFrames();

  /**
   * The size of the WAL file.
   *
   * @return bytes, zero without a file
   */
  long walBytes();

  /**
   * Frames of the WAL that have been copied into the database file.
   *
   * @return zero or more
   */
  long walCheckpointedFrames();
}
