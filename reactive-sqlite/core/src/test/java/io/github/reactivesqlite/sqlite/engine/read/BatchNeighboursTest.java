package io.github.reactivesqlite.sqlite.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.HeldReads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads that a reader has taken together do not suffer from each other. */
class BatchNeighboursTest {

  private static final int READERS = 2;
  private static final int NEIGHBOURS = 8;
  private static final String ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000)"
          + " SELECT count(*) FROM n";

  @TempDir Path directory;

  private SqliteDatabase database;
  private @Nullable HeldReads readers;

  @BeforeEach
  void open() {
    database =
        SqliteDatabase.builder(directory.resolve("neighbours.db"))
            .config(config -> config.readers(READERS))
            .build();
  }

  @AfterEach
  void close() {
    if (readers != null) {
      readers.close();
    }
    database.close();
  }

  @Test
  void anErrorThatAMapperThrowsFailsItsOwnReadOnly() {
    // What is subscribed to meanwhile is taken in batches
    readers = HeldReads.queries(database, READERS);
    List<Outcome<Long>> neighbours = new ArrayList<>();
    Outcome<Long> culprit =
        Bounded.start(
            database
                .query("SELECT 1")
                .<Long>map(
                    row -> {
                      throw new StackOverflowError("provoked");
                    })
                .one());
    for (int i = 0; i < NEIGHBOURS; i++) {
      neighbours.add(Bounded.start(database.query("SELECT 7").mapTo(Long.class).one()));
    }

    readers.letGo();

    assertThat(culprit.error()).hasRootCauseInstanceOf(StackOverflowError.class);
    assertThat(neighbours).allSatisfy(read -> assertThat(read.value()).isEqualTo(7));
    assertThat(database.stats().reads().replaced()).isZero();
  }

  @Test
  void anErrorThatAUnitThrowsCostsNoConnection() {
    Outcome<Long> culprit =
        Bounded.start(
            database.<Long>read(
                session -> {
                  throw new StackOverflowError("provoked");
                }));

    assertThat(culprit.error()).hasRootCauseInstanceOf(StackOverflowError.class);
    Bounded.until("its reader is free", () -> database.stats().reads().active() == 0);
    assertThat(database.stats().reads().replaced()).isZero();
  }

  @Test
  void thoseBehindALongReadAreAnsweredWhileItRuns() {
    // What is subscribed to meanwhile is taken in batches
    readers = HeldReads.queries(database, READERS);
    Outcome<Long> endless = Bounded.start(database.query(ENDLESS).mapTo(Long.class).one());
    List<Outcome<Long>> neighbours = new ArrayList<>();
    for (int i = 0; i < NEIGHBOURS; i++) {
      neighbours.add(Bounded.start(database.query("SELECT 7").mapTo(Long.class).one()));
    }

    readers.letGo();

    assertThat(neighbours).allSatisfy(read -> assertThat(read.value()).isEqualTo(7));
    assertThat(endless.isDone()).as("the long read has ended").isFalse();
    endless.cancel();
    Bounded.until("it was stopped", () -> database.stats().reads().active() == 0);
  }
}
