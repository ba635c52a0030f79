package io.github.reactivesqlite.reliability.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes use one file in every way at once; some are killed and replaced, alone and all
 * together, some are stopped and continued. Afterwards the checker holds what each of them was told
 * against the file. {@code -Dhistory.seed} repeats the choices of a run (not its timing), {@code
 * -Dhistory.millis} makes it longer.
 */
@Tag("reliability")
@Tag("process")
class HistoryTest {

  private static final Duration STEP = Duration.ofSeconds(60);
  private static final int PROCESSES = Scale.of(3, 4);
  private static final long MILLIS = Long.getLong("history.millis", Scale.of(3_000, 120_000));
  private static final int ALL_DIE_EVERY = Scale.of(3, 12);

  private final long seed = Long.getLong("history.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<ChildJvm> processes = new ArrayList<>();

  @TempDir Path directory;

  private Path file;
  private ChildJvm spare;
  private int lives;
  private int kills;
  private int stops;
  private long longestReopening;

  @BeforeEach
  void createTables() {
    NativeTools.needCommand("kill");
    file = directory.resolve("shared.db");
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      HistoryFile.create(database);
    }
  }

  @Test
  void ofSeveralProcessesKeepsEveryRule() throws Exception {
    System.out.println("seed " + seed);
    spare = start();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(bringToLife());
      }
      disturb();
      rest();
    } finally {
      for (ChildJvm process : processes) {
        process.close();
      }
      spare.close();
    }
    judge();
  }

  private ChildJvm start() {
    return ChildJvm.of(directory, HistoryProcess.class).heap("192m").start(file);
  }

  /** The next one starts meanwhile. */
  private ChildJvm bringToLife() throws InterruptedException {
    ChildJvm next = spare;
    spare = start();
    next.awaitLine("waiting", STEP);
    long before = System.nanoTime();
    next.say("go " + lives++ + " " + random.nextLong());
    long clock = Long.parseLong(next.awaitLine("clock ", STEP));
    assertThat(clock).as("the clocks of two processes").isBetween(before, System.nanoTime());
    long opened = Long.parseLong(next.awaitLine("living ", STEP));
    if (kills > 0) {
      longestReopening = Math.max(longestReopening, opened);
    }
    return next;
  }

  private void disturb() throws Exception {
    long end = System.nanoTime() + Duration.ofMillis(MILLIS).toNanos();
    for (int times = 1; System.nanoTime() - end < 0; times++) {
      pause(350 + random.nextInt(400));
      int victim = random.nextInt(PROCESSES);
      if (times % ALL_DIE_EVERY == 0) {
        // Nobody is left who has the file open: the next one recovers the log
        kill(0, PROCESSES);
      } else if (times % 4 == 2) {
        stopForAWhile(processes.get(victim));
      } else {
        kill(victim, victim + 1);
      }
    }
  }

  private void kill(int from, int to) throws InterruptedException {
    for (ChildJvm victim : processes.subList(from, to)) {
      assertThat(victim.transcript()).doesNotContain("error");
      victim.kill();
      kills++;
    }
    for (int i = from; i < to; i++) {
      processes.set(i, bringToLife());
    }
  }

  private void stopForAWhile(ChildJvm victim) throws Exception {
    signal("STOP", victim);
    pause(20 + random.nextInt(400));
    signal("CONT", victim);
    stops++;
  }

  private static void pause(long millis) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (System.nanoTime() - end < 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void signal(String name, ChildJvm process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor(Bounded.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  private void rest() throws InterruptedException {
    processes.forEach(process -> process.say("stop"));
    for (ChildJvm process : processes) {
      process.awaitLine("stopped", STEP);
      assertThat(process.endsWithin(STEP)).isTrue();
      assertThat(process.exitCode()).as(process.transcript()).isZero();
    }
  }

  private void judge() throws IOException {
    History history = new History();
    try (Stream<Path> logs = Files.list(directory)) {
      for (Path log : logs.filter(each -> each.toString().endsWith(".log")).toList()) {
        history.addLog(log);
      }
    }
    Content content;
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      assertThat(
              database.maintenance().integrityCheck().blockOptional(STEP).orElseThrow().problems())
          .isEmpty();
      content = HistoryFile.read(database);
    }
    long begun = System.nanoTime();
    List<Violation> violations = HistoryChecker.judge(history, content);
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    System.out.printf(
        "history: %d processes in %d lives, %d kills, %d stops, reopened in at most %d ms;"
            + " %d operations (%d reads), %d acknowledged, %d failed, %d cancelled, %d without an"
            + " answer, %d entries; %d violations, judged in %d ms, seed %d%n",
        PROCESSES,
        lives,
        kills,
        stops,
        longestReopening,
        history.operations().size(),
        history.operations().stream().filter(each -> each.kind().isRead()).count(),
        count(history, Answer.OK),
        count(history, Answer.FAILED),
        count(history, Answer.UNKNOWN),
        count(history, Answer.NONE),
        content.entries().size(),
        violations.size(),
        millis,
        seed);
    assertThat(violations.stream().limit(20)).as("seed %d", seed).isEmpty();
    // That something was judged; how much is the machine's affair
    assertThat(count(history, Answer.OK)).isGreaterThan(100);
  }

  private static long count(History history, Answer answer) {
    return history.operations().stream().filter(operation -> operation.is(answer)).count();
  }
}
