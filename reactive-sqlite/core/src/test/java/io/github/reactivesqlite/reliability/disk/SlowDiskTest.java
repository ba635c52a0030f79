package io.github.reactivesqlite.reliability.disk;

import static io.github.reactivesqlite.reliability.disk.Failures.find;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.error.WriteQueueFullException;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Arena.Answer;
import io.github.reactivesqlite.reliability.disk.Arena.Pending;
import io.github.reactivesqlite.reliability.disk.FaultControl.Call;
import io.github.reactivesqlite.reliability.disk.FaultControl.Errno;
import io.github.reactivesqlite.reliability.disk.FaultControl.Fault;
import io.github.reactivesqlite.reliability.disk.FaultControl.Kind;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A disk that takes long, and one that does not come back. */
class SlowDiskTest extends OnFaultyDisk {

  private static final Duration FOR_EVER = Duration.ofHours(1);

  /** Applies to every COMMIT of a scenario, so a noisy disk has to keep below it. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** When an answer is later than its limit allows. */
  private static final Duration LATEST =
      LIMIT.plus(Scale.isLong() ? Duration.ofSeconds(3) : Bounded.PATIENCE);

  @Test
  void aSlowDiskFillsABoundedQueueAndLosesNothing() throws Exception {
    playWithoutUnknown("A slow fsync of the log", Slow.class, Scale.of(1, 10));
  }

  static final class Slow implements Scenario {
    private static final int CAPACITY = 50;
    private static final int GROUP = 16;
    private static final int OFFERED = 400;
    private static final Duration SLOW = Duration.ofMillis(Scale.of(150, 300));

    @Override
    public void run(Arena arena) {
      SqliteDatabase database =
          arena.open(config -> config.interactiveQueueCapacity(CAPACITY).maxGroupUnits(GROUP));
      int deepest = 0;
      int refused = 0;
      for (int round = 0; round < Integer.parseInt(arena.arguments().get(0)); round++) {
        arena.faults().on(Call.FSYNC, Kind.WAL).takes(SLOW);
        List<Pending> offered = new ArrayList<>();
        for (int i = 0; i < OFFERED; i++) {
          offered.add(arena.start(Way.STATEMENT));
          deepest = Math.max(deepest, database.stats().writes().queuedInteractive());
        }
        for (Pending unit : offered) {
          Answer answer = unit.get();
          if (!answer.isAcknowledged()) {
            assertThat(answer.failure()).isInstanceOf(WriteQueueFullException.class);
            refused++;
          }
        }
        arena.recover();
      }
      assertThat(deepest).isBetween(1, CAPACITY);
      assertThat(refused).isPositive();
      List<Long> order =
          Objects.requireNonNull(
              Bounded.get(
                  database
                      .query("SELECT unit FROM entry ORDER BY rowid")
                      .mapTo(Long.class)
                      .all()
                      .collectList()));
      assertThat(order).isSorted();
      arena.figure(
          "%d ms each; deepest queue %d of %d, %d refused",
          SLOW.toMillis(), deepest, CAPACITY, refused);
    }
  }

  @Test
  void aSlowCommitIsNoTimeOfTheHoldsAsWell() throws Exception {
    playWithoutUnknown("Holds beside a slow COMMIT", Timed.class);
  }

  /** Whoever adds holds and COMMITs, to see how busy the writer is, counts nothing twice. */
  static final class Timed implements Scenario {
    private static final Duration SLOW = Duration.ofMillis(400);

    @Override
    public void run(Arena arena) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      arena.open(config -> config.meterRegistry(registry));
      for (Way way : SHORT) {
        double held = seconds(registry, MeterNames.WRITER_HOLD);
        double committing = seconds(registry, MeterNames.WRITER_COMMIT);
        arena.faults().on(Call.FSYNC, Kind.WAL).takes(SLOW);
        arena.write(way);
        arena.recover();
        assertThat(seconds(registry, MeterNames.WRITER_COMMIT) - committing)
            .as("COMMIT of %s", way)
            .isGreaterThanOrEqualTo(SLOW.toMillis() / 1e3);
        assertThat(seconds(registry, MeterNames.WRITER_HOLD) - held)
            .as("hold of %s", way)
            .isPositive()
            .isLessThan(SLOW.toMillis() / 1e3);
      }
    }

