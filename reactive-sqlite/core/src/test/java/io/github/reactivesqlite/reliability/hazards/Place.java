package io.github.reactivesqlite.reliability.hazards;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A place where an application's code runs, and may throw. The tables are {@code item (id)} with
 * 2,000 rows and {@code culprit (id)}, which stays empty.
 */
record Place(String name, BiFunction<SqliteDatabase, Thrown, Publisher<?>> operation) {

  private static final String INSERT = "INSERT INTO culprit VALUES (?)";
  private static final String ROWS = "SELECT id FROM item ORDER BY id";
  private static final String RETURNING = "DELETE FROM item WHERE id < 0 RETURNING id";
  private static final int DEEP = 700;

  @Override
  public String toString() {
    return name;
  }

  /** Where a library calls the application: nothing may be committed. */
  static Place[] callbacks() {
    return new Place[] {
      new Place("mapper, one()", (db, t) -> db.query("SELECT 1").map(row -> t.raised()).one()),
      new Place("mapper, first()", (db, t) -> db.query(ROWS).map(row -> t.raised()).first()),
      new Place(
          "mapper, all()",
          (db, t) -> db.query("SELECT 1 UNION SELECT 2").map(row -> t.raised()).all()),
      new Place(
          "mapper, deep in a stream",
          (db, t) ->
              db.query(ROWS)
                  .map(row -> row.getLong("id") == DEEP ? t.<Long>raised() : row.getLong("id"))
                  .all()
                  .limitRate(10)),
      new Place(
          "record constructor",
          (db, t) -> db.query("SELECT '" + t + "' AS thrown").mapTo(Bomb.class).one()),
      new Place(
          "write unit",
          (db, t) ->
              db.write(
                  session -> {
                    session.update(INSERT).bind(1, 1).execute();
                    return t.raised();
                  })),
      new Place(
          "write unit, mapper",
          (db, t) ->
              db.write(
                  session -> {
                    session.update(INSERT).bind(1, 1).execute();
                    return session.query(ROWS).map(row -> t.raised()).all();
                  })),
      new Place(
          "write unit, mapper of RETURNING",
          (db, t) ->
              db.write(
                  session ->
                      session
                          .update("INSERT INTO culprit VALUES (1), (2) RETURNING id")
                          .returning(row -> t.raised())
                          .all())),
      new Place(
          "write unit, forEach",
          (db, t) ->
              db.write(
                  session -> {
                    session.query(ROWS).mapTo(Long.class).forEach(row -> t.raise());
                    return 1;
                  })),
      new Place("read unit", (db, t) -> db.read(session -> t.raised())),
      new Place(
          "read unit, mapper",
          (db, t) -> db.read(session -> session.query(ROWS).map(row -> t.raised()).all())),
      new Place("snapshot", (db, t) -> db.withSnapshot(snapshot -> t.<Mono<Long>>raised())),
      new Place(
          "snapshot, many", (db, t) -> db.withSnapshotMany(snapshot -> t.<Flux<Long>>raised())),
      new Place(
          "snapshot, mapper of one",
          (db, t) -> db.withSnapshot(s -> s.query("SELECT 1").map(row -> t.raised()).one())),
      new Place(
          "snapshot, mapper of a stream",
          (db, t) ->
              db.withSnapshotMany(
                  s ->
                      s.query(ROWS)
                          .map(row -> row.getLong("id") == DEEP ? t.<Long>raised() : 1L)
                          .all()
                          .limitRate(10))),
      new Place("transaction", (db, t) -> db.withTransaction(tx -> t.<Mono<Long>>raised())),
      new Place(
          "transaction, after a write",
          (db, t) ->
              db.withTransaction(
                  tx -> tx.update(INSERT).bind(1, 1).rowsUpdated().map(rows -> t.raised()))),
      new Place(
          "transaction, flatMap",
          (db, t) ->
              db.withTransaction(
                  tx ->
                      tx.update(INSERT)
                          .bind(1, 1)
                          .rowsUpdated()
                          .flatMap(rows -> t.<Mono<Long>>raised()))),
      new Place(
          "transaction, mapper",
          (db, t) ->
              db.withTransaction(
                  tx ->
                      tx.update("INSERT INTO culprit VALUES (1), (2) RETURNING id")
                          .returning(row -> t.raised())
                          .all()
                          .then())),
      new Place(
          "transaction, savepoint",
          (db, t) ->
              db.withTransaction(
                  tx ->
                      tx.withSavepoint(
                          inner ->
                              inner
                                  .update(INSERT)
                                  .bind(1, 1)
                                  .rowsUpdated()
                                  .then(Mono.defer(() -> t.<Mono<Long>>raised()))))),
      new Place(
          "mapper of RETURNING, one()",
          (db, t) -> db.update(returningARow()).returning(row -> t.raised()).one()),
      new Place(
          "mapper of RETURNING, all()",
          (db, t) -> db.update(returningARow()).returning(row -> t.raised()).all()),
      new Place(
          "binder of a batch",
          (db, t) -> db.batch(INSERT).execute(Flux.just(1, 2), (row, item) -> t.raise())),
      new Place(
          "chunk unit",
          (db, t) ->
              db.writeChunks(
                  Flux.just(1, 2),
                  ChunkOptions.<Integer>ofSize(2),
                  (session, items) -> {
                    session.update(INSERT).bind(1, 1).execute();
                    t.raise();
                  })),
      new Place(
          "chunk unit of an atomic stream",
          (db, t) ->
              db.writeChunks(
                  Flux.just(1, 2),
                  ChunkOptions.<Integer>ofSize(1).atomic(),
                  (session, items) -> {
                    session.update(INSERT).bind(1, items.get(0)).execute();
                    if (items.get(0) == 2) {
                      t.raise();
                    }
                  })),
      new Place(
          "chunk boundary",
          (db, t) ->
              db.writeChunks(
                  Flux.just(1, 2),
                  ChunkOptions.<Integer>ofSize(2).boundary(item -> t.raised()),
                  (session, items) -> session.update(INSERT).bind(1, 1).execute())),
      new Place(
          "source of a batch, as a signal",
          (db, t) -> db.batch(INSERT).execute(errorOf(t), (row, item) -> row.bind(1, 1))),
      new Place(
          "source of a batch, in subscribe",
          (db, t) ->
              db.batch(INSERT)
                  .execute(
                      (Publisher<Integer>) subscriber -> t.raise(), (row, item) -> row.bind(1, 1))),
    };
  }

