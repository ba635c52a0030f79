package io.github.reactivesqlite.benchmarks.peer;

/** One way to keep jobs in SQLite. Its handlers do nothing but say that they were called. */
public interface JobsPeer extends AutoCloseable {

  /**
   * Adds jobs that are due at once, in the way that is fastest for so many. Blocks until they are
   * durable.
   */
  void enqueue(int jobs) throws Exception;

  /** Adds one job that is due at once. Blocks until it is durable. */
  void enqueueOne() throws Exception;

  /** Begins to work. */
  void start();

  /** A query for the number of jobs that are not recorded as finished. */
  String unfinished();

  /** Ends its work, and releases connections and threads. */
  @Override
  void close();
}
