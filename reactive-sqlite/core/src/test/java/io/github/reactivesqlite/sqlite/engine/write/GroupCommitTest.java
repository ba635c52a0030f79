package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * Real groups with one culprit at every place. While a unit occupies the writer, the others queue
 * up in a known order; released, the writer takes them as one group.
 */
class GroupCommitTest {

  @TempDir static Path directory;

  private static SqliteDatabase database;
  private static String untouched;
  private static int files;

  @BeforeAll
  static void open() {
    files++;
    database =
        SqliteDatabase.builder(directory.resolve("group-" + files + ".db"))
            .config(
                config ->
                    config
                        .maxGroupTime(Duration.ofSeconds(30))
                        .maxValueBytes(1_000_000)
                        // A checkpoint of the writer's own would cut a group in two
                        .walCheckpointFrames(50_000))
            .build();
    Bounded.get(database.script(Culprits.SCHEMA));
    untouched = footprint();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /** One failure is one failure: what it left behind does not fail the cases after it. */
  @AfterEach
  void renewWhatWasTouched() {
    if (!footprint().equals(untouched)) {
      database.close();
      open();
    }
  }

  static Stream<Arguments> everyCulpritAtEveryPlace() {
    return Culprits.all().stream()
        .flatMap(
            culprit ->
                Stream.of(1, 2, 8)
                    .flatMap(
                        size ->
                            Stream.iterate(0, place -> place < size, place -> place + 1)
                                .map(place -> Arguments.of(culprit, size, place))));
  }

  @ParameterizedTest(name = "{0}: group of {1}, place {2}")
  @MethodSource("everyCulpritAtEveryPlace")
  void innocentsSucceedExactlyOnce(Culprits.Culprit culprit, int size, int place) {
    Bounded.get(database.update("DELETE FROM item").rowsUpdated());
    DatabaseStats before = database.stats();
    List<Bounded.Outcome<?>> outcomes = new ArrayList<>();
    AtomicInteger[] runs = new AtomicInteger[size];
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      for (int i = 0; i < size; i++) {
        runs[i] = new AtomicInteger();
        Mono<?> write = i == place ? culprit.write().apply(database) : innocent(i, runs[i]);
        outcomes.add(Bounded.start(write));
      }
      writer.release();
    }

    culprit.error().accept(outcomes.get(place).error());
    for (int i = 0; i < size; i++) {
      if (i != place) {
        assertThat(outcomes.get(i).value()).as("innocent %d", i).isEqualTo(answer(i, place));
      }
    }
    assertThat(rows()).containsExactlyElementsOf(expectedRows(size, place));
    assertThat(footprint()).isEqualTo(untouched);
    DatabaseStats.WriteStats writes = database.stats().since(before).writes();
    // The unit that occupied the writer is one unit and one commit
    assertThat(writes.committedUnits()).isEqualTo(1 + size - 1);
    assertThat(writes.failedUnits()).isEqualTo(1);
    assertThat(writes.commits()).isEqualTo(1 + commits(culprit.effect(), size, place));
    for (int i = 1; i < size; i += 3) {
      if (i != place) {
        assertThat(runs[i].get()).as("runs of unit %d", i).isEqualTo(runs(culprit, i, place));
      }
    }
  }

  /** A plain statement, a unit, or a statement with RETURNING. */
  private static Mono<?> innocent(int i, AtomicInteger runs) {
    String who = "w" + i;
    return switch (i % 3) {
      case 0 -> database.update("INSERT INTO item (who) VALUES (?)").bind(1, who).rowsUpdated();
      case 1 ->
          database.write(
              session -> {
                runs.incrementAndGet();
                return session
                    .update("INSERT INTO item (who) VALUES (:who)")
                    .bind("who", who)
                    .execute();
              });
      default ->
          database
              .update("INSERT INTO item (who) VALUES (?) RETURNING id")
              .bind(1, who)
              .returning(Long.class)
              .one();
    };
  }

  private static Object answer(int i, int place) {
    long id = i < place ? i + 1 : i;
    return i % 3 == 2 ? id : 1L;
  }

  private static List<String> expectedRows(int size, int place) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (i != place) {
        rows.add(rows.size() + 1 + "=w" + i);
      }
    }
    return rows;
  }

  private static int commits(Culprits.Effect effect, int size, int place) {
    int others = size - 1;
    return switch (effect) {
      case CONTAINED, STOPPED -> Math.min(1, others);
      case APART, DIES -> Math.min(1, place) + Math.min(1, others - place);
      case AT_COMMIT -> others;
    };
  }

  private static int runs(Culprits.Culprit culprit, int i, int place) {
    return switch (culprit.effect()) {
      case CONTAINED, APART -> 1;
      case DIES, STOPPED -> i < place ? 2 : 1;
      case AT_COMMIT -> 2;
    };
  }

  private static List<String> rows() {
    return Bounded.get(
        database
            .query("SELECT id || '=' || who FROM item ORDER BY id")
            .mapTo(String.class)
            .all()
            .collectList());
  }

  private static String footprint() {
    return Bounded.get(database.query(Culprits.FOOTPRINT).mapTo(String.class).one());
  }
}