  /** Operators that the application puts behind an answer. */
  static Place[] operators() {
    return new Place[] {
      new Place(
          "behind one()", (db, t) -> db.query("SELECT 1").mapTo(Long.class).one().map(t::raiseAt)),
      new Place(
          "behind a short all()",
          (db, t) -> db.query("SELECT 1").mapTo(Long.class).all().map(t::raiseAt)),
      new Place(
          "behind a stream", (db, t) -> db.query(ROWS).mapTo(Long.class).all().map(t::raiseAt)),
      new Place(
          "behind a stream, deep",
          (db, t) ->
              db.query(ROWS)
                  .mapTo(Long.class)
                  .all()
                  .doOnNext(
                      id -> {
                        if (id == DEEP) {
                          t.raise();
                        }
                      })),
      new Place(
          "filter behind a stream",
          (db, t) -> db.query(ROWS).mapTo(Long.class).all().filter(id -> t.raised())),
      new Place("behind a write", (db, t) -> db.update(RETURNING).rowsUpdated().map(t::raiseAt)),
      new Place("behind a unit", (db, t) -> db.write(session -> 1L).map(t::raiseAt)),
      new Place("behind a read unit", (db, t) -> db.read(session -> 1L).map(t::raiseAt)),
      new Place(
          "behind a write, then another",
          (db, t) ->
              db.update(RETURNING).rowsUpdated().map(t::raiseAt).then(db.write(session -> 1L))),
      new Place(
          "behind a transaction",
          (db, t) -> db.withTransaction(tx -> Mono.just(1)).map(t::raiseAt)),
      new Place(
          "behind a query in a snapshot",
          (db, t) ->
              db.withSnapshot(s -> s.query("SELECT 1").mapTo(Long.class).one().map(t::raiseAt))),
      new Place(
          "behind a stream in a snapshot",
          (db, t) ->
              db.withSnapshotMany(s -> s.query(ROWS).mapTo(Long.class).all().map(t::raiseAt))),
      new Place(
          "after a write has completed",
          (db, t) ->
              db.update(RETURNING).rowsUpdated().then(Mono.defer(() -> t.<Mono<Long>>raised()))),
      new Place(
          "after a stream has completed",
          (db, t) ->
              db.query(ROWS)
                  .mapTo(Long.class)
                  .all()
                  .then(Mono.defer(() -> t.<Mono<Long>>raised()))),
      new Place(
          "collected in a snapshot",
          (db, t) ->
              db.withSnapshot(
                  s -> s.query(ROWS).mapTo(Long.class).all().collectList().map(t::raiseAt))),
      new Place(
          "flatMap in a snapshot",
          (db, t) ->
              db.withSnapshot(
                  s -> s.query("SELECT 1").mapTo(Long.class).one().flatMap(t::raiseIn))),
      new Place(
          "behind a batch",
          (db, t) ->
              db.batch("DELETE FROM culprit WHERE id = ?")
                  .execute(Flux.just(1, 2), (row, item) -> row.bind(1, item))
                  .map(t::raiseAt)),
      new Place(
          "behind RETURNING, all()",
          (db, t) -> db.update(returningARow()).returning(Long.class).all().map(t::raiseAt)),
      new Place(
          "behind RETURNING, one()",
          (db, t) -> db.update(returningARow()).returning(Long.class).one().map(t::raiseAt)),
    };
  }

  /** Changes nothing and returns a row. */
  private static String returningARow() {
    return "UPDATE item SET id = id WHERE id = 1 RETURNING id";
  }

  private static Flux<Integer> errorOf(Thrown thrown) {
    return Flux.error(
        () -> {
          try {
            return thrown.raised();
          } catch (Throwable provoked) {
            Thread.interrupted();
            return provoked;
          }
        });
  }

  /** A record whose constructor throws. */
  record Bomb(String thrown) {
    Bomb {
      Thrown.valueOf(thrown).raise();
    }
  }
}