    private static double seconds(MeterRegistry registry, String name) {
      return registry.find(name).timers().stream()
          .mapToDouble(timer -> timer.totalTime(TimeUnit.SECONDS))
          .sum();
    }
  }

  @Test
  void aHangingCommitIsAnsweredAsUnknownAtItsLimit() throws Exception {
    List<Way> succeeding = Scale.isLong() ? List.of(Way.values()) : SHORT;
    List<Way> failing = Scale.isLong() ? Way.REPEATABLE : SHORT.subList(0, 1);
    Verdict verdict = play("COMMIT hangs", Hanging.class, inWords(succeeding), inWords(failing));
    assertThat(verdict.count(Fate.UNKNOWN)).isEqualTo(succeeding.size() + failing.size());
    assertThat(verdict.presentUnknown()).isEqualTo(succeeding.size());
  }

  private static final List<Way> SHORT =
      List.of(Way.STATEMENT, Way.TRANSACTION, Way.ATOMIC_CHUNKS, Way.MIGRATION);

  private static String inWords(List<Way> ways) {
    return ways.stream().map(Way::name).collect(Collectors.joining(","));
  }

  /** The disk comes back: first with success, then with an error. */
  static final class Hanging implements Scenario {
    private long slowestAnswerNanos;

    @Override
    public void run(Arena arena) {
      arena.open(config -> config.commitTimeout(LIMIT));
      arena.write(Way.UNIT);
      for (String way : arena.arguments().get(0).split(",")) {
        play(arena, Way.valueOf(way), false);
      }
      for (String way : arena.arguments().get(1).split(",")) {
        play(arena, Way.valueOf(way), true);
      }
      arena.figure("answered after at most %d ms", slowestAnswerNanos / 1_000_000);
    }

    private void play(Arena arena, Way way, boolean failsInTheEnd) {
      Fault stuck = arena.faults().on(Call.FSYNC, Kind.WAL).once().takes(FOR_EVER);
      if (failsInTheEnd) {
        arena.faults().on(Call.FSYNC, Kind.WAL).once().fails(Errno.EIO);
      }
      long before = arena.countUnits();
      long begun = System.nanoTime();
      Pending unit = arena.start(way);
      Answer answer = unit.get();
      long took = System.nanoTime() - begun;
      slowestAnswerNanos = Math.max(slowestAnswerNanos, took);
      assertThat(answer.fate()).as("%s: %s", way, answer.error()).isEqualTo(Fate.UNKNOWN);
      assertThat(Duration.ofNanos(took)).as("%s", way).isBetween(LIMIT, LATEST);
      assertThat(stuck.hits()).isOne();
      // It waits for the writer, and runs when the disk is back
      Pending next = arena.start(Way.STATEMENT);
      assertThat(arena.countUnits()).as("reads go on").isEqualTo(before);
      assertThat(next.answer().isDone()).isFalse();
      stuck.disarm();
      assertThat(next.get().error()).isNull();
      arena.recover();
      assertThat(arena.countUnits()).isEqualTo(before + (failsInTheEnd ? 2 : 3));
    }
  }

  @Test
  void whatWaitsBehindAHangingDiskHasALimitOfItsOwn() throws Exception {
    play("Waiting behind a disk that hangs", Waiting.class);
  }

  static final class Waiting implements Scenario {
    @Override
    public void run(Arena arena) {
      SqliteDatabase database = arena.open(config -> config.commitTimeout(LIMIT).readers(2));
      for (int i = 0; i < 100; i++) {
        arena.write(Way.ATOMIC_CHUNKS);
      }
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
      // The log's header is flushed with its first frame
      arena.write(Way.STATEMENT);
      queued(arena, database);
      reading(arena, database);
    }

    private static void queued(Arena arena, SqliteDatabase database) {
      Fault stuck = arena.faults().on(Call.FSYNC, Kind.WAL).once().takes(FOR_EVER);
      assertThat(arena.write(Way.UNIT).fate()).isEqualTo(Fate.UNKNOWN);
      ReactiveDatabase impatient = database.with(OperationOptions.none().acquireTimeout(LIMIT));
      List<Pending> waiting = new ArrayList<>();
      long begun = System.nanoTime();
      for (Way way : Way.REPEATABLE) {
        long unit = arena.nextUnit();
        waiting.add(arena.start(way, unit, way.write(impatient, unit)));
      }
      for (Pending unit : waiting) {
        Answer answer = unit.get();
        assertThat(answer.fate()).as("%s", unit.way()).isEqualTo(Fate.FAILED);
        assertThat(find(answer.failure(), AcquireTimeoutException.class))
            .as("%s", unit.way())
            .isNotNull();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(took).isBetween(LIMIT, LATEST);
      arena.figure("queued units answered after at most %d ms", took.toMillis());
      stuck.disarm();
      arena.recover();
    }

    /** One reader hangs; the others, and the writer, do not. */
    private static void reading(Arena arena, SqliteDatabase database) {
      Hung hung = hang(arena, database);
      while (hung.reading().isDone()) {
        // After a commit the maintenance looks into the file too, and may have been the one
        hung.stuck().disarm();
        Bounded.get(database.maintenance().walSize());
        arena.write(Way.UNIT);
        hung = hang(arena, database);
      }
      assertThat(arena.write(Way.UNIT).error()).isNull();
      assertThat(arena.countUnits()).isPositive();
      assertThat(hung.reading().isDone()).isFalse();
      hung.stuck().disarm();
      assertThat(hung.reading().value()).isPositive();
    }

    private record Hung(Fault stuck, Bounded.Outcome<Long> reading) {}

    /** Either the read hangs or the maintenance; the other one is answered. */
    private static Hung hang(Arena arena, SqliteDatabase database) {
      Fault stuck = arena.faults().on(Call.READ, Kind.MAIN).once().takes(FOR_EVER);
      Bounded.Outcome<Long> reading =
          Bounded.start(
              database
                  .query("SELECT count(DISTINCT part || unit) FROM entry WHERE length(body) > 0")
                  .mapTo(Long.class)
                  .one());
      Bounded.until("somebody hangs", () -> stuck.hits() == 1);
      Bounded.Outcome<WalSize> looking = Bounded.start(database.maintenance().walSize());
      Bounded.until("it is known who", () -> reading.isDone() || looking.isDone());
      return new Hung(stuck, reading);
    }
  }
}
