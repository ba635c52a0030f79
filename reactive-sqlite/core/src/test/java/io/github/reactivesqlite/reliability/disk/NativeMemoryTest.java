package io.github.reactivesqlite.reliability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Arena.Answer;
import io.github.reactivesqlite.reliability.disk.Arena.Pending;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The n-th allocation of SQLite or its driver fails, wherever that is, once or for good. */
class NativeMemoryTest extends OnFaultyDisk {

  @Test
  void workWithoutMemoryFailsTypedAndTheNextOneSucceeds() throws Exception {
    playWithoutMemory("No memory for the driver", Sweep.class, Scale.of(15, 90));
  }

  private void playWithoutMemory(String title, Class<? extends Scenario> scenario, int count)
      throws Exception {
    disk.print(
        title,
        disk.playAndKill(launch -> NativeMemory.preload(launch, directory), scenario, count));
  }

  static final class Sweep implements Scenario {
    private static final String UNTYPED = " untyped ";

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int failedAllocations;
    private int tries;

    @Override
    public void run(Arena arena) throws Exception {
      List<Integer> points = points(Integer.parseInt(arena.arguments().get(0)));
      SqliteDatabase database = arena.open(config -> config.readers(2));
      NativeMemory memory = NativeMemory.ofThisProcess();
      for (Way way : Way.REPEATABLE) {
        arena.write(way);
        sweep(arena, memory, points, way.name(), () -> arena.start(way));
      }
      sweep(arena, memory, points, "a new statement", () -> newStatement(arena));
      sweep(arena, memory, points, "a group", () -> group(arena));
      reads(arena, database, memory, points);
      assertThat(outcomes.keySet())
          .noneMatch(outcome -> outcome.contains(UNTYPED))
          .noneMatch(outcome -> outcome.contains(StorageException.Kind.OTHER.name()));
      arena.figure("%d tries, %d allocations failed: %s", tries, failedAllocations, outcomes);
    }

    /** Every one of the first, then fewer and fewer. */
    private static List<Integer> points(int count) {
      int dense = count * 2 / 3;
      List<Integer> points = new ArrayList<>(IntStream.rangeClosed(1, dense).boxed().toList());
      int at = dense;
      for (int i = dense; i < count; i++) {
        at += i - dense + 2;
        points.add(at);
      }
      return points;
    }

    private void sweep(
        Arena arena,
        NativeMemory memory,
        List<Integer> points,
        String what,
        Supplier<Pending> work) {
      for (boolean forGood : List.of(false, true)) {
        for (int nth : points) {
          memory.runsOutAt(nth, forGood);
          Answer answer = work.get().get();
          long hits = memory.isBack();
          tries++;
          failedAllocations += (int) hits;
          note(answer.fate().name(), answer.error());
          if (!forGood) {
            assertThat(answer.fate())
                .as("%s at %d: %s", what, nth, answer.error())
                .isNotEqualTo(Fate.UNKNOWN);
          }
          arena.recover();
          if (hits == 0) {
            break;
          }
        }
      }
    }

    private static Pending newStatement(Arena arena) {
      long unit = arena.nextUnit();
      return arena.start(
          Way.STATEMENT,
          unit,
          arena
              .database()
              .update("INSERT INTO entry SELECT ?1, 0, NULL AS never_seen_" + unit)
              .bind(1, unit)
              .rowsUpdated());
    }

    /** All of it has to be answered; the ledger judges each. */
    private static Pending group(Arena arena) {
      List<Pending> units = new ArrayList<>();
      for (Way way : Way.GROUPED) {
        units.add(arena.start(way));
      }
      units.forEach(Pending::get);
      return units.get(0);
    }

    private void reads(
        Arena arena, SqliteDatabase database, NativeMemory memory, List<Integer> points) {
      String sql = "SELECT unit, part, body FROM entry ORDER BY unit LIMIT 20";
      for (int nth : points) {
        List<Mono<?>> reads =
            List.of(
                database.query(sql).map(row -> row.getLong(1)).all().collectList(),
                database.query("SELECT 1 AS never_" + nth).map(row -> row.getLong(1)).one(),
                database.read(
                    session -> session.query(sql).map(row -> row.getLong(1)).all().size()),
                database.withSnapshot(
                    snapshot ->
                        snapshot.query(sql).map(row -> row.getLong(1)).all().collectList()));
        for (Mono<?> read : reads) {
          memory.runsOutAt(nth, false);
          Throwable error = Bounded.start(read).get().getThrowable();
          failedAllocations += (int) memory.isBack();
          tries++;
          note(error == null ? "READ" : "READ_FAILED", error);
          assertThat(Bounded.start(read).get().getThrowable()).as("the next read").isNull();
        }
        arena.recover();
      }
    }

    private void note(String fate, Throwable error) {
      String name = error == null ? "" : " " + error.getClass().getSimpleName();
      if (error instanceof StorageException storage) {
        name += " " + storage.kind();
      } else if (error != null && !(error instanceof DatabaseException)) {
        name += UNTYPED + error;
        error.printStackTrace(System.out);
      }
      outcomes.merge(fate + name, 1, Integer::sum);
    }
  }

  @Test
  void anOpeningWithoutMemoryFailsTypedAndTheNextOneSucceeds() throws Exception {
    playWithoutMemory("No memory while opening", Openings.class, Scale.of(15, 150));
  }

  static final class Openings implements Scenario {
    @Override
    public void run(Arena arena) throws Exception {
      int count = Integer.parseInt(arena.arguments().get(0));
      arena.open().close();
      NativeMemory memory = NativeMemory.ofThisProcess();
      int failed = 0;
      for (int i = 0; i < count; i++) {
        int nth = 1 + i * 600 / count;
        memory.runsOutAt(nth, false);
        try {
          SqliteDatabase.open(arena.file()).close();
        } catch (DatabaseException expected) {
          failed++;
        }
        memory.isBack();
        arena.open();
        assertThat(arena.write(Way.STATEMENT).error()).as("after %d", nth).isNull();
        arena.close();
      }
      arena.figure("%d openings, %d failed typed", count, failed);
      arena.open();
    }
  }
}
