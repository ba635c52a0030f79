package io.github.reactivesqlite.reliability.disk;

import static io.github.reactivesqlite.reliability.disk.Failures.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ChunkOptions;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Arena.Answer;
import io.github.reactivesqlite.reliability.disk.Arena.Pending;
import io.github.reactivesqlite.reliability.disk.FaultControl.Call;
import io.github.reactivesqlite.reliability.disk.FaultControl.Errno;
import io.github.reactivesqlite.reliability.disk.FaultControl.Fault;
import io.github.reactivesqlite.reliability.disk.FaultControl.Kind;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The log finds no room: at COMMIT, or in the middle of a statement that outgrows the cache. */
class FullDiskTest extends OnFaultyDisk {

  @Test
  void aCommitWithoutRoomFailsAndLeavesNothing() throws Exception {
    Verdict verdict = playWithoutUnknown("ENOSPC at COMMIT", AtCommit.class);
    assertThat(verdict.count(Fate.FAILED)).isEqualTo(2 * (Way.values().length - 1) + 1);
  }

  static final class AtCommit implements Scenario {
    @Override
    public void run(Arena arena) {
      arena.open();
      arena.write(Way.STATEMENT);
      for (Way way : Way.values()) {
        FaultControl.Rule rule = arena.faults().on(Call.WRITE, Kind.WAL);
        fails(arena, way, rule.fails(Errno.ENOSPC));
        if (way != Way.MIGRATION) {
          // The second write of a frame is its page
          fails(
              arena, way, arena.faults().on(Call.WRITE, Kind.WAL).at(2).failsHalfway(Errno.ENOSPC));
        }
      }
    }

    private static void fails(Arena arena, Way way, Fault full) {
      Answer answer = arena.write(way);
      assertThat(full.hits()).as("%s", way).isPositive();
      assertFailed(way.name(), answer, StorageException.Kind.DISK_FULL);
      arena.image();
      arena.recover();
    }
  }

  @Test
  void unitsOfAGroupWithoutRoomSucceedOnceWhenThereIsRoomOrFail() throws Exception {
    playWithoutUnknown("ENOSPC at the COMMIT of groups", Groups.class);
  }

  static final class Groups implements Scenario {
    @Override
    public void run(Arena arena) {
      arena.open();
      for (int size : List.of(1, 2, 8)) {
        List<Way> ways = Collections.nCopies(size, Way.UNIT);
        List<Pending> refused =
            arena.group(() -> arena.faults().on(Call.WRITE, Kind.WAL).fails(Errno.ENOSPC), ways);
        refused.forEach(unit -> assertThat(unit.get().fate()).isEqualTo(Fate.FAILED));
        arena.recover();
        if (size > 1) {
          List<Pending> saved =
              arena.group(
                  () -> arena.faults().on(Call.WRITE, Kind.WAL).once().fails(Errno.ENOSPC), ways);
          saved.forEach(unit -> assertThat(unit.get().fate()).isEqualTo(Fate.ACKNOWLEDGED));
          arena.recover();
        }
      }
    }
  }

  @Test
  void neighboursOfAUnitThatOutgrowsTheDiskSucceedExactlyOnce() throws Exception {
    playWithoutUnknown("ENOSPC in the middle of a statement", Spills.class);
  }

  /** The log may grow by 200 KiB; the culprit needs 2 MB, and spills what its cache cannot hold. */
  static final class Spills implements Scenario {
    private static final long ROOM = 200 * 1024;
    private static final int BIG = 400_000;

    @Override
    public void run(Arena arena) {
      arena.open(config -> config.cacheSizeKib(64).walCheckpointFrames(20_000));
      for (int size : List.of(1, 2, 8)) {
        for (int position = 0; position < size; position++) {
          for (Culprit culprit : Culprit.values()) {
            play(arena, culprit, size, position);
          }
        }
      }
      for (Culprit culprit : Culprit.values()) {
        roomComesBack(arena, culprit);
      }
    }

    private static void play(Arena arena, Culprit culprit, int size, int position) {
      String what = culprit + " at " + position + " of " + size;
      List<Pending> innocents = new ArrayList<>();
      Pending big = null;
      Fault full;
      try (OccupiedWriter writer = new OccupiedWriter(arena.database())) {
        for (int i = 0; i < size; i++) {
          if (i == position) {
            big = startBig(arena, culprit);
          } else {
            innocents.add(arena.start(i % 2 == 0 ? Way.STATEMENT : Way.UNIT));
          }
        }
        arena.awaitQueued(size);
        full =
            arena
                .faults()
                .on(Call.WRITE, Kind.WAL)
                .beyond(logBytes(arena) + ROOM)
                .fails(Errno.ENOSPC);
        writer.release();
      }
      for (Pending innocent : innocents) {
        Answer answer = innocent.get();
        assertThat(answer.error()).as(what).isNull();
      }
      Answer answer = Objects.requireNonNull(big).get();
      assertThat(full.hits()).as(what).isPositive();
      assertFailed(what, answer, StorageException.Kind.DISK_FULL);
      if (Scale.isLong() || position == size / 2) {
        arena.image();
      }
      arena.recover();
    }

