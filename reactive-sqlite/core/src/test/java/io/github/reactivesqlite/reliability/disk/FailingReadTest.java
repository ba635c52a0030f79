package io.github.reactivesqlite.reliability.disk;

import static io.github.reactivesqlite.reliability.disk.Failures.assertFailed;
import static io.github.reactivesqlite.reliability.disk.Failures.storageKindOf;
import static org.assertj.core.api.Assertions.assertThat;
import static reactor.core.publisher.Mono.fromFuture;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.disk.Arena.Answer;
import io.github.reactivesqlite.reliability.disk.FaultControl.Call;
import io.github.reactivesqlite.reliability.disk.FaultControl.Errno;
import io.github.reactivesqlite.reliability.disk.FaultControl.Fault;
import io.github.reactivesqlite.reliability.disk.FaultControl.Kind;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Pages that cannot be read, and files that cannot be opened for want of descriptors. */
class FailingReadTest extends OnFaultyDisk {

  private static final String EVERYTHING = "SELECT unit, part, body FROM entry ORDER BY part, unit";

  @Test
  void aReadThatFailsIsTypedAndDeletesNothing() throws Exception {
    play("EIO while reading", Reads.class);
  }

  static final class Reads implements Scenario {
    @Override
    public void run(Arena arena) throws Exception {
      // No page stays in a cache
      SqliteDatabase database = arena.open(config -> config.readers(2).cacheSizeKib(8));
      fill(arena, 120);
      Map<String, Object> files = filesOf(arena.file());
      for (Kind kind : List.of(Kind.MAIN, Kind.WAL)) {
        if (kind == Kind.WAL) {
          fill(arena, 50);
          files = filesOf(arena.file());
        }
        for (boolean once : List.of(true, false)) {
          for (Mono<?> read : reads(database)) {
            play(arena, database, kind, once, read);
          }
        }
        assertThat(filesOf(arena.file())).containsExactlyInAnyOrderEntriesOf(files);
        if (kind == Kind.MAIN) {
          arena.recover();
        }
      }
      arena.figure("%d readers replaced", database.stats().reads().replaced());
      assertThat(database.stats().reads().replaced()).isPositive();
      writerReads(arena);
    }

    private static void play(
        Arena arena, SqliteDatabase database, Kind kind, boolean once, Mono<?> read) {
      FaultControl.Rule rule = arena.faults().on(Call.READ, kind);
      Fault eio = (once ? rule.once() : rule).fails(Errno.EIO);
      Throwable error = Bounded.start(read).get().getThrowable();
      long hits = eio.hits();
      eio.disarm();
      assertThat(hits).as("%s", kind).isPositive();
      if (!once) {
        assertThat(error).as("a read of %s without a disk", kind).isNotNull();
      }
      if (error != null) {
        assertThat(storageKindOf(error))
            .isIn(StorageException.Kind.IO_ERROR, StorageException.Kind.CORRUPT);
      }
      assertThat(Bounded.start(read).get().getThrowable()).as("the next read").isNull();
    }

