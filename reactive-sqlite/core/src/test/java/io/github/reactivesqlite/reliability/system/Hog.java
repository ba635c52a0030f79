package io.github.reactivesqlite.reliability.system;

import io.github.reactivesqlite.ReactiveDatabase;
import reactor.core.publisher.Mono;

/** Ways to ask for a value that does not fit into the heap; those that write leave a row behind. */
enum Hog {
  READ {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database.query(SELECT).mapTo(byte[].class).one();
    }
  },
  /** The driver finds no memory for a blob in native code, but decodes a text in Java. */
  TEXT {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database.query(SELECT_TEXT).mapTo(String.class).one();
    }
  },
  STREAM {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database
          .query("SELECT body FROM entry UNION ALL " + SELECT)
          .map(row -> row.getBytes(1))
          .all()
          .limitRate(1)
          .then();
    }
  },
  SNAPSHOT {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database.withSnapshot(
          snapshot -> snapshot.query(SELECT).mapTo(byte[].class).one().then());
    }
  },
  RETURNING {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database
          .update(INSERT + " RETURNING zeroblob(" + BYTES + ")")
          .returning(row -> row.getBytes(1))
          .one();
    }
  },
  UNIT {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database.write(
          session -> {
            session.update(INSERT).execute();
            return session.query(SELECT).mapTo(byte[].class).one().isPresent();
          });
    }
  },
  UNIT_WITH_TEXT {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database.write(
          session -> {
            session.update(INSERT).execute();
            return session.query(SELECT_TEXT).mapTo(String.class).one().isPresent();
          });
    }
  },
  TRANSACTION {
    @Override
    Mono<?> feed(ReactiveDatabase database) {
      return database.withTransaction(
          transaction ->
              transaction
                  .update(INSERT)
                  .rowsUpdated()
                  .then(transaction.query(SELECT).mapTo(byte[].class).one())
                  .then());
    }
  };

  private static final int BYTES = 60_000_000;
  private static final String SELECT = "SELECT zeroblob(" + BYTES + ")";
  private static final String SELECT_TEXT = "SELECT hex(zeroblob(" + BYTES / 2 + "))";
  private static final String INSERT = "INSERT INTO hog VALUES (1)";

  /** Asks when it is subscribed to. */
  abstract Mono<?> feed(ReactiveDatabase database);
}
