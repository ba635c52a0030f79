package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Trials.Answer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Volumes, directories and files that can only be read, for everybody, root included. */
@Tag("reliability")
class ReadOnlyTest {

  @TempDir Path directory;

  private Path ledger;
  private Trials trials;

  @BeforeEach
  void prepare() {
    Os.needRoot();
    ledger = directory.resolve("ledger");
    trials = new Trials(ledger, 0);
  }

  @AfterEach
  void close() throws Exception {
    if (trials != null) {
      trials.close();
    }
  }

  @Test
  void openingOnAReadOnlyVolumeNamesTheVolumeAndTheRight() throws Exception {
    try (Volume volume = Volume.mount(directory.resolve("volume"), "4m")) {
      Path file = volume.resolve("there.db");
      writeOne(file);
      for (Path target : List.of(file, volume.resolve("new.db"))) {
        volume.makeReadOnly();
        StorageException error = refusalOf(target);
        assertThat(error.kind()).isEqualTo(StorageException.Kind.READ_ONLY);
        assertThat(error)
            .hasMessageContaining("write to the directory " + volume.directory())
            .hasMessageContaining("the volume is mounted read-only");
        System.out.println("read-only volume: " + error);
        volume.makeWritable();
        writeOne(target);
      }
      judge(file, "read-only volume");
    }
  }

  @Test
  void openingInADirectoryThatCannotBeChangedNamesIt() throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    openingIsRefused(place.resolve("fixed.db"), place, "write to the directory ");
  }

  @Test
  void openingAFileThatCannotBeChangedNamesIt() throws Exception {
    Path file = directory.resolve("fixed.db");
    openingIsRefused(file, file, "write the file ");
  }

  /** While one of its paths is fixed, and as long as it is. */
  private void openingIsRefused(Path file, Path toFix, String complaint) throws Exception {
    writeOne(file);
    try (Immutable fixed = new Immutable(toFix)) {
      StorageException error = refusalOf(file);
      assertThat(error.kind())
          .isIn(StorageException.Kind.PERMISSION, StorageException.Kind.READ_ONLY);
      assertThat(error).hasMessageContaining(complaint + fixed.path());
      System.out.println("fixed " + toFix.getFileName() + ": " + error);
    }
    writeOne(file);
    judge(file, "fixed " + toFix.getFileName());
  }

  @Test
  void aLogThatCannotBeWrittenAnyMoreFailsWritesUntilItCan() throws Exception {
    Path file = directory.resolve("fixed-log.db");
    long slowest = 0;
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      for (Way way : Way.REPEATABLE) {
        trials.write(database, way);
        try (Immutable fixed = new Immutable(beside(file, "-wal"))) {
          Answer refused = trials.write(database, way);
          assertThat(refused.isAcknowledged()).as("%s of %s", way, fixed.path()).isFalse();
          assertThat(refused.kind())
              .as("%s: %s", way, refused.error())
              .isIn("IO_ERROR", "READ_ONLY", "UNKNOWN");
          assertThat(Bounded.get(count(database))).isPositive();
        }
        Answer next = trials.write(database, Way.STATEMENT);
        assertThat(next.error()).as("after %s", way).isNull();
        slowest = Math.max(slowest, next.took().toMillis());
      }
    }
    assertThat(slowest).isLessThan(Trials.RECOVERY.toMillis());
    judge(file, "fixed log, slowest recovery " + slowest + " ms");
  }

  /** Commits go to the log, so only checkpoints notice. */
  @Test
  void aDatabaseFileThatCannotBeWrittenAnyMoreHoldsUpCheckpointsOnly() throws Exception {
    Path file = directory.resolve("fixed-while-open.db");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      try (Immutable fixed = new Immutable(file)) {
        for (Way way : Way.REPEATABLE) {
          Answer answer = trials.write(database, way);
          assertThat(answer.fate()).as("%s of %s", way, fixed.path()).isEqualTo(Fate.ACKNOWLEDGED);
        }
        Throwable error =
            Bounded.start(database.maintenance().checkpoint(CheckpointMode.PASSIVE)).error();
        assertThat(error).isInstanceOf(StorageException.class);
        System.out.println("checkpoint into a fixed file: " + error);
        assertThat(trials.write(database, Way.UNIT).error()).isNull();
      }
      assertThat(
              Bounded.start(database.maintenance().checkpoint(CheckpointMode.TRUNCATE))
                  .get()
                  .getThrowable())
          .isNull();
      assertThat(trials.write(database, Way.UNIT).error()).isNull();
    }
    judge(file, "fixed file while open");
  }

  /** {@code chattr +i} until it is closed. */
  private record Immutable(Path path) implements AutoCloseable {

    private Immutable {
      NativeTools.needCommand("chattr");
      assumeTrue(
          Os.succeeds("chattr", "+i", path.toString()), "this file system has no fixed files");
    }

    @Override
    public void close() {
      Os.run("chattr", "-i", path.toString());
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static Mono<Long> count(SqliteDatabase database) {
    return database.query("SELECT count(*) FROM entry").mapTo(Long.class).one();
  }

  private void writeOne(Path file) {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      if (!file.getFileName().toString().startsWith("new")) {
        assertThat(trials.write(database, Way.UNIT).error()).isNull();
      }
    }
  }

  private static StorageException refusalOf(Path file) {
    Throwable error = Bounded.start(SqliteDatabase.openAsync(file)).error();
    assertThat(error).isInstanceOf(StorageException.class);
    return (StorageException) error;
  }

  private void judge(Path file, String figures) throws Exception {
    Verdict verdict = Verdict.of(List.of(ledger), file);
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
    System.out.println(figures + "; " + verdict);
  }
}
