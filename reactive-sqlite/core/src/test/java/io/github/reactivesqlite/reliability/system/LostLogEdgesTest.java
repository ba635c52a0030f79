package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.IntegrityReport;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

/**
 * The log is lost at the edges of its life with us: before our first commit, while a reader keeps
 * it from being saved, and so that at the close not even the shared lock can be had.
 */
@Tag("reliability")
@Tag("process")
class LostLogEdgesTest {

  private static final String INSERT = "INSERT INTO entry VALUES (?, zeroblob(5000))";
  private static final String COUNT = "SELECT count(*) FROM entry";

  @TempDir Path directory;

  private Path file;
  private Path log;
  private Path index;

  @BeforeEach
  void prepare() {
    file = directory.resolve("edges.db");
    log = directory.resolve("edges.db-wal");
    index = directory.resolve("edges.db-shm");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Bounded.get(database.script("CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB)"));
    }
  }

  private static void insert(SqliteDatabase database, int id) {
    Bounded.get(database.update(INSERT).bind(1, id).rowsUpdated());
  }

  private static long count(SqliteDatabase database) {
    return Bounded.get(database.query(COUNT).mapTo(Long.class).one());
  }

  private static void assertKind(Throwable error, StorageException.Kind kind) {
    assertThat(error)
        .isInstanceOfSatisfying(
            StorageException.class, failed -> assertThat(failed.kind()).isEqualTo(kind));
  }

  /** Somebody takes both away from a database that has not written yet, and writes his own. */
  private ForeignProcess othersBeforeOurFirstCommit() throws IOException {
    Files.delete(log);
    Files.delete(index);
    ForeignProcess other = new ForeignProcess(file);
    other.run("INSERT INTO entry VALUES (1000, zeroblob(5000))");
    return other;
  }

  @Test
  void theFirstCommitDoesNotTakeTheLogOfOthersForOurs() throws Exception {
    try (SqliteDatabase database = SqliteDatabase.open(file);
        ForeignProcess other = othersBeforeOurFirstCommit()) {
      assertThat(Bounded.start(database.update(INSERT).bind(1, 1).rowsUpdated()).error())
          .isInstanceOf(CommitOutcomeUnknownException.class);
      assertKind(
          Bounded.start(database.update(INSERT).bind(1, 2).rowsUpdated()).error(),
          StorageException.Kind.FILE_REPLACED);
      other.run("INSERT INTO entry VALUES (1001, zeroblob(5000))");
    }
    onlyTheOthersRowsAreThere(2);
  }

  @Test
  void noCheckpointTakesTheLogOfOthersForOurs() throws Exception {
    try (SqliteDatabase database = SqliteDatabase.open(file);
        ForeignProcess other = othersBeforeOurFirstCommit()) {
      for (CheckpointMode mode : CheckpointMode.values()) {
        assertKind(
            Bounded.start(database.maintenance().checkpoint(mode)).error(),
            StorageException.Kind.FILE_REPLACED);
      }
      other.run("INSERT INTO entry VALUES (1001, zeroblob(5000))");
    }
    onlyTheOthersRowsAreThere(2);
  }

  private void onlyTheOthersRowsAreThere(long rows) {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      assertThat(Bounded.get(database.maintenance().integrityCheck()))
          .isEqualTo(new IntegrityReport(true, List.of()));
      assertThat(count(database)).isEqualTo(rows);
    }
  }

  /** The writer's connection is the last one then, and must not copy its log. */
  @Test
  void aLogThatCannotBeOpenedKeepsOursOutOfTheFile() throws Exception {
    SqliteDatabase database = SqliteDatabase.open(file);
    for (int id = 0; id < 5; id++) {
      insert(database, id);
    }
    long size = Files.size(file);
    Files.delete(log);
    Path inTheWay = Files.createFile(Files.createDirectory(log).resolve("in-the-way"));

    database.close();

    assertThat(Files.size(file)).isEqualTo(size);
    Files.delete(inTheWay);
    Files.delete(log);
    onlyTheOthersRowsAreThere(0);
  }

  /** The path leads nowhere for a moment, so not even the lock can be had. */
  @Test
  void withoutTheLockTheWriterIsNotClosedAndTheFileStaysClaimed() throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    Path away = directory.resolve("away");
    Path unseen = place.resolve("unseen.db");
    SqliteDatabase database = SqliteDatabase.open(unseen);
    Bounded.get(database.script("CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB)"));
    insert(database, 1);
    long size = Files.size(unseen);
    Files.move(place, away);
    Files.createFile(place);
    try (LogLines lines = new LogLines("io.github.reactivesqlite.sqlite.engine.ClosingScript")) {
      Bounded.get(database.closeGracefully());
      assertThat(lines.linesWith("stays open")).singleElement().asString().startsWith("ERROR ");
    }
    Files.delete(place);
    Files.move(away, place);

    assertThat(Files.size(unseen)).isEqualTo(size);
    assertKind(
        Bounded.start(SqliteDatabase.openAsync(unseen)).error(),
        StorageException.Kind.ALREADY_OPEN);
  }

  /** A snapshot of our own keeps its log from being copied; the next write tries again. */
  @Test
  void whatASnapshotKeptFromBeingSavedIsSavedByTheNextWrite() throws Exception {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      insert(database, 1);
      Sinks.Empty<Void> seen = Sinks.empty();
      Sinks.Empty<Void> end = Sinks.empty();
      Outcome<Void> snapshot =
          Bounded.start(
              database.withSnapshot(
                  view ->
                      view.query(COUNT)
                          .mapTo(Long.class)
                          .one()
                          .doOnNext(rows -> seen.tryEmitEmpty())
                          .then(end.asMono())));
      Bounded.get(seen.asMono());
      for (int id = 2; id < 6; id++) {
        insert(database, id);
      }
      Files.delete(log);
      assertThat(Bounded.start(database.update(INSERT).bind(1, 6).rowsUpdated()).error())
          .isInstanceOf(CommitOutcomeUnknownException.class);
      long size = Files.size(file);
      end.tryEmitEmpty();
      snapshot.value();
      Bounded.until(
          "what the log held is saved",
          () -> {
            assertKind(
                Bounded.start(database.update(INSERT).bind(1, 7).rowsUpdated()).error(),
                StorageException.Kind.FILE_REPLACED);
            return size(file) > size;
          });
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException missing) {
      return 0;
    }
  }
}
