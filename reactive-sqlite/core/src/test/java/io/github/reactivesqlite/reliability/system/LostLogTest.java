package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Peer.Told;
import io.github.reactivesqlite.reliability.system.Trials.Answer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.IntegrityReport;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * The write-ahead log, or its index, is taken away by somebody while the database is open: noticed
 * by the next commit, which saves what the lost log held. What SQLite itself does with them while
 * others come and go is no loss.
 */
@Tag("reliability")
@Tag("process")
class LostLogTest {

  private static final String MANY_PAGES =
      "CREATE TABLE page (id INTEGER PRIMARY KEY, v TEXT);"
          + " CREATE INDEX page_v ON page (v);"
          + " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
          + " INSERT INTO page SELECT i, 'value ' || i FROM n";

  private static final int VISITS = Scale.of(5, 200);

  @TempDir Path directory;

  private Path file;
  private Path ledger;

  /** How they are lost. */
  enum Loss {
    LOG_DELETED {
      @Override
      void strike(Path file) throws IOException {
        Files.delete(beside(file, LOG));
      }
    },
    INDEX_DELETED {
      @Override
      void strike(Path file) throws IOException {
        Files.delete(beside(file, INDEX));
      }
    },
    BOTH_DELETED {
      @Override
      void strike(Path file) throws IOException {
        Files.delete(beside(file, INDEX));
        Files.delete(beside(file, LOG));
      }
    },
    LOG_REPLACED {
      @Override
      void strike(Path file) throws IOException {
        Path other = Files.createFile(beside(file, "-other"));
        Files.move(other, beside(file, LOG), StandardCopyOption.REPLACE_EXISTING);
      }
    },
    /** By a copy, as by a tool that restores a directory. */
    INDEX_REPLACED {
      @Override
      void strike(Path file) throws IOException {
        Path other = Files.write(beside(file, "-other"), new byte[32_768]);
        Files.move(other, beside(file, INDEX), StandardCopyOption.REPLACE_EXISTING);
      }
    };

    abstract void strike(Path file) throws IOException;
  }

  private static final String LOG = "-wal";
  private static final String INDEX = "-shm";

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  @BeforeEach
  void prepare() {
    file = directory.resolve("lost-log.db");
    ledger = directory.resolve("ledger");
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void noWriteIsAcknowledgedAfterwardsAndNothingBeforeIsLost(Loss loss) throws Exception {
    try (Trials trials = new Trials(ledger, 0);
        SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      for (Way way : Way.REPEATABLE) {
        assertThat(trials.write(database, way).error()).as("%s", way).isNull();
      }
      loss.strike(file);
      Answer first = trials.write(database, Way.UNIT);
      assertThat(first.kind()).as("%s", first.error()).isEqualTo("UNKNOWN");
      assertThat(Trials.messagesOf(first.failure())).contains("-wal or -shm file was replaced");
      for (Way way : Way.REPEATABLE) {
        Answer refused = trials.write(database, way);
        assertThat(refused.fate()).as("%s", way).isEqualTo(Fate.FAILED);
        assertThat(refused.kind()).as("%s: %s", way, refused.error()).isEqualTo("FILE_REPLACED");
      }
      assertThat(Bounded.start(database.query("SELECT 1").mapTo(Long.class).one()).value()).isOne();
    }
    judge(ledger, loss + ", closed");
  }

  static Stream<Loss> lossesBeforeAKill() {
    return Stream.of(Loss.LOG_DELETED, Loss.INDEX_DELETED, Loss.BOTH_DELETED, Loss.LOG_REPLACED)
        .limit(Scale.of(1, 4));
  }

  @ParameterizedTest
  @MethodSource("lossesBeforeAKill")
  void whatIsAcknowledgedOutlivesAKill(Loss loss) throws Exception {
    try (Peer peer = Peer.start(directory, file, 1).awaitReady()) {
      for (Way way : Way.REPEATABLE) {
        assertThat(peer.tell("write " + way).isAcknowledged()).isTrue();
      }
      loss.strike(file);
      Told first = peer.tell("write UNIT");
      assertThat(first.kind()).as("%s", first).isEqualTo("UNKNOWN");
      peer.kill();
      judge(peer.ledger(), loss + ", killed");
    }
  }

  /**
   * Something in this process copies the files by itself; closing them drops the locks of the
   * database. Another process takes itself for the last one then, and deletes the log.
   */
  @Test
  void aLogThatAnotherProcessDeletedBecauseOurLocksWereDroppedIsNoticed() throws Exception {
    try (Trials trials = new Trials(ledger, 0);
        SqliteDatabase database = SqliteDatabase.open(file);
        ForeignProcess other = openedBefore(database, trials)) {
      copyAsAnApplicationMight();
      other.closeConnection();
      assertThat(beside(file, LOG)).doesNotExist();
      assertThat(trials.write(database, Way.STATEMENT).kind()).isEqualTo("UNKNOWN");
      assertThat(trials.write(database, Way.STATEMENT).kind()).isEqualTo("FILE_REPLACED");
    }
    judge(ledger, "locks dropped, log deleted by another process");
  }

  /** The path leads to a log again, but to that of the others. */
  @Test
  void aLogThatAnotherProcessHasMadeAnewIsNotTakenForOurs() throws Exception {
    try (ForeignProcess other = writeBesideANewLog()) {
      other.run("INSERT INTO foreign_row VALUES (2)");
    }
    judge(ledger, "locks dropped, log made anew by another process");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      assertThat(
              Bounded.get(
                  database.query("SELECT count(*) FROM foreign_row").mapTo(Long.class).one()))
          .isEqualTo(2);
    }
  }

