package io.github.reactivesqlite.reliability.disk;

import static io.github.reactivesqlite.reliability.disk.Failures.assertFailed;
import static io.github.reactivesqlite.reliability.disk.Failures.in;
import static io.github.reactivesqlite.reliability.disk.Failures.storageKindOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.disk.Arena.Answer;
import io.github.reactivesqlite.reliability.disk.Arena.Pending;
import io.github.reactivesqlite.reliability.disk.FaultControl.Call;
import io.github.reactivesqlite.reliability.disk.FaultControl.Errno;
import io.github.reactivesqlite.reliability.disk.FaultControl.Fault;
import io.github.reactivesqlite.reliability.disk.FaultControl.Kind;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.Maintenance;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/**
 * A COMMIT that fails with an I/O error is neither yes nor no: its frames may be in the log and
 * come back at the next recovery. After each answer the files are copied as a kill would leave
 * them.
 */
class FailedCommitTest extends OnFaultyDisk {

  /** Shows that the fault is real: without a fence, a failed COMMIT comes back. */
  @Test
  void withoutAFenceTheRowsOfAFailedCommitComeBack() throws Exception {
    disk.play(PlainJdbc.class);
    assertThat(disk.judgeImages().get(0).presentUnknown()).isOne();
    assertThat(disk.judgeImages().get(1).presentUnknown()).isZero();
    disk.print("A failed COMMIT without and with a fence", null);
  }

