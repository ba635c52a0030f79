package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Verdict;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Trials.Answer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.CheckpointResult;
import io.github.reactivesqlite.sqlite.engine.runtime.LockLog;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process holds the write lock and is stopped by SIGSTOP. */
@Tag("reliability")
@Tag("process")
class StoppedHolderTest {

  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(250);
  private static final Duration LATEST = LOCK_TIMEOUT.plus(Trials.LATENESS);

  @TempDir Path directory;

  private Path file;
  private Path ledger;
  private Trials trials;
  private SqliteDatabase database;
  private ForeignProcess holder;
  private LogLines log;

  @BeforeEach
  void holdTheLockAndStop() {
    NativeTools.need(NativeTools.isLinux(), "the state of a process is read from /proc");
    file = directory.resolve("held.db");
    ledger = directory.resolve("ledger");
    trials = new Trials(ledger, 0);
    log = new LogLines(LockLog.LOGGER);
    database =
        SqliteDatabase.builder(file).config(config -> config.lockTimeout(Bounded.PATIENCE)).build();
    Trials.prepare(database);
    assertThat(trials.write(database, Way.UNIT).error()).isNull();
    holder = new ForeignProcess(file);
    holder.hold();
    holder.run("INSERT INTO entry VALUES (-1, 0, NULL)");
    Os.stop(holder.pid());
  }

  @AfterEach
  void close() throws Exception {
    if (database != null) {
      holder.close();
      database.close();
      trials.close();
      log.close();
    }
  }

  @Test
  void everyWayWaitsAndThenSaysWhoIsInTheWay() throws Exception {
    ReactiveDatabase hasty = database.with(OperationOptions.none().lockTimeout(LOCK_TIMEOUT));
    Duration longest = Duration.ZERO;
    List<Way> ways = new ArrayList<>(Way.REPEATABLE);
    ways.add(Way.MIGRATION);
    Map<Way, Outcome<Answer>> waiting = new EnumMap<>(Way.class);
    for (Way way : ways) {
      waiting.put(way, Bounded.start(trials.attempt(hasty, way)));
    }
    for (Way way : ways) {
      Answer answer = Objects.requireNonNull(waiting.get(way)).value();
      assertThat(answer).isNotNull();
      assertThat(answer.fate()).as("%s: %s", way, answer.error()).isEqualTo(Fate.FAILED);
      assertThat(answer.failure())
          .as("%s", way)
          .satisfiesAnyOf(
              error -> assertThat(error).isInstanceOf(DatabaseBusyException.class),
              error -> assertThat(error).hasRootCauseInstanceOf(DatabaseBusyException.class));
      assertThat(Trials.messagesOf(answer.failure())).as("%s", way).contains("process");
      assertThat(answer.took()).as("%s", way).isBetween(LOCK_TIMEOUT.minusMillis(20), LATEST);
      longest = answer.took().compareTo(longest) > 0 ? answer.took() : longest;
    }
    Duration resumed = killAndWrite();
    judge(
        "holder stopped, %d ways gave up after at most %d ms of %d, writes again %d ms after the kill"
            .formatted(
                ways.size(), longest.toMillis(), LOCK_TIMEOUT.toMillis(), resumed.toMillis()));
  }

  @Test
  void readsAndCheckpointsGoOnAndTheWaitersResumeWhenItIsKilled() throws Exception {
    List<Outcome<Answer>> waiting = new ArrayList<>();
    for (Way way : Way.REPEATABLE) {
      waiting.add(Bounded.start(trials.attempt(database, way)));
    }
    log.awaitLine("Database locked");
    long begun = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(Bounded.get(database.query("SELECT count(*) FROM entry").mapTo(Long.class).one()))
          .isEqualTo(Way.UNIT.parts());
    }
    Duration reads = Duration.ofNanos(System.nanoTime() - begun);
    begun = System.nanoTime();
    assertThat(Bounded.get(database.maintenance().checkpoint(CheckpointMode.PASSIVE))).isNotNull();
    Duration checkpoint = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(reads.plus(checkpoint)).isLessThan(Trials.RECOVERY);
    assertThat(waiting).noneMatch(Outcome::isDone);

    begun = System.nanoTime();
    holder.kill();
    for (Outcome<Answer> waiter : waiting) {
      Answer answer = waiter.value();
      assertThat(answer).isNotNull();
      assertThat(answer.error()).isNull();
    }
    Duration resumed = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(resumed).isLessThan(Trials.RECOVERY);
    judge(
        "holder killed, 20 reads in %d ms, checkpoint %d ms, %d waiters written after %d ms"
            .formatted(
                reads.toMillis(), checkpoint.toMillis(), waiting.size(), resumed.toMillis()));
  }

  /** What needs the writer waits behind the write that waits for the lock, and no longer. */
  @Test
  void aTruncatingCheckpointIsAnsweredWhenTheWriteBeforeItGivesUp() throws Exception {
    ReactiveDatabase hasty = database.with(OperationOptions.none().lockTimeout(LOCK_TIMEOUT));
    Outcome<Answer> write = Bounded.start(trials.attempt(hasty, Way.STATEMENT));
    log.awaitLine("Database locked");
    long begun = System.nanoTime();
    CheckpointResult result =
        Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(result).isNotNull();
    assertThat(result.busy()).isTrue();
    assertThat(took).isLessThan(LATEST);
    Answer answer = write.value();
    assertThat(answer).isNotNull();
    assertThat(answer.failure()).isInstanceOf(DatabaseBusyException.class);
    holder.kill();
    judge("holder stopped, TRUNCATE busy after %d ms".formatted(took.toMillis()));
  }

  @Test
  void aHolderThatGoesOnKeepsWhatItHadWritten() throws Exception {
    ReactiveDatabase hasty = database.with(OperationOptions.none().lockTimeout(LOCK_TIMEOUT));
    Answer refused = trials.write(hasty, Way.UNIT);
    assertThat(refused.failure()).isInstanceOf(DatabaseBusyException.class);
    int lines = log.linesWith("Database locked").size();
    Outcome<Answer> write = Bounded.start(trials.attempt(database, Way.STATEMENT));
    Bounded.until("it has tried", () -> log.linesWith("Database locked").size() > lines);
    long begun = System.nanoTime();
    Os.resume(holder.pid());
    holder.run("DELETE FROM entry WHERE unit = -1");
    holder.release();
    Answer answer = write.value();
    Duration resumed = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(answer).isNotNull();
    assertThat(answer.error()).isNull();
    assertThat(resumed).isLessThan(Trials.RECOVERY);
    judge("holder stopped and resumed, the waiter written after " + resumed.toMillis() + " ms");
  }

  private Duration killAndWrite() {
    holder.kill();
    Answer answer = trials.write(database, Way.STATEMENT);
    assertThat(answer.error()).isNull();
    assertThat(answer.took()).isLessThan(Trials.RECOVERY);
    return answer.took();
  }

  private void judge(String figures) throws Exception {
    database.close();
    Verdict verdict = Verdict.of(List.of(ledger), file);
    assertThat(verdict.complaints()).as("%s", verdict).isEmpty();
    System.out.println(figures + "; " + verdict);
  }
}
