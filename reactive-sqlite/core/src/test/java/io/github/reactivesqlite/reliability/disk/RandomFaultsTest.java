package io.github.reactivesqlite.reliability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.contract.Quiet;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Arena.Pending;
import io.github.reactivesqlite.reliability.disk.FaultControl.Call;
import io.github.reactivesqlite.reliability.disk.FaultControl.Errno;
import io.github.reactivesqlite.reliability.disk.FaultControl.Kind;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Random faults on random files, while everything the library does goes on beside each other:
 * writes of every way, reads, streams, checkpoints, cancels. Every answer has to come, to be true
 * and to be typed, and the next write after every fault has to succeed.
 */
class RandomFaultsTest extends OnFaultyDisk {

  private static final String SEED = "reliability.faults.seed";

  @Test
  void everyAnswerComesAndIsTrueWhateverTheDiskDoes() throws Exception {
    long seed = Long.getLong(SEED, System.nanoTime());
    System.out.printf("Random faults: -D%s=%d%n", SEED, seed);
    Verdict verdict = disk.playAndKill(launch -> launch, Storm.class, seed, Scale.of(10, 1_200));
    disk.print("Random faults", verdict);
    assertThat(verdict.count(Fate.ACKNOWLEDGED)).isGreaterThan(Storm.IN_FLIGHT);
  }

  static final class Storm implements Scenario {
    private static final int IN_FLIGHT = 40;
    private static final int LOG_CHECKED_EVERY = 5;
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger readsFailed = new AtomicInteger();
    private final List<String> untyped = new ArrayList<>();
    private final ArrayDeque<Pending> writes = new ArrayDeque<>();
    private Random random = new Random();
    private int faults;
    private int cancelled;
    private long hits;

    @Override
    public void run(Arena arena) throws Exception {
      random = new Random(Long.parseLong(arena.arguments().get(0)));
      int rounds = Integer.parseInt(arena.arguments().get(1));
      SqliteDatabase database =
          arena.open(
              config ->
                  config
                      .readers(3)
                      .cacheSizeKib(64)
                      .walCheckpointFrames(100)
                      .commitTimeout(LIMIT)
                      .executionTimeout(LIMIT)
                      .transactionTimeout(LIMIT)
                      .snapshotTimeout(LIMIT));
      for (int i = 0; i < IN_FLIGHT; i++) {
        arena.write(Way.UNIT);
      }
      for (int round = 0; round < rounds; round++) {
        List<FaultControl.Fault> armed = arm(arena.faults());
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10 + random.nextInt(60));
        while (System.nanoTime() - until < 0) {
          act(arena, database);
        }
        hits += armed.stream().mapToLong(FaultControl.Fault::hits).sum();
        // Until everything in flight has its answer, the disk may hang no longer
        arena.faults().disarmAll();
        drain();
        arena.recover();
        if (round % LOG_CHECKED_EVERY == 0) {
          checkLog(arena, database, round);
        }
      }
      assertThat(untyped).isEmpty();
      arena.figure(
          "%d faults, which hit %d calls; %d reads, %d failed; %d writes cancelled",
          faults, hits, reads.get(), readsFailed.get(), cancelled);
    }

    /** Nothing that ended badly goes on reading: the log can be cut. */
    private static void checkLog(Arena arena, SqliteDatabase database, int round) {
      arena.unanswered();
      // The reader of a stream that was cancelled lets go of it on its own thread
      Bounded.until("nobody reads any more", () -> Quiet.is(database.stats()));
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
      WalSize size = Objects.requireNonNull(Bounded.get(database.maintenance().walSize()));
      assertThat(size.bytes()).as("log after round %d", round).isZero();
    }

    private List<FaultControl.Fault> arm(FaultControl disk) {
      List<FaultControl.Fault> armed = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        faults++;
        armed.add(armOne(disk));
      }
      return armed;
    }

    private FaultControl.Fault armOne(FaultControl disk) {
      Kind kind = Kind.values()[random.nextInt(3)];
      Errno error = List.of(Errno.EIO, Errno.ENOSPC, Errno.EDQUOT).get(random.nextInt(3));
      boolean once = random.nextInt(3) > 0;
      long nth = 1 + random.nextInt(20);
      return switch (random.nextInt(8)) {
        case 0, 1 -> rule(disk, Call.WRITE, kind, nth, once).fails(error);
        case 2 -> rule(disk, Call.WRITE, kind, nth, once).failsHalfway(error);
        case 3, 4 -> rule(disk, Call.FSYNC, kind, 1 + nth / 5, once).fails(error);
        case 5 -> rule(disk, Call.READ, kind, nth, once).fails(Errno.EIO);
        case 6 -> rule(disk, Call.OPEN, kind, 1, once).fails(Errno.EMFILE);
        default ->
            rule(disk, random.nextBoolean() ? Call.FSYNC : Call.READ, kind, nth, once)
                .takes(Duration.ofMillis(random.nextInt(200)));
      };
    }

    private static FaultControl.Rule rule(
        FaultControl disk, Call call, Kind kind, long nth, boolean once) {
      FaultControl.Rule rule = disk.on(call, kind).at(nth);
      return once ? rule.once() : rule;
    }

    private void act(Arena arena, SqliteDatabase database) {
      int what = random.nextInt(20);
      if (what < 12) {
        write(arena);
      } else if (what < 19) {
        read(arena, database);
      } else {
        track(arena, database.maintenance().checkpoint(CheckpointMode.PASSIVE));
      }
      if (writes.size() > IN_FLIGHT) {
        check(writes.removeFirst());
      }
      if (random.nextInt(4) == 0) {
        LockSupport.parkNanos(random.nextInt(1_000_000));
      }
    }

    private void write(Arena arena) {
      Pending unit = arena.start(Way.REPEATABLE.get(random.nextInt(Way.REPEATABLE.size())));
      if (random.nextInt(15) == 0) {
        cancelled++;
        unit.cancel().run();
      } else {
        writes.add(unit);
      }
    }

    private void read(Arena arena, SqliteDatabase database) {
      String all = "SELECT unit, part, body FROM entry ORDER BY rowid DESC";
      Mono<?> read =
          switch (random.nextInt(5)) {
            case 0 -> database.query("SELECT count(*) FROM entry").mapTo(Long.class).one();
            case 1 -> database.query(all).map(row -> row.getLong(1)).all().take(600).count();
            case 2 -> database.query(all).map(row -> row.getLong(1)).all().take(10).count();
            case 3 ->
                database.read(
                    session ->
                        session
                            .query("SELECT max(unit) FROM entry")
                            .mapTo(Long.class)
                            .first()
                            .orElse(0L));
            default ->
                database.withSnapshot(
                    snapshot ->
                        snapshot.query("SELECT sum(part) FROM entry").mapTo(Long.class).one());
          };
      track(arena, read);
    }

    private void track(Arena arena, Mono<?> work) {
      reads.incrementAndGet();
      CompletableFuture<?> answer = work.doOnError(this::judge).toFuture();
      arena.track(answer);
    }

    private void judge(Throwable error) {
      readsFailed.incrementAndGet();
      note(error);
    }

    private void note(Throwable error) {
      boolean typed = error instanceof DatabaseException;
      if (!typed) {
        synchronized (untyped) {
          untyped.add(error.toString());
        }
        error.printStackTrace(System.out);
      }
    }

    private void check(Pending unit) {
      Arena.Answer answer = unit.get();
      if (answer.error() != null) {
        note(answer.error());
      }
    }

    private void drain() {
      while (!writes.isEmpty()) {
        check(writes.removeFirst());
      }
    }
  }
}
