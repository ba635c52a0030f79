package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Trials.Answer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system without room. */
@Tag("reliability")
class FullVolumeTest {

  private static final int ROUNDS = Scale.of(1, 20);
  private static final int MANY = 20_000;

  @TempDir Path directory;

  private Volume volume;
  private Path file;
  private Path ledger;
  private Trials trials;

  @BeforeEach
  void mount() throws Exception {
    volume = Volume.mount(directory.resolve("volume"), "8m");
    file = volume.resolve("full.db");
    ledger = directory.resolve("ledger");
    trials = new Trials(ledger, 0);
  }

  @AfterEach
  void unmount() throws Exception {
    if (volume != null) {
      trials.close();
      volume.close();
    }
  }

  @Test
  void everyWayFailsAsDiskFullAndTheNextWriteSucceedsWhenThereIsRoom() throws Exception {
    List<Way> ways = new ArrayList<>(Way.REPEATABLE);
    ways.add(Way.MIGRATION);
    Duration slowest = Duration.ZERO;
    int faults = 0;
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      for (int round = 0; round < ROUNDS; round++) {
        for (Way way : ways) {
          volume.fill();
          Answer refused = writeUntilRefused(database, way);
          faults++;
          assertThat(refused.fate()).as("%s: %s", way, refused.error()).isEqualTo(Fate.FAILED);
          assertThat(refused.kind()).as("%s: %s", way, refused.error()).isEqualTo("DISK_FULL");
          assertThat(Trials.messagesOf(refused.failure()))
              .contains("the disk or a quota is full")
              .contains("Free space");
          assertThat(count(database)).isNotNegative();

          volume.empty();
          Answer next = trials.write(database, Way.STATEMENT);
          assertThat(next.error()).as("after %s", way).isNull();
          slowest = max(slowest, next.took());
        }
        ways.remove(Way.MIGRATION);
      }
    }
    assertThat(slowest).isLessThan(Trials.RECOVERY);
    judge("full volume, %d faults, slowest recovery %d ms".formatted(faults, slowest.toMillis()));
  }

  /** A log that started over has room left in its file, so some writes still find theirs. */
  private Answer writeUntilRefused(SqliteDatabase database, Way way) {
    for (int i = 0; i < MANY; i++) {
      Answer answer = trials.write(database, way == Way.MIGRATION ? Way.STATEMENT : way);
      if (!answer.isAcknowledged()) {
        return way == Way.MIGRATION ? trials.write(database, way) : answer;
      }
    }
    throw new AssertionError("There is still room for " + way);
  }

  @Test
  void aLoadGoesOnWhenTheVolumeIsMadeLarger() throws Exception {
    Duration slowest = Duration.ZERO;
    String figures;
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      Load load = new Load(trials, database, Way.REPEATABLE, 16);
      int size = 8;
      for (int round = 0; round < ROUNDS; round++) {
        load.awaitProgress();
        long failedBefore = load.count(Fate.FAILED);
        volume.fill();
        Bounded.until("the volume is full", () -> load.count(Fate.FAILED) > failedBefore + 20);
        size += 8;
        volume.resize(size + "m");
        slowest = max(slowest, load.awaitProgress());
        volume.empty();
      }
      load.stop();
      figures = load.toString();
      assertThat(load.errors().keySet()).isSubsetOf("DISK_FULL");
      Bounded.until("all are answered", () -> trials.unanswered() == 0);
    }
    assertThat(slowest).isLessThan(Trials.RECOVERY);
    judge(
        "volume made larger under load, slowest recovery %d ms, %s"
            .formatted(slowest.toMillis(), figures));
  }

  @Test
  void openingWithoutRoomSaysSoAndSucceedsLater() throws Exception {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      trials.write(database, Way.STATEMENT);
    }
    for (Path target : List.of(file, volume.resolve("new.db"))) {
      volume.fill();
      Throwable error = Bounded.start(SqliteDatabase.openAsync(target)).error();
      assertThat(error)
          .as("%s", target.getFileName())
          .isInstanceOfSatisfying(
              StorageException.class,
              refused ->
                  assertThat(refused.kind())
                      .isIn(StorageException.Kind.DISK_FULL, StorageException.Kind.IO_ERROR));
      assertThat(error).hasMessageContaining("full");
      System.out.printf("open of %s on a full volume: %s%n", target.getFileName(), error);

      volume.empty();
      long begun = System.nanoTime();
      try (SqliteDatabase database = SqliteDatabase.open(target)) {
        Trials.prepare(database);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Trials.RECOVERY);
      }
    }
    judge("open on a full volume");
    assertThat(Files.exists(volume.resolve("new.db"))).isTrue();
  }

  @Test
  void readersOfAnOpenDatabaseCanBeOpenedOnAFullVolume() throws Exception {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      trials.write(database, Way.UNIT);
      volume.fill();
      Bounded.get(database.maintenance().releaseIdle());
      assertThat(count(database)).isOne();
      volume.empty();
    }
  }

  private static long count(SqliteDatabase database) {
    Long units =
        Bounded.get(
            database.query("SELECT count(DISTINCT unit) FROM entry").mapTo(Long.class).one());
    return units == null ? -1 : units;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void judge(String figures) throws Exception {
    Verdict verdict = Verdict.of(List.of(ledger), file);
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
    System.out.println(figures + "; " + verdict);
  }
}