  private ForeignProcess writeBesideANewLog() throws Exception {
    try (Trials trials = new Trials(ledger, 0);
        SqliteDatabase database = SqliteDatabase.open(file)) {
      ForeignProcess other = openedBefore(database, trials);
      copyAsAnApplicationMight();
      other.closeConnection();
      other.openConnection();
      other.run("CREATE TABLE foreign_row (x)");
      other.run("INSERT INTO foreign_row VALUES (1)");
      assertThat(beside(file, LOG)).exists();
      assertThat(beside(file, INDEX)).exists();
      assertThat(trials.write(database, Way.STATEMENT).kind()).isEqualTo("UNKNOWN");
      assertThat(trials.write(database, Way.STATEMENT).kind()).isEqualTo("FILE_REPLACED");
      return other;
    }
  }

  /** What the other process does with its own log, and whether we have noticed it by then. */
  static Stream<Arguments> othersBesideANewIndex() {
    return Stream.of(
        Arguments.of(true, true),
        Arguments.of(false, true),
        Arguments.of(true, false),
        Arguments.of(false, false));
  }

  /** Our old pages must not come over its new ones, nor its log go with our connections. */
  @ParameterizedTest
  @MethodSource("othersBesideANewIndex")
  void whatAnotherProcessWroteBesideANewIndexIsNeitherOverwrittenNorDeleted(
      boolean copiesItsLog, boolean noticed) throws Exception {
    try (Trials trials = new Trials(ledger, 0);
        SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      Bounded.get(database.script(MANY_PAGES));
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
      Bounded.get(
          database.update("UPDATE page SET v = 'ours ' || id WHERE id % 10 = 0").rowsUpdated());
      Loss.BOTH_DELETED.strike(file);
      try (ForeignProcess other = new ForeignProcess(file)) {
        other.run("INSERT INTO page SELECT id + 100000, 'theirs ' || id FROM page");
        other.run("DELETE FROM page WHERE id BETWEEN 500 AND 900");
        if (copiesItsLog) {
          other.run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        if (noticed) {
          assertThat(trials.write(database, Way.UNIT).kind()).isEqualTo("UNKNOWN");
        }
        for (CheckpointMode mode : CheckpointMode.values()) {
          assertLost(Bounded.start(database.maintenance().checkpoint(mode)).error());
        }
        other.closeConnection();
      }
    }
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      IntegrityReport report = Bounded.get(database.maintenance().integrityCheck());
      assertThat(report).isEqualTo(new IntegrityReport(true, List.of()));
      assertThat(
              Bounded.get(
                  database
                      .query("SELECT count(*) FROM page WHERE id > 100000")
                      .mapTo(Long.class)
                      .one()))
          .isEqualTo(3_000);
    }
  }

