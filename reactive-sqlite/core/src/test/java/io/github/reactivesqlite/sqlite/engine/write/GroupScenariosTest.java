package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.ConstraintViolationException.Kind;
import io.github.reactivesqlite.error.InvalidSqlException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** What else may happen in a group than one failure. */
class GroupScenariosTest {

  @TempDir Path directory;

  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database = open(directory.resolve("group.db"));
    run("CREATE TABLE item (id INTEGER PRIMARY KEY, who TEXT UNIQUE)");
  }

  private static SqliteDatabase open(Path file) {
    return SqliteDatabase.builder(file)
        .config(config -> config.maxGroupTime(Duration.ofSeconds(30)).cacheSizeKib(64))
        .build();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Nested
  class SchemaChanges {

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

  @Nested
  class SeveralCulprits {

    @Test
    void aStatementThatSqliteLeavesHalfDoneIsUndoneInATransactionToo() {
      run("CREATE TABLE typed (n INTEGER) STRICT");

      Mono<Long> work =
          database.withTransaction(
              tx ->
                  tx.update("INSERT INTO typed VALUES (1), (2), ('x')")
                      .rowsUpdated()
                      .onErrorResume(
                          refused -> tx.update("INSERT INTO item (who) VALUES ('a')").rowsUpdated())
                      .map(rows -> rows));

      assertThat(Bounded.get(work)).isOne();
      assertThat(count("SELECT count(*) FROM typed")).isZero();
      assertThat(who()).containsExactly("a");
    }

    @Test
    void aUnitThatSwallowsTheErrorOfAHalfDoneStatementIsRolledBack() {
      run("CREATE TABLE typed (n INTEGER) STRICT");
      Mono<String> swallowing =
          database.write(
              session -> {
                session.update("INSERT INTO item (who) VALUES ('swallower')").execute();
                try {
                  session.update("INSERT INTO typed VALUES (1), (2), ('x')").execute();
                } catch (ConstraintViolationException half) {
                  return "went on";
                }
                return "not refused";
              });

      List<Outcome<?>> group = group(insert("a"), swallowing, insert("b"));

      Culprits.constraint(Kind.DATATYPE).accept(group.get(1).error());
      assertThat(count("SELECT count(*) FROM typed")).isZero();
      assertThat(who()).containsExactly("a", "b");
    }

    @Test
    void aUnitThatSwallowsTheErrorOfAStatementThatWasUndoneGoesOn() {
      Mono<String> swallowing =
          database.write(
              session -> {
                session.update("INSERT INTO item VALUES (7, 'first')").execute();
                try {
                  session.update("INSERT INTO item VALUES (8, 'x'), (7, 'twice')").execute();
                } catch (ConstraintViolationException undone) {
                  session.update("INSERT INTO item VALUES (9, 'instead')").execute();
                }
                return "went on";
              });

      List<Outcome<?>> group = group(swallowing);

      assertThat(group.get(0).value()).isEqualTo("went on");
      assertThat(who()).containsExactly("first", "instead");
    }

    /** Its row was in the way of another one, which is gone with the group. */
    @Test
    void aFailureThatWasTrueInTheLostGroupOnlyIsNotAnswered() {
      AtomicInteger runs = new AtomicInteger();
      Mono<Long> onceInTheWay =
          database.write(
              session -> {
                if (runs.incrementAndGet() > 1) {
                  return 0L;
                }
                return session.update("INSERT INTO item VALUES (7, 'first')").execute();
              });

      List<Outcome<?>> group =
          group(
              onceInTheWay,
              database.update("INSERT INTO item VALUES (7, 'second')").rowsUpdated(),
              endingTheTransaction(),
              insert("last"));

      assertThat(runs).hasValueGreaterThan(1);
      assertThat(group.get(1).value()).isEqualTo(1L);
      assertThat(group.get(3).value()).isEqualTo(1L);
      assertThat(who()).containsExactly("second", "last");
    }

    /** Only while it runs is it known that it ends the transaction of all. */
    private Mono<Long> endingTheTransaction() {
      return database.write(
          session ->
              session.update("INSERT OR ROLLBACK INTO item VALUES (8, 'x'), (8, 'y')").execute());
    }

    @Test
    void eachIsAnsweredWithItsOwnErrorAndNoInnocentIsLost() {
      run("CREATE TABLE child (pid REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)");
      run("CREATE TABLE typed (n INTEGER) STRICT");
      List<Mono<?>> writes = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        writes.add(
            switch (i % 8) {
              case 1 -> database.update("INSERT INTO child VALUES (99)").rowsUpdated();
              case 3 -> database.update("INSERT INTO typed VALUES (1), ('x')").rowsUpdated();
              case 5 ->
                  database.update("INSERT OR ROLLBACK INTO item VALUES (1, 'x')").rowsUpdated();
              case 7 ->
                  database.write(
                      session -> {
                        throw new IllegalArgumentException("mine");
                      });
              default -> insert("w" + i);
            });
      }

      List<Outcome<?>> group = group(writes.toArray(Mono[]::new));

      for (int i = 0; i < 40; i++) {
        switch (i % 8) {
          case 1 -> Culprits.constraint(Kind.FOREIGN_KEY).accept(group.get(i).error());
          case 3 -> Culprits.constraint(Kind.DATATYPE).accept(group.get(i).error());
          case 5 -> Culprits.constraint(Kind.PRIMARY_KEY).accept(group.get(i).error());
          case 7 -> assertThat(group.get(i).error()).isInstanceOf(IllegalArgumentException.class);
          default -> assertThat(group.get(i).value()).isEqualTo(1L);
        }
      }
      assertThat(who()).hasSize(20);
      assertThat(count("SELECT count(*) FROM typed") + count("SELECT count(*) FROM child"))
          .isZero();
    }
  }

  @Nested
  class Others {

    @Test
    void cancelledMembersNeverRunAndKeepNobodyUp() {
      AtomicBoolean ran = new AtomicBoolean();
      List<Outcome<?>> outcomes = new ArrayList<>();
      try (OccupiedWriter writer = new OccupiedWriter(database)) {
        outcomes.add(Bounded.start(insert("a")));
        Outcome<Boolean> cancelled =
            Bounded.start(
                database.write(
                    session -> {
                      ran.set(true);
                      return true;
                    }));
        outcomes.add(Bounded.start(insert("b")));
        cancelled.cancel();
        writer.release();
      }
      outcomes.forEach(Outcome::value);
      insert("c").block(Bounded.PATIENCE);

      assertThat(ran).isFalse();
      assertThat(who()).containsExactly("a", "b", "c");
      assertThat(database.stats().writes().cancelledQueued()).isOne();
    }

    @Test
    void anInterruptLeftBehindByAUnitIsNotSeenByTheNext() {
      List<Outcome<?>> group =
          group(
              database.write(
                  session -> {
                    Thread.currentThread().interrupt();
                    return true;
                  }),
              database.write(session -> Thread.currentThread().isInterrupted()),
              insert("a"));

      assertThat(group.get(1).value()).isEqualTo(false);
      assertThat(group.get(2).value()).isEqualTo(1L);
    }

    @Test
    @Tag("process")
    void workBetweenTransactionsAndCancelledHeadsLoseNobody() {
      int rounds = 300;
      AtomicInteger next = new AtomicInteger();
      List<Outcome<?>> kept = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        List<Outcome<?>> left = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          left.add(Bounded.start(database.update("DELETE FROM item WHERE id = -1").rowsUpdated()));
          kept.add(Bounded.start(insert("w" + next.incrementAndGet())));
          left.add(Bounded.start(database.maintenance().optimize()));
          kept.add(Bounded.start(database.maintenance().optimize()));
        }
        left.forEach(Outcome::cancel);
      }
      kept.forEach(Outcome::value);

      assertThat(count("SELECT count(*) FROM item")).isEqualTo(rounds * 4L);
    }

    @Test
    @Tag("process")
    void aFullDiskFailsTheGroupOnceAndWritesGoOnWhenThereIsRoom() throws Exception {
      Path mount = Files.createDirectory(directory.resolve("small"));
      assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString()));
      try {
        SqliteDatabase small = open(mount.resolve("small.db"));
        try {
          small
              .update("CREATE TABLE blob (id INTEGER PRIMARY KEY, b)")
              .rowsUpdated()
              .block(Bounded.PATIENCE);
          List<Outcome<?>> outcomes = new ArrayList<>();
          try (OccupiedWriter writer = new OccupiedWriter(small)) {
            outcomes.add(Bounded.start(blob(small, 1, 1_000)));
            // Spills out of the cache before COMMIT
            outcomes.add(Bounded.start(blob(small, 2, 3_000_000)));
            outcomes.add(Bounded.start(blob(small, 3, 1_000)));
            writer.release();
          }

          assertThat(outcomes.get(0).value()).isEqualTo(1L);
          assertThat(outcomes.get(1).error())
              .isInstanceOfSatisfying(
                  StorageException.class,
                  full -> assertThat(full.kind()).isEqualTo(StorageException.Kind.DISK_FULL));
          assertThat(outcomes.get(2).value()).isEqualTo(1L);
          assertThat(ids(small)).containsExactly(1L, 3L);

          assertThat(command("mount", "-o", "remount,size=16m", mount.toString())).isTrue();
          assertThat(Bounded.get(blob(small, 2, 3_000_000))).isOne();
          assertThat(ids(small)).containsExactly(1L, 2L, 3L);
        } finally {
          small.close();
        }
      } finally {
        command("umount", mount.toString());
      }
    }
  }

  private static Mono<Long> blob(SqliteDatabase in, long id, int bytes) {
    return in.update("INSERT INTO blob VALUES (?, randomblob(?))")
        .bind(1, id)
        .bind(2, bytes)
        .rowsUpdated();
  }

  private static List<Long> ids(SqliteDatabase in) {
    return Bounded.get(
        in.query("SELECT id FROM blob ORDER BY id").mapTo(Long.class).all().collectList());
  }

  private static boolean command(String... words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** Queues the writes while the writer is occupied, so that they become one group. */
  private List<Outcome<?>> group(Mono<?>... writes) {
    List<Outcome<?>> outcomes = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      for (Mono<?> write : writes) {
        outcomes.add(Bounded.start(write));
      }
      writer.release();
    }
    outcomes.forEach(Outcome::get);
    return outcomes;
  }

  private Mono<Long> insert(String who) {
    return database.update("INSERT INTO item (who) VALUES (?)").bind(1, who).rowsUpdated();
  }

  private void run(String sql) {
    Bounded.get(database.update(sql).rowsUpdated());
  }

  private long count(String sql) {
    return Bounded.get(database.query(sql).mapTo(Long.class).one());
  }

  private List<String> who() {
    return Bounded.get(
        database.query("SELECT who FROM item ORDER BY id").mapTo(String.class).all().collectList());
  }
}
