package io.github.reactivesqlite.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes write one file without pause, at full durability. How fairly they share it is
 * printed; that they do is asked for in the long form only, on a machine that does nothing else.
 */
@Tag("process")
@Tag("reliability")
class ThreeWritersTest {

  private static final Duration STEP = Duration.ofSeconds(60);
  private static final Duration WRITING = Duration.ofMillis(Long.getLong("writers.millis", 6_000));
  private static final int IN_FLIGHT = Integer.getInteger("writers.inFlight", 64);

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void createTable() {
    file = directory.resolve("shared.db");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      database
          .script(
              "CREATE TABLE entry (id INTEGER PRIMARY KEY, writer TEXT, number INTEGER, body TEXT)")
          .block(STEP);
    }
  }

  @Test
  void shareTheLockWithoutErrors() throws Exception {
    List<ChildJvm> writers = new ArrayList<>();
    List<ContentionFigures> figures = new ArrayList<>();
    try {
      for (String name : List.of("one", "two", "three")) {
        writers.add(
            ChildJvm.start(
                directory, SaturatingWriter.class, file, name, WRITING.toMillis(), IN_FLIGHT));
      }
      for (ChildJvm writer : writers) {
        writer.awaitLine("ready", STEP);
      }
      writers.forEach(writer -> writer.say("go"));
      for (ChildJvm writer : writers) {
        figures.add(ContentionFigures.parse(writer.awaitLine("result ", STEP)));
      }
      for (ChildJvm writer : writers) {
        assertThat(writer.endsWithin(STEP)).isTrue();
        assertThat(writer.exitCode()).as(writer.transcript()).isZero();
      }
    } finally {
      for (ChildJvm writer : writers) {
        writer.close();
      }
    }

    long slowest = rows(figures).min().orElseThrow();
    long fastest = rows(figures).max().orElseThrow();
    figures.forEach(System.out::println);
    System.out.printf("slowest / fastest = %.2f%n", (double) slowest / fastest);
    assertThat(figures)
        .allSatisfy(
            one -> {
              assertThat(one.errors()).as(one.toString()).isZero();
              assertThat(one.written()).as(one.toString()).isPositive();
            });
    assertThat(rowsInTheFile()).isGreaterThanOrEqualTo(rows(figures).sum());
    if (Scale.isLong()) {
      shareItFairly(figures, slowest, fastest);
    }
  }

  private static void shareItFairly(List<ContentionFigures> figures, long slowest, long fastest) {
    assertThat(figures)
        .allSatisfy(
            one -> {
              assertThat(one.longestMicros()).as(one.toString()).isLessThan(1_000_000);
              assertThat(one.longestLockMicros()).as(one.toString()).isLessThan(1_000_000);
            });
    assertThat(slowest * 2).as(figures.toString()).isGreaterThanOrEqualTo(fastest);
  }

  private static java.util.stream.LongStream rows(List<ContentionFigures> figures) {
    return figures.stream().mapToLong(ContentionFigures::written);
  }

  private long rowsInTheFile() {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Long rows = database.query("SELECT count(*) FROM entry").mapTo(Long.class).one().block(STEP);
      return Stream.ofNullable(rows).findFirst().orElseThrow();
    }
  }
}
