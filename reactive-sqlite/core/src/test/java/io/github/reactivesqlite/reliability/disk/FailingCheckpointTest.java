package io.github.reactivesqlite.reliability.disk;

import static io.github.reactivesqlite.reliability.disk.Failures.storageKindOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.disk.Arena.Answer;
import io.github.reactivesqlite.reliability.disk.FaultControl.Call;
import io.github.reactivesqlite.reliability.disk.FaultControl.Errno;
import io.github.reactivesqlite.reliability.disk.FaultControl.Fault;
import io.github.reactivesqlite.reliability.disk.FaultControl.Kind;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database file fails while the log does not: nothing can be copied, but writes go on. */
class FailingCheckpointTest extends OnFaultyDisk {

  /** The writer copies so few by itself. */
  private static final int FEW = 20;

  /** The maintenance thread copies these, beside the writer. */
  private static final int MANY = 300;

  private static final int PAGE = 4_096;

  @ParameterizedTest
  @ValueSource(ints = {FEW, MANY})
  void writesGoOnWhileTheLogCannotBeCopied(int frames) throws Exception {
    Verdict verdict = playWithoutUnknown("Checkpoints fail", Growing.class, frames);
    assertThat(verdict.count(Fate.FAILED)).isZero();
  }

  static final class Growing implements Scenario {
    @Override
    public void run(Arena arena) {
      try (LogLines log = new LogLines("io.github.reactivesqlite")) {
        int frames = Integer.parseInt(arena.arguments().get(0));
        SqliteDatabase database = arena.open(config -> config.walCheckpointFrames(frames));
        for (Call call : List.of(Call.FSYNC, Call.WRITE)) {
          play(arena, database, call, 3L * frames * PAGE);
        }
        assertThat(log.awaitLine("write-ahead log")).startsWith("WARN");
        // It is not said again and again
        assertThat(log.linesWith("WARN")).hasSizeLessThan(10);
        arena.figure("%d warnings", log.linesWith("WARN").size());
      }
    }

    private static void play(Arena arena, SqliteDatabase database, Call call, long least) {
      Fault eio = arena.faults().on(call, Kind.MAIN).fails(Errno.EIO);
      long bytes = 0;
      while (eio.hits() < 3 || bytes < least) {
        for (Way way : Way.REPEATABLE) {
          assertThat(arena.write(way).error()).as("%s while %s fails", way, call).isNull();
        }
        bytes = size(database).bytes();
      }
      // Another one that runs just then makes it "busy"
      Bounded.until("a checkpoint on demand fails", () -> failsOnDemand(database));
      arena.image();
      arena.recover();
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
      arena.figure("%s: log of %d bytes, then %d", call, bytes, size(database).bytes());
      assertThat(size(database).bytes()).isZero();
    }
  }

  private static boolean failsOnDemand(SqliteDatabase database) {
    Throwable error =
        Bounded.start(database.maintenance().checkpoint(CheckpointMode.PASSIVE))
            .get()
            .getThrowable();
    return error != null && storageKindOf(error) == StorageException.Kind.IO_ERROR;
  }

  @ParameterizedTest
  @ValueSource(ints = {FEW, MANY})
  void aLogThatCannotBeCopiedIsHeldToItsHardLimit(int frames) throws Exception {
    Verdict verdict = play("Checkpoints fail, hard limit", HardLimit.class, frames);
    assertThat(verdict.count(Fate.FAILED)).isOne();
  }

  static final class HardLimit implements Scenario {
    @Override
    public void run(Arena arena) {
      int frames = Integer.parseInt(arena.arguments().get(0));
      SqliteDatabase database =
          arena.open(
              config ->
                  config
                      .walCheckpointFrames(frames)
                      .walLimit(2L * frames * PAGE)
                      .walHardLimit(3L * frames * PAGE));
      arena.faults().on(Call.WRITE, Kind.MAIN).fails(Errno.EIO);
      // The log is looked at 20 ms after a write, and half a second after a look that failed
      Answer[] last = new Answer[1];
      Bounded.until(
          "a write is refused",
          () -> {
            last[0] = arena.write(Way.UNIT);
            return !last[0].isAcknowledged();
          });
      Answer answer = last[0];
      arena.figure("refused at a log of %d bytes", size(database).bytes());
      assertThat(storageKindOf(answer.failure())).isEqualTo(StorageException.Kind.WAL_LIMIT);
      arena.faults().disarmAll();
      // The maintenance thread finds out by itself
      long begun = System.nanoTime();
      Bounded.until(
          "writes are taken again",
          () ->
              Bounded.start(database.script("UPDATE entry SET part = part WHERE 0"))
                  .get()
                  .isOnComplete());
      arena.figure("writes were taken again after %d ms", (System.nanoTime() - begun) / 1_000_000);
      arena.recover();
    }
  }

  @Test
  void aLogThatCouldOnceBeOpenedForReadingOnlyIsCopiedLater() throws Exception {
    play("A log that could be opened for reading only", ReadOnlyLog.class);
  }

  /** SQLite opens a file for reading when it cannot for writing, whatever the reason. */
  static final class ReadOnlyLog implements Scenario {
    @Override
    public void run(Arena arena) {
      SqliteDatabase database = arena.open();
      arena.write(Way.UNIT);
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.PASSIVE));
      // The maintenance thread replaces its connection, and meets the limit of descriptors then
      Fault full = arena.faults().on(Call.OPEN, Kind.WAL).once().fails(Errno.EMFILE);
      arena.faults().on(Call.FSYNC, Kind.MAIN).fails(Errno.EIO);
      Bounded.until(
          "the log was opened again",
          () -> {
            arena.write(Way.UNIT);
            Bounded.start(database.maintenance().checkpoint(CheckpointMode.PASSIVE)).get();
            return full.hits() > 0;
          });
      arena.recover();
      Throwable error =
          Bounded.start(database.maintenance().checkpoint(CheckpointMode.PASSIVE))
              .get()
              .getThrowable();
      assertThat(error).as("a checkpoint after the fault").isNull();
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
      assertThat(size(database).bytes()).isZero();
    }
  }

  private static WalSize size(SqliteDatabase database) {
    return Objects.requireNonNull(Bounded.get(database.maintenance().walSize()));
  }
}
