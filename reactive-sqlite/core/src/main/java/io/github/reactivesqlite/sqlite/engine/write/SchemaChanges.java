package io.github.reactivesqlite.sqlite.engine.write;

/**
 * Told after a COMMIT that changed the schema, so that prepared statements elsewhere are renewed.
 */
@FunctionalInterface
public interface SchemaChanges {

  /** The schema has changed. Called on the writer's thread. */
  void changed();
}
