package io.github.reactivesqlite.benchmarks.peer;

import java.util.List;
import org.reactivestreams.Publisher;

/**
 * One way to reach SQLite. Everything is lazy, and may be called from any thread; nothing blocks
 * the subscribing thread.
 */
public interface Peer extends AutoCloseable {

  /** One statement, committed when the publisher completes. */
  Publisher<?> write(Statement statement);

  /** All of the statements or none, committed when the publisher completes. */
  Publisher<?> unit(List<Statement> statements);

  /** The row with this key, by {@link Sql#READ}. */
  Publisher<Item> read(long id);

  /** Every row, by {@link Sql#SCAN}. */
  Publisher<Item> scan();

  /**
   * Many rows by {@link Sql#INSERT}, committed every {@code chunk} rows.
   *
   * @param rows how many, numbered from 0
   */
  Publisher<?> bulk(Items items, long rows, int chunk);

  /** Releases connections and threads. */
  @Override
  void close();
}
