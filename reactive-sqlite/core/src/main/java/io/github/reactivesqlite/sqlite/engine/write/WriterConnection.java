package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.connection.SqlFailure;
import io.github.reactivesqlite.sqlite.engine.runtime.SteadyLogger;
import org.slf4j.Logger;

/**
 * The writer's connection, and its replacement when its state is not known any more.
 *
 * <p>All fields belong to the writer thread.
 */
final class WriterConnection {

  private static final Logger LOG = SteadyLogger.of(WriterConnection.class);

  /** Opens a writer's connection on the writer's thread. */
  @FunctionalInterface
  interface Opener {
    EngineConnection open(int generation);
  }

  private final Opener opener;
  private final ChangeTracker changes;
  private EngineConnection current;
  private int generation = 1;
  private boolean suspect;

  WriterConnection(EngineConnection first, Opener opener, ChangeTracker changes) {
    this.current = first;
    this.opener = opener;
    this.changes = changes;
    changes.watch(first);
  }

  /** The connection to work with; closed if it is suspect and could not be replaced. */
  EngineConnection current() {
    return current;
  }

  /** Nothing may run on it any more before it is {@link #renew replaced}. */
  void distrust() {
    suspect = true;
  }

  boolean isSuspect() {
    return suspect;
  }

  /**
   * Closes the connection, which rolls back what it may still have open, and opens another.
   *
   * @throws SqlFailure if that fails; the next call tries again
   */
  void renew() {
    current.close();
    generation++;
    try {
      current = opener.open(generation);
    } catch (DatabaseException failed) {
      throw SqlFailure.of(failed);
    }
    suspect = false;
    changes.watch(current);
    LOG.warn("The writer's connection was replaced: {} opened", current.name());
  }
}
