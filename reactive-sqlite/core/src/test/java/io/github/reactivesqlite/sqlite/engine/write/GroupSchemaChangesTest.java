package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.error.ConstraintViolationException.Kind;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The schema changes in a group, or before it: each unit runs by the schema that is in force. */
class GroupSchemaChangesTest extends GroupsOfWrites {

  @Test
  void laterUnitsOfTheGroupUseTheNewTable() {
    List<Outcome<?>> group =
        group(
            insert("before"),
            database.update("CREATE TABLE fresh (x UNIQUE)").rowsUpdated(),
            database.update("INSERT INTO fresh VALUES (1)").rowsUpdated(),
            database.write(s -> s.query("SELECT x FROM fresh").mapTo(Long.class).all()),
            database.update("INSERT INTO fresh VALUES (1)").rowsUpdated(),
            insert("after"));

    assertThat(group.get(1).value()).isEqualTo(0L);
    assertThat(group.get(2).value()).isEqualTo(1L);
    assertThat(group.get(3).value()).isEqualTo(List.of(1L));
    Culprits.constraint(Kind.UNIQUE).accept(group.get(4).error());
    assertThat(group.get(5).value()).isEqualTo(1L);
    assertThat(count("SELECT count(*) FROM fresh")).isOne();
    assertThat(who()).containsExactly("before", "after");
  }

  @Test
  void aTriggerMadeInTheGroupIsHeededByLaterUnits() {
    insert("seed").block(Bounded.PATIENCE);
    List<Outcome<?>> group =
        group(
            insert("a"),
            database
                .update(
                    "CREATE TRIGGER picky BEFORE INSERT ON item WHEN NEW.who LIKE 'bad%'"
                        + " BEGIN SELECT RAISE(ROLLBACK, 'picky'); END")
                .rowsUpdated(),
            insert("bad"),
            insert("c"));

    assertThat(group.get(0).value()).isEqualTo(1L);
    assertThat(group.get(1).value()).isEqualTo(0L);
    Culprits.constraint(Kind.TRIGGER).accept(group.get(2).error());
    assertThat(group.get(3).value()).isEqualTo(1L);
    assertThat(who()).containsExactly("seed", "a", "c");
  }