    /** One failed write is enough to kill the transaction; all of it runs again and succeeds. */
    private static void roomComesBack(Arena arena, Culprit culprit) {
      List<Pending> units = new ArrayList<>();
      try (OccupiedWriter writer = new OccupiedWriter(arena.database())) {
        units.add(arena.start(Way.STATEMENT));
        units.add(startBig(arena, culprit));
        units.add(arena.start(Way.UNIT));
        arena.awaitQueued(units.size());
        arena
            .faults()
            .on(Call.WRITE, Kind.WAL)
            .beyond(logBytes(arena) + ROOM)
            .once()
            .fails(Errno.ENOSPC);
        writer.release();
      }
      boolean alone = !culprit.joinsGroup();
      for (Pending unit : units) {
        boolean isBig = unit == units.get(1);
        Fate expected = isBig && alone ? Fate.FAILED : Fate.ACKNOWLEDGED;
        assertThat(unit.get().fate()).as("%s: %s", culprit, unit.get().error()).isEqualTo(expected);
      }
      arena.recover();
    }

    private static Pending startBig(Arena arena, Culprit culprit) {
      long unit = arena.nextUnit();
      return arena.start(culprit.way, unit, culprit.write(arena.database(), unit));
    }

    /** Where the next frame goes; the file is longer, because of frames that were rolled back. */
    private static long logBytes(Arena arena) {
      WalSize size = Objects.requireNonNull(Bounded.get(arena.database().maintenance().walSize()));
      return size.frames() * (4_096 + 24);
    }

    /** The ways to need too much room, each with the rows of the way it is noted as. */
    enum Culprit {
      STATEMENT(Way.STATEMENT) {
        @Override
        Mono<?> write(SqliteDatabase database, long unit) {
          return database
              .update("INSERT INTO entry VALUES (?1, 0, zeroblob(?2))")
              .bind(1, unit)
              .bind(2, 5 * BIG)
              .rowsUpdated();
        }
      },
      UNIT(Way.BATCH) {
        @Override
        Mono<?> write(SqliteDatabase database, long unit) {
          return database.write(
              session -> {
                for (int part = 0; part < 5; part++) {
                  session
                      .update("INSERT INTO entry VALUES (?1, ?2, zeroblob(?3))")
                      .bind(1, unit)
                      .bind(2, part)
                      .bind(3, BIG)
                      .execute();
                }
                return unit;
              });
        }
      },
      /** It hides the error, and goes on as if nothing had happened. */
      UNIT_THAT_SWALLOWS(Way.STATEMENT) {
        @Override
        Mono<?> write(SqliteDatabase database, long unit) {
          return database.write(
              session -> {
                String sql = "INSERT INTO entry VALUES (?1, 0, zeroblob(?2))";
                session.update(sql).bind(1, unit).bind(2, 1).execute();
                try {
                  session
                      .update("UPDATE entry SET body = zeroblob(?2) WHERE unit = ?1")
                      .bind(1, unit)
                      .bind(2, 5 * BIG)
                      .execute();
                } catch (StorageException swallowed) {
                  return unit;
                }
                return unit;
              });
        }
      },
      BATCH(Way.BATCH) {
        @Override
        Mono<?> write(SqliteDatabase database, long unit) {
          return database
              .batch("INSERT INTO entry VALUES (?1, ?2, zeroblob(?3))")
              .chunkSize(5)
              .execute(
                  Flux.range(0, 5),
                  (parameters, part) -> parameters.bind(1, unit).bind(2, part).bind(3, BIG))
              .then();
        }
      },
      CHUNK(Way.BATCH) {
        @Override
        Mono<?> write(SqliteDatabase database, long unit) {
          return database
              .writeChunks(
                  Flux.range(0, 5),
                  ChunkOptions.<Integer>ofSize(5),
                  (session, parts) -> {
                    for (Integer part : parts) {
                      session
                          .update("INSERT INTO entry VALUES (?1, ?2, zeroblob(?3))")
                          .bind(1, unit)
                          .bind(2, part)
                          .bind(3, BIG)
                          .execute();
                    }
                  })
              .then();
        }
      },
      TRANSACTION(Way.TRANSACTION) {
        @Override
        Mono<?> write(SqliteDatabase database, long unit) {
          String sql = "INSERT INTO entry VALUES (?1, ?2, zeroblob(?3))";
          return database.withTransaction(
              transaction ->
                  transaction
                      .update(sql)
                      .bind(1, unit)
                      .bind(2, 0)
                      .bind(3, 1)
                      .rowsUpdated()
                      .then(
                          transaction
                              .update(sql)
                              .bind(1, unit)
                              .bind(2, 1)
                              .bind(3, 5 * BIG)
                              .rowsUpdated()));
        }
      },
      /** It hides the error inside, and goes on as if nothing had happened. */
      TRANSACTION_THAT_SWALLOWS(Way.STATEMENT) {
        @Override
        Mono<?> write(SqliteDatabase database, long unit) {
          String sql = "INSERT INTO entry VALUES (?1, 0, zeroblob(?2))";
          return database.withTransaction(
              transaction ->
                  transaction
                      .update(sql)
                      .bind(1, unit)
                      .bind(2, 1)
                      .rowsUpdated()
                      .then(
                          transaction
                              .update("UPDATE entry SET body = zeroblob(?2) WHERE unit = ?1")
                              .bind(1, unit)
                              .bind(2, 5 * BIG)
                              .rowsUpdated())
                      .onErrorResume(StorageException.class, swallowed -> Mono.just(0L)));
        }
      };

      private final Way way;

      Culprit(Way way) {
        this.way = way;
      }

      abstract Mono<?> write(SqliteDatabase database, long unit);

      boolean joinsGroup() {
        return this != TRANSACTION && this != TRANSACTION_THAT_SWALLOWS;
      }
    }
  }
}
