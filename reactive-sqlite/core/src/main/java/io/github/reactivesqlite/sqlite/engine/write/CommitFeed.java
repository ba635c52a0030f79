package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.sqlite.engine.sql.TableSet;

/** Where the writer publishes its commits, after they returned and before it answers anybody. */
public interface CommitFeed {

  /** A feed that nobody listens to. */
  CommitFeed NOBODY =
      new CommitFeed() {
        @Override
        public boolean isListening() {
          return false;
        }

        @Override
        public boolean concerns(TableSet tables) {
          return false;
        }

        @Override
        public void committed(TableSet tables) {}
      };

  /**
   * Whether anybody listens. Called for every statement, so it is as cheap as one volatile read.
   */
  boolean isListening();

  /** Whether anybody listens to one of the tables now. Cheap, and never waits. */
  boolean concerns(TableSet tables);

  /**
   * One COMMIT that may have changed something, of this process or of others. Called on the
   * writer's thread, in commit order; neither blocks nor throws.
   */
  void committed(TableSet tables);
}
