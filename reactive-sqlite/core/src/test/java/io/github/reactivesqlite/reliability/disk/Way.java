package io.github.reactivesqlite.reliability.disk;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.ChunkUnit;
import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.Update;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The ways to write one unit: so many rows of the table {@code entry}, which has no key, so that a
 * unit that is written twice can be seen.
 */
public enum Way {
  STATEMENT(1) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return insert(database.update(INSERT), unit, 0).rowsUpdated();
    }
  },
  RETURNING(1) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return insert(database.update(INSERT + " RETURNING unit"), unit, 0)
          .returning(row -> row.getLong(1))
          .one();
    }
  },
  UNIT(3) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database.write(
          session -> {
            for (int part = 0; part < parts(); part++) {
              session.update(INSERT).bind(1, unit).bind(2, part).bind(3, BODY).execute();
            }
            return unit;
          });
    }
  },
  TRANSACTION(2) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database.withTransaction(transaction -> both(transaction, unit));
    }
  },
  BEGIN_AND_COMMIT(2) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database
          .begin(TransactionOptions.ofDefaults())
          .flatMap(
              transaction ->
                  both(transaction, unit)
                      .onErrorResume(
                          failed ->
                              transaction
                                  .rollback()
                                  .onErrorResume(ended -> Mono.empty())
                                  .then(Mono.error(failed)))
                      .then(transaction.commit()));
    }
  },
  BATCH(5) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database
          .batch(INSERT)
          .chunkSize(parts())
          .maxDelay(NO_DELAY_SEEN)
          .execute(
              Flux.range(0, parts()),
              (parameters, part) -> parameters.bind(1, unit).bind(2, part).bind(3, BODY))
          .then();
    }
  },
  CHUNK(4) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database
          .writeChunks(
              Flux.range(0, parts()),
              ChunkOptions.<Integer>ofSize(parts()).maxDelay(NO_DELAY_SEEN),
              chunkOf(unit))
          .then();
    }
  },
  ATOMIC_CHUNKS(6) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database
          .writeChunks(
              Flux.range(0, parts()), ChunkOptions.<Integer>ofSize(2).atomic(), chunkOf(unit))
          .then();
    }
  },
  SCRIPT(2) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database.script(literals(unit));
    }
  },
  /** Once a database: a second version would need the first in its list. */
  MIGRATION(2) {
    @Override
    public Mono<?> write(ReactiveDatabase database, long unit) {
      return database.migrate(List.of(Migration.of(1, "entries", literals(unit))));
    }
  };

  private static final String INSERT =
      "INSERT INTO entry (unit, part, body) VALUES (?1, ?2, zeroblob(?3))";
  private static final int BODY = 200;

  /** Nothing but the size cuts a chunk, or a unit of one chunk would be two. */
  private static final Duration NO_DELAY_SEEN = Duration.ofSeconds(30);

  /** The ways that can be used again and again. */
  public static final List<Way> REPEATABLE =
      List.of(
          STATEMENT,
          RETURNING,
          UNIT,
          TRANSACTION,
          BEGIN_AND_COMMIT,
          BATCH,
          CHUNK,
          ATOMIC_CHUNKS,
          SCRIPT);

  /** Those whose units join a group. */
  public static final List<Way> GROUPED = List.of(STATEMENT, RETURNING, UNIT, SCRIPT, BATCH, CHUNK);

  private final int parts;

  Way(int parts) {
    this.parts = parts;
  }

  /** How many rows a unit has. */
  public int parts() {
    return parts;
  }

  /** Writes the unit when it is subscribed to. */
  public abstract Mono<?> write(ReactiveDatabase database, long unit);

  private static Update insert(Update update, long unit, @Nullable Integer part) {
    return update.bind(1, unit).bind(2, part).bind(3, BODY);
  }

  private static Mono<Void> both(Transaction transaction, long unit) {
    return insert(transaction.update(INSERT), unit, 0)
        .rowsUpdated()
        .then(insert(transaction.update(INSERT), unit, 1).rowsUpdated())
        .then();
  }

  private static ChunkUnit<Integer> chunkOf(long unit) {
    return (session, items) -> {
      for (Integer part : items) {
        session.update(INSERT).bind(1, unit).bind(2, part).bind(3, BODY).execute();
      }
    };
  }

  private static String literals(long unit) {
    String insert =
        "INSERT INTO entry (unit, part, body) VALUES (" + unit + ", %d, zeroblob(200));";
    return insert.formatted(0) + insert.formatted(1);
  }
}
