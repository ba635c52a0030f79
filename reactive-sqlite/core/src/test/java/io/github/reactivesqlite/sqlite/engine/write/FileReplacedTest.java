package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.LogLines;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** The database's file is moved, deleted or replaced under the open database. */
class FileReplacedTest {

  @TempDir Path directory;

  private Path file;
  private SqliteDatabase database;
  private LogLines log;

  @BeforeEach
  void open() {
    log = new LogLines("io.github.reactivesqlite.sqlite.engine.write.CommitSteps");
    file = directory.resolve("guarded.db");
    database =
        SqliteDatabase.builder(file)
            // No group is cut in two on a busy machine
            .config(config -> config.maxGroupTime(Duration.ofSeconds(30)))
            .build();
    Bounded.get(database.update("CREATE TABLE item (x)").rowsUpdated());
  }

  @AfterEach
  void close() {
    database.close();
    log.close();
  }

  @Test
  void afterADeletionTheNextWriteIsUnknownAndLaterOnesAreRefused() throws IOException {
    Files.delete(file);

    assertUnknownThenRefused();
    assertThat(log.awaitLine("was replaced or removed")).startsWith("ERROR ");
  }

  @Test
  void afterAMoveTheNextWriteIsUnknownAndLaterOnesAreRefused() throws IOException {
    Files.move(file, directory.resolve("elsewhere.db"));

    assertUnknownThenRefused();
  }

  @Test
  void afterAReplacementTheNextWriteIsUnknownAndLaterOnesAreRefused() throws IOException {
    Path substitute = directory.resolve("substitute.db");
    try (SqliteDatabase second = SqliteDatabase.open(substitute)) {
      Bounded.get(second.update("CREATE TABLE item (x)").rowsUpdated());
    }
    Files.move(substitute, file, StandardCopyOption.REPLACE_EXISTING);

    assertUnknownThenRefused();
  }

  @Test
  void everyMemberOfTheGroupIsToldThatItsOutcomeIsUnknown() throws IOException {
    List<Outcome<Long>> group = new ArrayList<>();
    Outcome<Long> failed;
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      group.add(Bounded.start(insert()));
      failed = Bounded.start(database.update("INSERT INTO none VALUES (1)").rowsUpdated());
      group.add(Bounded.start(insert()));
      // The occupying unit's own commit comes first; it must still find its file
      Outcome<Void> deletion = Bounded.start(deleteWithin());
      writer.release();
      deletion.value();
    }

    group.forEach(
        write -> assertThat(write.error()).isInstanceOf(CommitOutcomeUnknownException.class));
    assertThat(failed.error()).isNotInstanceOf(CommitOutcomeUnknownException.class);
  }

  @Test
  void aTransactionIsUnknownToo() throws IOException {
    Throwable error =
        Bounded.start(
                database.withTransaction(
                    tx ->
                        tx.update("INSERT INTO item VALUES (1)")
                            .rowsUpdated()
                            .doOnNext(rows -> delete())))
            .error();

    assertThat(error).isInstanceOf(CommitOutcomeUnknownException.class);
    assertThat(Bounded.start(insert()).error()).isInstanceOf(StorageException.class);
  }

  /** As when a right or a mount is missing for a moment: nothing says that the file is another. */
  @Test
  void afterAPathThatCouldNotBeLookedAtForAMomentWritesGoOn() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Path away = directory.resolve("away");
    try (SqliteDatabase inside = SqliteDatabase.open(home.resolve("inside.db"))) {
      Bounded.get(inside.update("CREATE TABLE item (x)").rowsUpdated());
      Files.move(home, away);
      Files.createSymbolicLink(home, home);

      assertThat(Bounded.start(insertInto(inside)).error())
          .isInstanceOf(CommitOutcomeUnknownException.class)
          .hasMessageContaining("could not be looked at");

      Files.delete(home);
      Files.move(away, home);
      assertThat(Bounded.get(insertInto(inside))).isOne();
      Bounded.get(inside.maintenance().checkpoint(CheckpointMode.TRUNCATE));
    }
  }

  private static Mono<Long> insertInto(SqliteDatabase target) {
    return target.update("INSERT INTO item VALUES (1)").rowsUpdated();
  }

  /** A unit of the same group, so that the file goes before the group's COMMIT. */
  private Mono<Void> deleteWithin() {
    return database
        .<Boolean>write(
            session -> {
              delete();
              return true;
            })
        .onErrorComplete(CommitOutcomeUnknownException.class)
        .then();
  }

  private void delete() {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertUnknownThenRefused() {
    assertThat(Bounded.start(insert()).error()).isInstanceOf(CommitOutcomeUnknownException.class);
    for (int i = 0; i < 3; i++) {
      assertThat(Bounded.start(insert()).error())
          .isInstanceOfSatisfying(
              StorageException.class,
              replaced ->
                  assertThat(replaced.kind()).isEqualTo(StorageException.Kind.FILE_REPLACED));
    }
    assertThat(Bounded.start(database.withTransaction(tx -> Mono.just(1))).error())
        .isInstanceOf(StorageException.class);
  }

  private Mono<Long> insert() {
    return database.update("INSERT INTO item VALUES (1)").rowsUpdated();
  }
}
