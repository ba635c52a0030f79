package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.ConstraintViolationException.Kind;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.Durability;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/**
 * Several culprits in one group. Every kind at every place beside every other kind: groups of one
 * and two in all combinations, and in groups of eight every two kinds at every two places, the rest
 * being plain. {@code GroupCommitTest} has a single culprit of many more kinds. The short form
 * takes random ones of the groups of eight, {@code -Dgroup.seed} repeats them.
 */
@Tag("reliability")
class GroupMatrixTest {

  private static final int EIGHT = 8;
  private static final int SHORT_FORM = 30;

  /** A unit for an id; all but the first write rows and fail. */
  private enum Unit {
    PLAIN(null, update("INSERT INTO item (who) VALUES (?)")),
    OR_FAIL(
        Kind.UNIQUE,
        (db, id) ->
            db.update("INSERT OR FAIL INTO victim VALUES (:id), (-:id), ('seed')")
                .bind("id", id)
                .rowsUpdated()),
    RAISE_FAIL(Kind.TRIGGER, update("INSERT INTO failing VALUES (?), ('bad')")),
    OR_ROLLBACK(Kind.UNIQUE, update("INSERT OR ROLLBACK INTO victim VALUES (?), ('seed')")),
    RAISE_ROLLBACK(Kind.TRIGGER, update("INSERT INTO rolling VALUES (?), ('bad')")),
    DEFERRED(Kind.FOREIGN_KEY, update("INSERT INTO child VALUES (?)")),
    THROWING(
        null,
        (db, id) ->
            db.write(
                session -> {
                  session.update("INSERT INTO victim VALUES (?)").bind(1, id).execute();
                  throw new IllegalArgumentException("provoked");
                })),
    OVERFLOWING(
        null,
        (db, id) ->
            db.write(
                session -> {
                  session.update("INSERT INTO victim VALUES (?)").bind(1, id).execute();
                  return Thrown.STACK_OVERFLOW.raised();
                })),
    SWALLOWING(
        Kind.UNIQUE,
        (db, id) ->
            db.write(
                session -> {
                  try {
                    session.update("INSERT OR ROLLBACK INTO victim VALUES ('seed')").execute();
                  } catch (ConstraintViolationException swallowed) {
                    return 1L;
                  }
                  return 2L;
                }));

    private final @Nullable Kind constraint;
    private final BiFunction<SqliteDatabase, Long, Mono<Long>> write;

    Unit(@Nullable Kind constraint, BiFunction<SqliteDatabase, Long, Mono<Long>> write) {
      this.constraint = constraint;
      this.write = write;
    }

    private static BiFunction<SqliteDatabase, Long, Mono<Long>> update(String sql) {
      return (db, id) -> db.update(sql).bind(1, id).rowsUpdated();
    }

    Mono<Long> of(SqliteDatabase db, long id) {
      return write.apply(db, id);
    }

    void verify(Outcome<Long> outcome, String where) {
      if (this == PLAIN) {
        assertThat(outcome.value()).as(where).isOne();
      } else if (constraint == null) {
        Class<?> type =
            this == THROWING ? IllegalArgumentException.class : IllegalStateException.class;
        assertThat(outcome.error()).as(where).isInstanceOf(type);
      } else {
        assertThat(outcome.error())
            .as(where)
            .isInstanceOfSatisfying(
                ConstraintViolationException.class,
                violation -> assertThat(violation.kind()).as(where).isEqualTo(constraint));
      }
    }
  }

  @TempDir Path directory;

  private SqliteDatabase database;
  private long nextId = 1;
  private int groups;

