package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Hooks;

/**
 * Every operation at once, in random order: cancelled, out of time, failing, refused by tiny
 * queues, held up by another process that takes the lock, and met by a close. Every subscription
 * ends, and what it was told is true. {@code -Dhang.seed} repeats a run, as far as threads allow.
 */
@Tag("reliability")
@Tag("process")
class HangSoakTest {

  private static final int ROUNDS = Scale.of(2, 40);
  private static final Duration ROUND = Duration.ofMillis(Scale.of(1_000, 2_000));
  private static final int CALLERS = 3;
  private static final int CALM = 30;
  private static final int STORM = 300;
  private static final String NAME = "hang-soak";

  @TempDir Path directory;

  private final long seed = Long.getLong("hang.seed", System.nanoTime());
  private final Queue<String> dropped = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void watchDrops() {
    Hooks.onErrorDropped(error -> dropped.add("error " + error));
    Hooks.onNextDropped(value -> dropped.add("value " + value));
  }

  @AfterEach
  void forget() {
    Hooks.resetOnErrorDropped();
    Hooks.resetOnNextDropped();
  }

  @Test
  void everySubscriptionEndsWhateverHappens() throws InterruptedException {
    SoakTally tally = new SoakTally();
    Path file = directory.resolve("soak.db");
    long slowestEnd = 0;
    ForeignProcess other = null;
    try {
      for (int round = 0; round < ROUNDS; round++) {
        SqliteDatabase database = open(file);
        if (other == null) {
          prepare(database);
          other = new ForeignProcess(file);
        }
        List<Thread> callers = play(database, other, tally, new Random(seed + round));
        long closing = System.nanoTime();
        database.close();
        for (Thread caller : callers) {
          caller.join(Bounded.PATIENCE.toMillis());
        }
        tally.awaitEnds("seed " + seed + ", round " + round);
        slowestEnd = Math.max(slowestEnd, System.nanoTime() - closing);
        Bounded.until("no thread is left", () -> !threadIsLeft());
      }
    } finally {
      if (other != null) {
        other.close();
      }
    }
    assertThat(thrown).as("seed " + seed).isEmpty();
    verifyTruth(file, tally);
    assertThat(dropped).as("seed " + seed).isEmpty();
    System.out.printf(
        "hang soak: %s, hangs 0, dropped 0, last end %d ms after the close began, seed %d%n",
        tally, TimeUnit.NANOSECONDS.toMillis(slowestEnd), seed);
  }

  private static SqliteDatabase open(Path file) {
    Duration moment = Duration.ofMillis(150);
    return SqliteDatabase.builder(file)
        .config(
            config ->
                config
                    .name(NAME)
                    .readers(3)
                    .interactiveQueueCapacity(30)
                    .bulkQueueCapacity(2)
                    .readQueueCapacity(20)
                    .queueBytes(100_000)
                    .acquireTimeout(moment)
                    .lockTimeout(moment)
                    .executionTimeout(Duration.ofMillis(60))
                    .transactionTimeout(moment)
                    .snapshotTimeout(moment)
                    .closeTimeout(Duration.ofMillis(500))
                    .walCheckpointFrames(100))
        .build();
  }

  private static void prepare(SqliteDatabase database) {
    Bounded.get(
        database.script(
            "CREATE TABLE item (id INTEGER PRIMARY KEY);"
                + "CREATE TABLE fixed (id INTEGER PRIMARY KEY, body TEXT);"
                + "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                + " INSERT INTO fixed SELECT i, 'row ' || i FROM n"));
  }

  /** The callers go on until after the close has begun. */
  private List<Thread> play(
      SqliteDatabase database, ForeignProcess other, SoakTally tally, Random random)
      throws InterruptedException {
    long end = System.nanoTime() + ROUND.toNanos();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Random own = new Random(random.nextLong());
      long until = end + TimeUnit.MILLISECONDS.toNanos(50L * (i + 1));
      callers.add(start("caller-" + i, () -> call(database, tally, own, until)));
    }
    Random pauses = new Random(random.nextLong());
    Thread lock = start("foreign-lock", () -> lock(other, pauses, end));
    lock.join(Bounded.PATIENCE.toMillis());
    return callers;
  }

  private Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((dead, error) -> thrown.add(error));
    thread.start();
    return thread;
  }

  /** Calm and storm take turns: in a calm most are served, in a storm most are refused. */
  private static void call(SqliteDatabase database, SoakTally tally, Random random, long until) {
    SoakOperations operations = new SoakOperations(database, tally, random);
    boolean storm = false;
    long change = System.nanoTime();
    while (System.nanoTime() - until < 0) {
      if (System.nanoTime() - change >= 0) {
        storm = random.nextInt(6) == 0;
        change += random.nextInt(storm ? 20_000_000 : 100_000_000);
      }
      if (tally.open() < (storm ? STORM : CALM)) {
        operations.startOne();
      }
      if (!storm) {
        LockSupport.parkNanos(random.nextInt(600_000));
      }
    }
  }

  /** Short and long holds, some longer than anybody waits. */
  private static void lock(ForeignProcess other, Random random, long until) {
    while (System.nanoTime() - until < 0) {
      LockSupport.parkNanos(random.nextInt(200_000_000));
      other.hold();
      LockSupport.parkNanos(random.nextInt(random.nextInt(4) == 0 ? 250_000_000 : 20_000_000));
      other.release();
    }
  }

  private static boolean threadIsLeft() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith(NAME));
  }

  private static void verifyTruth(Path file, SoakTally tally) {
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      List<Long> rows =
          Bounded.get(database.query("SELECT id FROM item").mapTo(Long.class).all().collectList());
      Set<Long> present = new HashSet<>(rows);
      assertThat(present).as("acknowledged writes").containsAll(tally.acknowledged());
      assertThat(tally.refused().stream().filter(present::contains).toList())
          .as("writes that were answered with an error")
          .isEmpty();
      assertThat(rows.stream().filter(id -> id > 0 && !present.contains(-id)).toList())
          .as("half units")
          .isEmpty();
      assertThat(Bounded.get(database.maintenance().integrityCheck()).ok()).isTrue();
    }
  }

  /** Whether an error says that nothing was written. */
  static boolean saysNothingWritten(Throwable error) {
    return !(error instanceof CommitOutcomeUnknownException)
        && !(error.getCause() instanceof CommitOutcomeUnknownException);
  }
}
