package io.github.reactivesqlite.reliability.security;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.ReactiveDatabase;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every way by which the text of a statement gets into the library. */
enum Door {
  QUERY {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.query(sql).map(row -> 1).one();
    }
  },
  STREAM {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.query(sql).map(row -> 1).all().limitRate(1).take(2).then();
    }
  },
  READ_UNIT {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.read(session -> session.query(sql).map(row -> 1).first().isPresent());
    }
  },
  SNAPSHOT {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.withSnapshot(snapshot -> snapshot.query(sql).map(row -> 1).first());
    }
  },
  QUERY_IN_A_WRITE_UNIT {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.write(session -> session.query(sql).map(row -> 1).first().isPresent());
    }
  },
  QUERY_IN_A_TRANSACTION {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.withTransaction(open -> open.query(sql).map(row -> 1).first());
    }
  },
  UPDATE {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.update(sql).rowsUpdated();
    }
  },
  RETURNING {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.update(sql).returning(row -> 1).all().then();
    }
  },
  WRITE_UNIT {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.write(session -> session.update(sql).execute());
    }
  },
  TRANSACTION {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.withTransaction(open -> open.update(sql).rowsUpdated());
    }
  },
  SAVEPOINT {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.withTransaction(
          open -> open.withSavepoint(inner -> inner.update(sql).rowsUpdated()));
    }
  },
  SCRIPT {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.script(sql);
    }
  },
  SCRIPT_IN_A_TRANSACTION {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.withTransaction(open -> open.script(sql).thenReturn(1));
    }
  },
  BATCH {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.batch(sql).execute(Flux.just(1), (parameters, item) -> {}).then();
    }
  },
  CHUNK {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.writeChunks(
              Flux.just(1),
              ChunkOptions.ofSize(1),
              (session, items) -> session.update(sql).execute())
          .then();
    }
  },
  MIGRATION {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.migrate(List.of(Migration.of(1, "hostile", sql)));
    }
  },
  REBUILDING_MIGRATION {
    @Override
    Mono<?> send(ReactiveDatabase db, String sql) {
      return db.migrate(List.of(Migration.of(1, "hostile", sql).rebuild()));
    }
  };

  static final Set<Door> QUERIES =
      EnumSet.of(QUERY, STREAM, READ_UNIT, SNAPSHOT, QUERY_IN_A_WRITE_UNIT, QUERY_IN_A_TRANSACTION);
  static final Set<Door> UPDATES = EnumSet.complementOf(EnumSet.copyOf(QUERIES));

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
    return Mono.defer(() -> send(db, sql));
  }

  abstract Mono<?> send(ReactiveDatabase db, String sql);
}