  /** A temporary trigger does not show in the schema's version. */
  @Test
  void aTemporaryTriggerThatRollsBackTakesNobodyAlong() {
    group(insert("a"), insert("b")).forEach(Outcome::value);
    run(
        "CREATE TEMP TRIGGER picky AFTER INSERT ON item WHEN NEW.who LIKE 'bad%'"
            + " BEGIN SELECT RAISE(ROLLBACK, 'picky'); END");

    List<Outcome<?>> group = group(insert("c"), insert("bad"), insert("d"));

    Culprits.constraint(Kind.TRIGGER).accept(group.get(1).error());
    assertThat(group.get(0).value()).isEqualTo(1L);
    assertThat(group.get(2).value()).isEqualTo(1L);
    assertThat(who()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void aTemporaryTriggerThatFailsLeavesNoRows() {
    String two = "INSERT INTO item (who) VALUES (:a), (:b)";
    group(insert("seed"), database.update(two).bind("a", "a").bind("b", "b").rowsUpdated())
        .forEach(Outcome::value);
    Bounded.get(
        database.withTransaction(
            tx ->
                tx.update(
                        "CREATE TEMP TRIGGER picky BEFORE INSERT ON item WHEN NEW.who LIKE 'bad%'"
                            + " BEGIN SELECT RAISE(FAIL, 'picky'); END")
                    .rowsUpdated()));

    List<Outcome<?>> group =
        group(
            insert("c"),
            database.update(two).bind("a", "left").bind("b", "bad").rowsUpdated(),
            insert("d"));

    Culprits.constraint(Kind.TRIGGER).accept(group.get(1).error());
    assertThat(who()).containsExactly("seed", "a", "b", "c", "d");
  }

  @Test
  @Tag("process")
  void aSchemaThatWasRolledBackIsNotRemembered() {
    run("CREATE TABLE child (pid REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)");
    String two = "INSERT INTO item (who) VALUES (:a), (:b)";
    AtomicInteger runs = new AtomicInteger();
    AtomicReference<Outcome<?>> classified = new AtomicReference<>();
    // The unit's CREATE gives the schema a version for which the insert is classified. COMMIT is
    // refused; run again, the unit changes nothing and the insert, cancelled, is gone
    List<Outcome<?>> outcomes = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      outcomes.add(
          Bounded.start(
              database.write(
                  session ->
                      runs.incrementAndGet() > 1
                          ? 0L
                          : session.update("CREATE TABLE other (x)").execute())));
      classified.set(
          Bounded.start(database.update(two).bind("a", "never").bind("b", "ever").rowsUpdated()));
      outcomes.add(
          Bounded.start(
              database.write(
                  session -> {
                    classified.get().cancel();
                    return session.update("INSERT INTO child VALUES (99)").execute();
                  })));
      writer.release();
    }
    outcomes.get(0).value();
    Culprits.constraint(Kind.FOREIGN_KEY).accept(outcomes.get(1).error());
    assertThat(runs).hasValue(2);
    // The same version again, for another schema
    try (ForeignProcess other = new ForeignProcess(directory.resolve("group.db"))) {
      other.run(
          "CREATE TRIGGER picky BEFORE INSERT ON item WHEN NEW.who LIKE 'bad%'"
              + " BEGIN SELECT RAISE(FAIL, 'picky'); END");
    }

    List<Outcome<?>> next =
        group(
            insert("c"),
            database.update(two).bind("a", "left").bind("b", "bad").rowsUpdated(),
            insert("d"));

    Culprits.constraint(Kind.TRIGGER).accept(next.get(1).error());
    assertThat(who()).containsExactly("c", "d");
  }

  @Test
  @Tag("process")
  void aTriggerMadeByAnotherProcessBetweenTwoGroupsIsHeeded() {
    try (ForeignProcess other = new ForeignProcess(directory.resolve("group.db"))) {
      group(insert("a"), insert("b")).forEach(Outcome::value);
      other.run(
          "CREATE TRIGGER picky AFTER INSERT ON item WHEN NEW.who LIKE 'bad%'"
              + " BEGIN SELECT RAISE(ROLLBACK, 'picky'); END");
      DatabaseStats before = database.stats();

      List<Outcome<?>> group = group(insert("c"), insert("bad"), insert("d"));

      Culprits.constraint(Kind.TRIGGER).accept(group.get(1).error());
      assertThat(group.get(0).value()).isEqualTo(1L);
      assertThat(group.get(2).value()).isEqualTo(1L);
      assertThat(who()).containsExactly("a", "b", "c", "d");
      // Known beforehand, so that each runs by itself: two commits, and that of the occupier
      assertThat(database.stats().since(before).writes().commits()).isEqualTo(3);

      other.run("DROP TRIGGER picky");
      group(insert("bad"), insert("e")).forEach(Outcome::value);
      assertThat(who()).containsExactly("a", "b", "c", "d", "bad", "e");
    }
  }

  @Test
  @Tag("process")
  void aTableDroppedByAnotherProcessIsAnErrorOfItsUsersOnly() {
    run("CREATE TABLE shared (x)");
    run("INSERT INTO shared VALUES (1)");
    try (ForeignProcess other = new ForeignProcess(directory.resolve("group.db"))) {
      other.run("DROP TABLE shared");

      List<Outcome<?>> group =
          group(
              insert("a"),
              database.update("INSERT INTO shared VALUES (1)").rowsUpdated(),
              insert("b"));

      assertThat(group.get(1).error()).isInstanceOf(InvalidSqlException.class);
      assertThat(who()).containsExactly("a", "b");
    }
  }
}
