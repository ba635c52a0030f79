package io.github.reactivesqlite;

import java.util.List;

/**
 * Writes one chunk: several statements, several tables, one atomic unit. Runs on the writer's
 * thread under the same rules as a {@link WriteUnit}: it may run again, so it has no side effect
 * outside the database.
 *
 * @param <P> the type of the items
 */
@FunctionalInterface
public interface ChunkUnit<P> {

  /**
   * Writes the items.
   *
   * @param session the statements to run; valid during this call only
   * @param items the chunk's items in order
   * @throws Exception whatever the unit meets; the chunk is rolled back and the stream fails
   */
  void write(WriteSession session, List<P> items) throws Exception;
}