  static final class PlainJdbc implements Scenario {
    @Override
    public void run(Arena arena) throws Exception {
      arena.open().close();
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arena.file());
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA user_version = 7");
        arena.note(Fate.UNKNOWN, Way.STATEMENT, 1);
        try (Fault eio = arena.faults().on(Call.FSYNC, Kind.WAL).once().fails(Errno.EIO)) {
          statement.execute("INSERT INTO entry VALUES (1, 0, NULL)");
          throw new AssertionError("The COMMIT went through");
        } catch (SQLException expected) {
          arena.image();
        }
        long writes = arena.faults().calls(Call.WRITE, Kind.WAL);
        long syncs = arena.faults().calls(Call.FSYNC, Kind.WAL);
        statement.execute("BEGIN IMMEDIATE");
        statement.execute("PRAGMA user_version = 7");
        statement.execute("COMMIT");
        arena.figure(
            "user_version with the value it has: %d writes, %d fsync",
            arena.faults().calls(Call.WRITE, Kind.WAL) - writes,
            arena.faults().calls(Call.FSYNC, Kind.WAL) - syncs);
        // A frame is a header and a page
        assertThat(arena.faults().calls(Call.WRITE, Kind.WAL) - writes).isEqualTo(2);
        assertThat(arena.faults().calls(Call.FSYNC, Kind.WAL) - syncs).isOne();
        arena.image();
      }
    }
  }

  @Test
  void oneFailedFsyncIsSettledBeforeTheAnswer() throws Exception {
    isSettled(Call.FSYNC, Errno.EIO);
  }

  /** SQLite knows one error only that says "full", and EDQUOT is not it. */
  @ParameterizedTest
  @EnumSource(names = {"EIO", "EDQUOT"})
  void oneFailedWriteIsSettledBeforeTheAnswer(Errno errno) throws Exception {
    isSettled(Call.WRITE, errno);
  }

  private void isSettled(Call call, Errno errno) throws Exception {
    String title = nameOf(call) + " fails once by " + errno;
    Verdict verdict = playWithoutUnknown(title, SettledAsAbsent.class, call, errno);
    assertThat(verdict.count(Fate.FAILED)).isEqualTo(Way.values().length);
  }

  private static String nameOf(Call call) {
    return "COMMIT, " + call.name().toLowerCase(Locale.ROOT) + " of the log";
  }

  /** Every way to write, alone. */
  static final class SettledAsAbsent implements Scenario {
    @Override
    public void run(Arena arena) {
      Call call = Call.valueOf(arena.arguments().get(0));
      Errno errno = Errno.valueOf(arena.arguments().get(1));
      arena.open();
      arena.write(Way.STATEMENT);
      for (Way way : Way.values()) {
        try (Fault fault = arena.faults().on(call, Kind.WAL).once().fails(errno)) {
          Answer answer = arena.write(way);
          assertThat(fault.hits()).as("%s", way).isOne();
          assertFailed(way.name(), answer, StorageException.Kind.IO_ERROR);
          arena.image();
        }
        arena.recover();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FSYNC", "WRITE"})
  void aDiskThatGoesOnFailingLeavesTheOutcomeUnknown(Call call) throws Exception {
    String title = nameOf(call) + " fails and goes on failing";
    Verdict verdict = play(title, Unknown.class, call);
    assertThat(verdict.count(Fate.UNKNOWN)).isEqualTo(Way.values().length);
    assertThat(verdict.count(Fate.FAILED)).isZero();
  }

  /** The fence fails too. */
  static final class Unknown implements Scenario {
    @Override
    public void run(Arena arena) {
      Call call = Call.valueOf(arena.arguments().get(0));
      arena.open();
      arena.write(Way.STATEMENT);
      for (Way way : Way.values()) {
        try (Fault eio = arena.faults().on(call, Kind.WAL).fails(Errno.EIO)) {
          Answer answer = arena.write(way);
          assertThat(eio.hits()).as("%s", way).isGreaterThanOrEqualTo(2);
          assertThat(answer.fate()).as("%s: %s", way, answer.error()).isEqualTo(Fate.UNKNOWN);
          assertThat(in(answer.failure(), CommitOutcomeUnknownException.class).code() & 0xff)
              .isEqualTo(10);
          arena.image();
        }
        arena.recover();
        arena.image();
      }
    }
  }

  @Test
  void aGroupWhoseCommitFailedSucceedsExactlyOnce() throws Exception {
    playWithoutUnknown("Groups whose COMMIT fails", Groups.class);
  }

  /** One failure settles the group, and its units run again; a second one hits one unit alone. */
  static final class Groups implements Scenario {
    @Override
    public void run(Arena arena) {
      arena.open();
      for (int size : List.of(2, 8)) {
        // The fence is one fsync and two writes
        play(arena, Call.FSYNC, size, 0);
        play(arena, Call.WRITE, size, 0);
        for (int unit = 0; unit < size; unit++) {
          play(arena, Call.FSYNC, size, 3 + unit);
          play(arena, Call.WRITE, size, 4 + 2 * unit);
        }
      }
    }

    private static void play(Arena arena, Call call, int size, int second) {
      List<Way> ways = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        ways.add(List.of(Way.STATEMENT, Way.UNIT, Way.RETURNING, Way.SCRIPT).get(i % 4));
      }
      List<Fault> faults = new ArrayList<>();
      List<Pending> group =
          arena.group(
              () -> {
                FaultControl disk = arena.faults();
                faults.add(disk.on(call, Kind.WAL).once().fails(Errno.EIO));
                if (second > 0) {
                  faults.add(disk.on(call, Kind.WAL).at(second).once().fails(Errno.EIO));
                }
              },
              ways);
      List<Answer> answers = group.stream().map(Pending::get).toList();
      arena.image();
      long failed = answers.stream().filter(answer -> answer.fate() == Fate.FAILED).count();
      long hits = faults.stream().mapToLong(Fault::hits).sum();
      String what = "of " + size + ", " + call + " 1 and " + second;
      assertThat(hits).as(what).isEqualTo(faults.size());
      assertThat(failed).as(what).isEqualTo(hits - 1);
      assertThat(answers.stream().filter(Answer::isAcknowledged).count())
          .as(what)
          .isEqualTo(size - failed);
      arena.recover();
    }
  }

  @Test
  void anUnknownOutcomeMayTurnOutToBeCommitted() throws Exception {
    disk.play(UnknownAndThere.class);
    List<Verdict> images = disk.judgeImages();
    assertThat(images.get(0).presentUnknown()).isOne();
    // The next commit overwrites what a kill would have brought back
    assertThat(images.get(1).presentUnknown()).isZero();
    disk.print("COMMIT fails after its frames were written, and no fence can be", images.get(0));
  }

  /** The fsync fails, so the frames are there; then nothing more can be written. */
  static final class UnknownAndThere implements Scenario {
    @Override
    public void run(Arena arena) {
      arena.open();
      arena.write(Way.STATEMENT);
      FaultControl disk = arena.faults();
      disk.on(Call.FSYNC, Kind.WAL).once().fails(Errno.EIO);
      disk.on(Call.WRITE, Kind.WAL).at(3).fails(Errno.EIO);
      assertThat(arena.write(Way.STATEMENT).fate()).isEqualTo(Fate.UNKNOWN);
      arena.image();
      // Whoever looks meanwhile sees what is sure
      assertThat(arena.countUnits()).isOne();
      arena.recover();
      arena.image();
      assertThat(arena.countUnits()).isEqualTo(2);
    }
  }

  @Test
  void aGroupWhoseFenceFailsTooIsUnknownAsAWhole() throws Exception {
    Verdict verdict = play("Groups whose COMMIT fails, and the fence", UnknownGroups.class);
    assertThat(verdict.count(Fate.UNKNOWN)).isEqualTo(2 + 2 + 8 + 8);
    assertThat(verdict.count(Fate.FAILED)).isZero();
  }

  static final class UnknownGroups implements Scenario {
    @Override
    public void run(Arena arena) {
      arena.open();
      for (int size : List.of(2, 8)) {
        for (Call call : List.of(Call.FSYNC, Call.WRITE)) {
          List<Pending> group =
              arena.group(
                  () -> arena.faults().on(call, Kind.WAL).fails(Errno.EIO),
                  Collections.nCopies(size, Way.UNIT));
          group.forEach(unit -> assertThat(unit.get().fate()).isEqualTo(Fate.UNKNOWN));
          arena.image();
          arena.recover();
        }
      }
    }
  }

  /** The frames are on the disk, but the index of the log cannot grow to hold them. */
  @Test
  void aLogIndexThatCannotGrowIsSettledToo() throws Exception {
    play("COMMIT, the index of the log cannot grow", LogIndex.class);
  }

  static final class LogIndex implements Scenario {
    private static final int FRAMES_OF_FIRST_PAGE = 4_062;

    @Override
    public void run(Arena arena) {
      // No checkpoint may start the log over
      SqliteDatabase database = arena.open(config -> config.walCheckpointFrames(50_000));
      Bounded.get(database.script("CREATE TABLE filler (body BLOB)"));
      for (Call call : List.of(Call.WRITE, Call.MMAP)) {
        Fault fault = arena.faults().on(call, Kind.SHM).fails(Errno.ENOSPC);
        long frames = 0;
        while (fault.hits() == 0 && frames < 3 * FRAMES_OF_FIRST_PAGE) {
          frames = fill(database, arena);
        }
        arena.figure("%s of the index failed %d times at %d frames", call, fault.hits(), frames);
        assertThat(fault.hits()).as("%s after %d frames", call, frames).isPositive();
        arena.image();
        arena.recover();
        arena.image();
      }
    }

    private static long fill(SqliteDatabase database, Arena arena) {
      long unit = arena.nextUnit();
      arena
          .start(
              Way.STATEMENT,
              unit,
              database.write(
                  session -> {
                    session.update("INSERT INTO filler VALUES (zeroblob(400000))").execute();
                    return session
                        .update("INSERT INTO entry VALUES (?, 0, NULL)")
                        .bind(1, unit)
                        .execute();
                  }))
          .get();
      return Objects.requireNonNull(Bounded.get(database.maintenance().walSize())).frames();
    }
  }

  @Test
  void workBetweenTransactionsFailsTypedAndLeavesTheFileWhole() throws Exception {
    play("VACUUM, ANALYZE and others on a disk that fails", Exclusive.class);
  }

  static final class Exclusive implements Scenario {
    @Override
    public void run(Arena arena) {
      SqliteDatabase database = arena.open();
      Bounded.get(database.script("CREATE INDEX entry_by_unit ON entry (unit)"));
      for (int i = 0; i < 50; i++) {
        arena.write(Way.UNIT);
      }
      Maintenance maintenance = database.maintenance();
      for (Call call : List.of(Call.FSYNC, Call.WRITE)) {
        for (boolean once : List.of(true, false)) {
          for (Mono<?> work :
              List.of(maintenance.vacuum(), maintenance.analyze(), maintenance.optimize())) {
            FaultControl.Rule rule = arena.faults().on(call, Kind.WAL);
            Fault fault = (once ? rule.once() : rule).fails(Errno.EIO);
            Throwable error = Bounded.start(work).get().getThrowable();
            if (fault.hits() > 0) {
              assertThat(storageKindOf(Objects.requireNonNull(error)))
                  .isEqualTo(StorageException.Kind.IO_ERROR);
            } else {
              assertThat(error).isNull();
            }
            arena.recover();
            assertThat(Bounded.start(work).get().getThrowable()).isNull();
          }
        }
      }
    }
  }
}