  @BeforeEach
  void open() {
    database =
        SqliteDatabase.builder(directory.resolve("matrix.db"))
            .config(
                config -> config.maxGroupTime(Duration.ofSeconds(5)).durability(Durability.NORMAL))
            .build();
    Bounded.get(
        database.script(
            """
            CREATE TABLE item (id INTEGER PRIMARY KEY, who INTEGER NOT NULL);
            CREATE TABLE victim (k UNIQUE);
            INSERT INTO victim VALUES ('seed');
            CREATE TABLE failing (k);
            CREATE TRIGGER fails BEFORE INSERT ON failing WHEN NEW.k = 'bad'
              BEGIN SELECT RAISE(FAIL, 'failed by trigger'); END;
            CREATE TABLE rolling (k);
            CREATE TRIGGER rolls AFTER INSERT ON rolling WHEN NEW.k = 'bad'
              BEGIN SELECT RAISE(ROLLBACK, 'rolled back by trigger'); END;
            CREATE TABLE parent (id INTEGER PRIMARY KEY);
            CREATE TABLE child (pid REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)
            """));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyUnitAlone() {
    for (Unit unit : Unit.values()) {
      verify(unit);
    }
  }

  @Test
  void everyTwoUnits() {
    for (Unit first : Unit.values()) {
      for (Unit second : Unit.values()) {
        verify(first, second);
      }
    }
  }

  @Test
  void everyTwoUnitsAtEveryTwoPlacesOfEight() {
    long seed = Long.getLong("group.seed", System.nanoTime());
    Random random = new Random(seed);
    if (Scale.isLong()) {
      for (Unit first : Unit.values()) {
        for (Unit second : Unit.values()) {
          for (int i = 0; i < EIGHT; i++) {
            for (int j = i + 1; j < EIGHT; j++) {
              verify(eight(first, i, second, j));
            }
          }
        }
      }
    } else {
      for (int i = 0; i < SHORT_FORM; i++) {
        int place = random.nextInt(EIGHT);
        int other = (place + 1 + random.nextInt(EIGHT - 1)) % EIGHT;
        verify(eight(any(random), place, any(random), other));
      }
    }
    System.out.printf("group matrix: %d groups of eight, two culprits, seed %d%n", groups, seed);
  }

  @Test
  void anyEightUnits() {
    long seed = Long.getLong("group.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < Scale.of(SHORT_FORM, 2_000); i++) {
      verify(IntStream.range(0, EIGHT).mapToObj(place -> any(random)).toArray(Unit[]::new));
    }
    System.out.printf("group matrix: %d groups of eight, any culprits, seed %d%n", groups, seed);
  }

  private static Unit any(Random random) {
    return Unit.values()[random.nextInt(Unit.values().length)];
  }

  private static Unit[] eight(Unit first, int i, Unit second, int j) {
    Unit[] group = new Unit[EIGHT];
    Arrays.fill(group, Unit.PLAIN);
    group[i] = first;
    group[j] = second;
    return group;
  }

  private void verify(Unit... units) {
    groups++;
    String where = Arrays.toString(units);
    Bounded.get(database.update("DELETE FROM item").rowsUpdated());
    DatabaseStats before = database.stats();
    List<Outcome<Long>> outcomes = new ArrayList<>();
    List<Long> plain = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      for (Unit unit : units) {
        if (unit == Unit.PLAIN) {
          plain.add(nextId);
        }
        outcomes.add(Bounded.start(unit.of(database, nextId)));
        nextId++;
      }
      writer.release();
    }

    for (int i = 0; i < units.length; i++) {
      units[i].verify(outcomes.get(i), where + " at " + i);
    }
    assertThat(longs("SELECT who FROM item ORDER BY id")).as(where).isEqualTo(plain);
    assertThat(
            longs(
                "SELECT (SELECT count(*) FROM victim) - 1 + (SELECT count(*) FROM failing)"
                    + " + (SELECT count(*) FROM rolling) + (SELECT count(*) FROM child)"))
        .as("left by culprits, %s", where)
        .containsExactly(0L);
    DatabaseStats.WriteStats writes = database.stats().since(before).writes();
    // The unit that occupied the writer is one more
    assertThat(writes.committedUnits()).as(where).isEqualTo(1 + plain.size());
    assertThat(writes.failedUnits()).as(where).isEqualTo(units.length - plain.size());
  }

  private List<Long> longs(String sql) {
    return Bounded.get(database.query(sql).mapTo(Long.class).all().collectList());
  }
}