    /** Statements of the writer read too. */
    private static void writerReads(Arena arena) {
      SqliteDatabase database = arena.database();
      for (int i = 0; i < 5; i++) {
        long unit = arena.nextUnit();
        try (Fault eio = arena.faults().on(Call.READ, Kind.MAIN, Kind.WAL).fails(Errno.EIO)) {
          Answer answer =
              arena
                  .start(
                      Way.STATEMENT,
                      unit,
                      database
                          .update(
                              "INSERT INTO entry SELECT ?1, 0, max(body) FROM entry"
                                  + " WHERE length(body) > 0")
                          .bind(1, unit)
                          .rowsUpdated())
                  .get();
          assertThat(eio.hits()).isPositive();
          assertFailed(
              "a write that reads",
              answer,
              StorageException.Kind.IO_ERROR,
              StorageException.Kind.CORRUPT);
        }
        arena.recover();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EIO", "ESTALE"})
  void aStreamThatFailsMidwayEndsItsSnapshot(Errno errno) throws Exception {
    play(errno + " in the middle of a snapshot", Midway.class, errno);
  }

  /** SQLite may end the read transaction: what is asked next would see what came after it. */
  static final class Midway implements Scenario {
    private static final String COUNT = "SELECT count(DISTINCT unit) FROM entry";

    @Override
    public void run(Arena arena) throws Exception {
      Errno errno = Errno.valueOf(arena.arguments().get(0));
      SqliteDatabase database = arena.open(config -> config.readers(2).cacheSizeKib(8));
      fill(arena, 150);
      List<Long> counts = new CopyOnWriteArrayList<>();
      List<Fault> faults = new CopyOnWriteArrayList<>();
      Throwable error =
          Bounded.start(
                  database.withSnapshot(
                      snapshot -> {
                        Mono<Long> count =
                            snapshot.query(COUNT).mapTo(Long.class).one().doOnNext(counts::add);
                        return count
                            .then(Mono.defer(() -> fromFuture(arena.start(Way.UNIT).answer())))
                            .thenMany(
                                snapshot
                                    .query("SELECT body FROM entry ORDER BY rowid")
                                    .map(row -> row.getBytes(1).length)
                                    .all())
                            .doOnNext(row -> failFromNowOn(arena, errno, faults))
                            .then()
                            .onErrorResume(
                                failed -> {
                                  arena.faults().disarmAll();
                                  return Mono.empty();
                                })
                            .then(count);
                      }))
              .get()
              .getThrowable();
      assertThat(faults.get(0).hits()).isPositive();
      assertThat(counts).as("seen by one snapshot").containsExactly(150L);
      assertThat(error).isNotNull();
      assertThat(storageKindOf(error))
          .isIn(StorageException.Kind.IO_ERROR, StorageException.Kind.CORRUPT);
      arena.recover();
      assertThat(arena.countUnits()).isEqualTo(152);
    }

    private static void failFromNowOn(Arena arena, Errno errno, List<Fault> faults) {
      if (faults.isEmpty()) {
        faults.add(arena.faults().on(Call.READ, Kind.MAIN, Kind.WAL).fails(errno));
      }
    }
  }

  @Test
  void openingsWithoutDescriptorsFailTypedAndSucceedLater() throws Exception {
    play("EMFILE while opening", NoDescriptors.class);
  }

  static final class NoDescriptors implements Scenario {
    private static final int ROUNDS = 5;
    private static final int ATTEMPTS = 20;

    @Override
    public void run(Arena arena) throws Exception {
      SqliteDatabase database = arena.open(config -> config.readers(2).cacheSizeKib(8));
      fill(arena, 150);
      try (LogLines log = new LogLines("io.github.reactivesqlite")) {
        long failedForReaders = 0;
        for (int round = 0; round < ROUNDS; round++) {
          failedForReaders += readers(arena, database);
          writer(arena);
        }
        // Another reader than the broken one may take a read
        assertThat(failedForReaders).isPositive();
        arena.figure(
            "%d warnings, %d errors in the log",
            log.linesWith("WARN ").size(), log.linesWith("ERROR ").size());
        // One for each connection that was given up or replaced, and no more
        assertThat(log.lines()).hasSizeLessThan(100);
      }
    }

    /** A reader that met an error is closed; the next one cannot be opened. */
    private static long readers(Arena arena, SqliteDatabase database) {
      Mono<?> read = reads(database).get(0);
      long hits;
      try (Fault eio = arena.faults().on(Call.READ, Kind.MAIN).fails(Errno.EIO)) {
        Throwable error = Bounded.start(read).get().getThrowable();
        assertThat(error).as("%d hits", eio.hits()).isNotNull();
      }
      // SQLite keeps the descriptors of the database file itself for later connections
      try (Fault full = arena.faults().on(Call.OPEN, Kind.WAL).fails(Errno.EMFILE)) {
        for (int i = 0; i < 3; i++) {
          Throwable error = Bounded.start(read).get().getThrowable();
          if (error != null) {
            assertThat(storageKindOf(error)).isEqualTo(StorageException.Kind.CANNOT_OPEN);
          }
        }
        // The writer has its files
        assertThat(arena.write(Way.UNIT).error()).isNull();
        hits = full.hits();
      }
      assertThat(Bounded.start(read).get().getThrowable()).as("the next read").isNull();
      return hits;
    }

    /** A writer whose BEGIN fails replaces its connection, which cannot open its log. */
    private static void writer(Arena arena) throws Exception {
      Fault full = breakWriter(arena);
      for (Way way : List.of(Way.STATEMENT, Way.TRANSACTION, Way.BATCH)) {
        Answer answer = arena.write(way);
        assertFailed(way.name(), answer, StorageException.Kind.CANNOT_OPEN);
      }
      assertThat(full.hits()).isPositive();
      arena.recover();
    }

    /** The one read that fails has to be the writer's; the look at the log may come before it. */
    private static Fault breakWriter(Arena arena) throws Exception {
      for (int i = 0; i < ATTEMPTS; i++) {
        // So that its next BEGIN has to read the first page
        commitByAnother(arena.file());
        arena.faults().on(Call.READ, Kind.WAL, Kind.MAIN).once().fails(Errno.EIO);
        Fault full = arena.faults().on(Call.OPEN, Kind.WAL).fails(Errno.EMFILE);
        Answer answer = arena.write(Way.UNIT);
        if (!answer.isAcknowledged()) {
          assertFailed("the first", answer, StorageException.Kind.CANNOT_OPEN);
          return full;
        }
        arena.recover();
      }
      throw new AssertionError("No read of the writer failed");
    }

    private static void commitByAnother(Path file) throws SQLException {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE IF NOT EXISTS other (value)");
        statement.execute("INSERT INTO other VALUES (1)");
      }
    }
  }

  private static void fill(Arena arena, int units) {
    for (int i = 0; i < units; i++) {
      arena.write(Way.ATOMIC_CHUNKS);
    }
    if (units > 100) {
      Bounded.get(arena.database().maintenance().checkpoint(CheckpointMode.TRUNCATE));
    }
    // A reader that has not seen the table yet, and now cannot, would say that there is none
    reads(arena.database())
        .forEach(read -> assertThat(Bounded.start(read).get().getThrowable()).isNull());
  }

  private static List<Mono<?>> reads(SqliteDatabase database) {
    return List.of(
        database.query(EVERYTHING).map(row -> row.getLong(1)).all().count(),
        database.query("SELECT max(body) FROM entry").map(row -> row.getBytes(1)).one(),
        database.read(session -> session.query(EVERYTHING).map(row -> row.getLong(1)).all().size()),
        database.withSnapshot(
            snapshot -> snapshot.query(EVERYTHING).map(row -> row.getLong(1)).all().count()));
  }

  /** The files of the database, with what tells them from others of the same name. */
  private static Map<String, Object> filesOf(Path database) throws IOException {
    Map<String, Object> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(database.getParent())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(database.getFileName().toString())) {
          found.put(name, Files.getAttribute(file, "unix:ino"));
        }
      }
    }
    return found;
  }
}
