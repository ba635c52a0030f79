package io.github.reactivesqlite.reliability.security;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.ReactiveDatabase;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every way by which the text of a statement gets into the library. */
enum Door {
  QUERY((db, sql) -> db.query(sql).map(row -> 1).one()),
  STREAM((db, sql) -> db.query(sql).map(row -> 1).all().limitRate(1).take(2).then()),
  READ_UNIT((db, sql) -> db.read(session -> session.query(sql).map(row -> 1).first().isPresent())),
  SNAPSHOT((db, sql) -> db.withSnapshot(snapshot -> snapshot.query(sql).map(row -> 1).first())),
  QUERY_IN_A_WRITE_UNIT(
      (db, sql) -> db.write(session -> session.query(sql).map(row -> 1).first().isPresent())),
  QUERY_IN_A_TRANSACTION(
      (db, sql) -> db.withTransaction(open -> open.query(sql).map(row -> 1).first())),
  UPDATE((db, sql) -> db.update(sql).rowsUpdated()),
  RETURNING((db, sql) -> db.update(sql).returning(row -> 1).all().then()),
  WRITE_UNIT((db, sql) -> db.write(session -> session.update(sql).execute())),
  TRANSACTION((db, sql) -> db.withTransaction(open -> open.update(sql).rowsUpdated())),
  SAVEPOINT(
      (db, sql) ->
          db.withTransaction(open -> open.withSavepoint(inner -> inner.update(sql).rowsUpdated()))),
  SCRIPT((db, sql) -> db.script(sql)),
  SCRIPT_IN_A_TRANSACTION((db, sql) -> db.withTransaction(open -> open.script(sql).thenReturn(1))),
  BATCH((db, sql) -> db.batch(sql).execute(Flux.just(1), (parameters, item) -> {}).then()),
  CHUNK(
      (db, sql) ->
          db.writeChunks(
                  Flux.just(1),
                  ChunkOptions.ofSize(1),
                  (session, items) -> session.update(sql).execute())
              .then()),
  MIGRATION((db, sql) -> db.migrate(List.of(Migration.of(1, "hostile", sql)))),
  REBUILDING_MIGRATION((db, sql) -> db.migrate(List.of(Migration.of(1, "hostile", sql).rebuild())));

  static final Set<Door> QUERIES =
      EnumSet.of(QUERY, STREAM, READ_UNIT, SNAPSHOT, QUERY_IN_A_WRITE_UNIT, QUERY_IN_A_TRANSACTION);
  static final Set<Door> UPDATES = EnumSet.complementOf(EnumSet.copyOf(QUERIES));

  private final BiFunction<ReactiveDatabase, String, Mono<?>> send;

  Door(BiFunction<ReactiveDatabase, String, Mono<?>> send) {
    this.send = send;
  }

  /** The two that are used most, and some others, which are other ones at the next turn. */
  static Set<Door> mainAnd(int others, int turn) {
    EnumSet<Door> doors = EnumSet.of(QUERY, UPDATE);
    for (int i = 0; i < others; i++) {
      doors.add(values()[(turn * others + i) % values().length]);
    }
    return doors;
  }

  /** What refuses its arguments at the call does so here at the subscription. */
  Mono<?> through(ReactiveDatabase db, String sql) {
    return Mono.defer(() -> send.apply(db, sql));
  }
}
