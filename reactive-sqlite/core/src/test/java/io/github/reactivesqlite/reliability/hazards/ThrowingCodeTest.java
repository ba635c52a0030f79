package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/**
 * Everything that can be thrown, thrown from everywhere that an application's code runs: whoever
 * waits is answered, neighbours succeed exactly once, and the library goes on.
 */
@Tag("reliability")
class ThrowingCodeTest {

  @TempDir static Path directory;

  private static SqliteDatabase database;
  private static long innocents;

  @BeforeAll
  static void open() {
    Hooks.onErrorDropped(dropped -> {});
    database = SqliteDatabase.builder(directory.resolve("throwing.db")).build();
    Bounded.get(
        database.script(
            "CREATE TABLE item (id INTEGER PRIMARY KEY);"
                + "CREATE TABLE culprit (id INTEGER);"
                + "CREATE TABLE innocent (id INTEGER PRIMARY KEY);"
                + "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                + " INSERT INTO item SELECT i FROM n"));
  }

  @AfterAll
  static void close() {
    database.close();
    Hooks.resetOnErrorDropped();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    Bounded.until("nothing is held", () -> database.stats().reads().active() == 0);
    assertThat(rows("culprit")).as("rows of failed units").isZero();
    assertThat(rows("innocent")).as("rows of innocent units").isEqualTo(innocents);
    assertThat(Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE)).busy())
        .as("somebody still reads an old snapshot")
        .isFalse();
  }

  private static long rows(String table) {
    return Bounded.get(database.query("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  @ParameterizedTest
  @MethodSource("io.github.reactivesqlite.reliability.hazards.Place#callbacks")
  void callbackThatThrowsFailsItsOwnOperationOnly(Place place) {
    for (Thrown thrown : Thrown.values()) {
      verify(place, thrown);
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.reactivesqlite.reliability.hazards.Place#operators")
  void operatorThatThrowsEndsItsOwnPipelineOnly(Place place) {
    for (Thrown thrown : Thrown.values()) {
      verify(place, thrown);
    }
  }

  private static void verify(Place place, Thrown thrown) {
    Outcome<?> before;
    Outcome<?> culprit;
    Outcome<?> after;
    Outcome<?> read;
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      before = Bounded.start(innocent());
      culprit = start(place, thrown);
      after = Bounded.start(innocent());
      read = Bounded.start(database.query("SELECT 7").mapTo(Long.class).one());
      writer.release();
    }

    Throwable error = culprit.error();
    assertThat(Exceptions.isJvmFatal(error))
        .as("%s: a fatal error as the answer", thrown)
        .isFalse();
    assertThat(before.value()).as("%s: the unit before it", thrown).isEqualTo(1L);
    assertThat(after.value()).as("%s: the unit behind it", thrown).isEqualTo(1L);
    assertThat(read.value()).as("%s: a read", thrown).isEqualTo(7L);
    Boolean interrupted =
        Bounded.get(database.write(session -> Thread.currentThread().isInterrupted()));
    assertThat(interrupted).as("%s: the writer is interrupted", thrown).isFalse();
    interrupted = Bounded.get(database.read(session -> Thread.currentThread().isInterrupted()));
    assertThat(interrupted).as("%s: a reader is interrupted", thrown).isFalse();
  }

  /** What is thrown while subscribing is thrown at the subscriber, who then needs no signal. */
  private static Outcome<?> start(Place place, Thrown thrown) {
    try {
      return Bounded.start(Flux.from(place.operation().apply(database, thrown)).then());
    } catch (Throwable atOnce) {
      return Bounded.start(Mono.error(new IllegalStateException(atOnce)));
    } finally {
      Thread.interrupted();
    }
  }

  private static Mono<Long> innocent() {
    innocents++;
    return database.update("INSERT INTO innocent VALUES (?)").bind(1, innocents).rowsUpdated();
  }
}