  private static void assertLost(Throwable error) {
    assertThat(error)
        .isInstanceOfSatisfying(
            StorageException.class,
            lost -> assertThat(lost.kind()).isEqualTo(StorageException.Kind.FILE_REPLACED));
  }

  /** Work between transactions that commits by itself. */
  enum Exclusive {
    VACUUM {
      @Override
      Mono<Void> start(SqliteDatabase database) {
        return database.maintenance().vacuum();
      }
    },
    ANALYZE {
      @Override
      Mono<Void> start(SqliteDatabase database) {
        return database.maintenance().analyze();
      }
    },
    OPTIMIZE {
      @Override
      Mono<Void> start(SqliteDatabase database) {
        return database.maintenance().optimize();
      }
    };

    abstract Mono<Void> start(SqliteDatabase database);
  }

  @ParameterizedTest
  @EnumSource(Exclusive.class)
  void exclusiveWorkIntoALostLogIsNotAcknowledged(Exclusive work) throws Exception {
    try (Trials trials = new Trials(ledger, 0);
        SqliteDatabase database = SqliteDatabase.open(file)) {
      Trials.prepare(database);
      assertThat(trials.write(database, Way.UNIT).error()).isNull();
      Loss.LOG_DELETED.strike(file);
      assertThat(Bounded.start(work.start(database)).error())
          .isInstanceOf(CommitOutcomeUnknownException.class);
      assertLost(Bounded.start(work.start(database)).error());
      assertThat(trials.write(database, Way.UNIT).kind()).isEqualTo("FILE_REPLACED");
    }
    judge(ledger, work + " into a lost log");
  }

  private void copyAsAnApplicationMight() throws IOException {
    for (Path each : List.of(file, beside(file, LOG), beside(file, INDEX))) {
      Files.readAllBytes(each);
    }
  }

  private ForeignProcess openedBefore(SqliteDatabase database, Trials trials) {
    Trials.prepare(database);
    ForeignProcess other = new ForeignProcess(file);
    for (Way way : Way.REPEATABLE) {
      assertThat(trials.write(database, way).error()).as("%s", way).isNull();
    }
    return other;
  }

  /** Others open, write, cut the log, try to change the journal, and close; we cut it too. */
  @Test
  void whatSqliteDoesWithTheLogIsNoLoss() throws Exception {
    try (Trials trials = new Trials(ledger, 0);
        SqliteDatabase database = SqliteDatabase.open(file);
        ForeignProcess other = openedBefore(database, trials)) {
      other.run("CREATE TABLE foreign_row (x)");
      Load load = Load.leavingRoom(trials, database, Way.REPEATABLE, 4);
      for (int visit = 0; visit < VISITS; visit++) {
        // SQLite's own waiting looks every 100 ms only, and would miss the gaps of a busy writer
        other.run("PRAGMA busy_timeout = 15000");
        other.run("INSERT INTO foreign_row VALUES (1)");
        other.run("PRAGMA wal_checkpoint(TRUNCATE)");
        other.run("PRAGMA busy_timeout = 20");
        assertThat(other.fail("PRAGMA journal_mode = DELETE")).contains("locked");
        other.closeConnection();
        Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
        Bounded.get(database.maintenance().releaseIdle());
        load.awaitProgress();
        other.openConnection();
      }
      load.stop();
      assertThat(load.errors()).isEmpty();
      System.out.printf("%d visits of another process, log cut each time; %s%n", VISITS, load);
    }
    judge(ledger, "visits");
  }

  private void judge(Path judged, String what) throws Exception {
    Verdict verdict = Verdict.of(List.of(judged), file);
    System.out.println(what + ": " + verdict);
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
  }
}
