package io.github.reactivesqlite.sqlite.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.AcquireTimeoutException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import io.github.reactivesqlite.sqlite.support.HeldReads;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The system gives no thread for a reader, or no memory for what a queue needs. */
@Tag("reliability")
class ReaderStartTest {

  private static final String HOOK = "refused tasks";
  private static final Duration ACQUIRE = Duration.ofMillis(1_500);

  @TempDir Path directory;

  private final AtomicInteger refusals = new AtomicInteger();
  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database =
        SqliteDatabase.builder(directory.resolve("refused.db"))
            .config(config -> config.readers(2).acquireTimeout(ACQUIRE))
            .build();
    Bounded.get(database.script("CREATE TABLE item (n INTEGER)"));
  }

  @AfterEach
  void close() {
    Schedulers.resetOnScheduleHook(HOOK);
    database.close();
  }

  /** The next tasks that a method schedules here are refused, as a thread may be. */
  private void refuse(int times, String method) {
    Thread here = Thread.currentThread();
    refuse(times, () -> Thread.currentThread() == here && isCalledBy(method));
  }

  private void refuse(int times, BooleanSupplier where) {
    refusals.set(times);
    Schedulers.onScheduleHook(
        HOOK,
        task -> {
          if (refusals.get() > 0 && where.getAsBoolean() && refusals.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread: provoked");
          }
          return task;
        });
  }

  private static boolean isCalledBy(String method) {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(method)));
  }

  private Mono<Long> read() {
    return database.query("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  private Mono<Long> write() {
    return database.update("INSERT INTO item VALUES (1)").rowsUpdated();
  }

  private void noReaderIsLost() {
    for (int i = 0; i < 4; i++) {
      assertThat(Bounded.get(read())).isZero();
    }
    Bounded.until("all readers are idle", () -> database.stats().reads().active() == 0);
  }

  @Test
  void readIsRefusedAtOnceAndTheNextOneTriesAnotherReader() {
    Bounded.get(database.maintenance().releaseIdle());
    refuse(3, "trySchedule");

    for (int i = 0; i < 3; i++) {
      assertThat(Bounded.start(read()).error())
          .isInstanceOf(AcquireTimeoutException.class)
          .hasMessageStartingWith("No thread could be started")
          .hasCauseInstanceOf(OutOfMemoryError.class);
      assertThat(database.stats().reads().active()).isZero();
    }

    assertThat(refusals).hasValue(0);
    noReaderIsLost();
  }

  @Test
  void idleReaderThatCannotBeWokenStaysIdle() {
    assertThat(Bounded.get(read())).isZero();
    Bounded.until("it is idle", () -> database.stats().reads().active() == 0);
    refuse(1, "trySchedule");

    assertThat(Bounded.start(read()).error()).isInstanceOf(AcquireTimeoutException.class);

    assertThat(database.stats().reads().idle()).isOne();
    noReaderIsLost();
  }

  @Test
  void readWaitsForTheReaderThatIsAtWork() {
    try (HeldReads first = HeldReads.queries(database, 1)) {
      refuse(1, "trySchedule");

      Outcome<Long> second = Bounded.start(read());

      assertThat(refusals).hasValue(0);
      assertThat(second.isDone()).isFalse();
      first.release();
      assertThat(second.value()).isZero();
    }
    noReaderIsLost();
  }

  @Test
  void readIsRefusedWhenTheOnlyReaderIsHeld() {
    CountDownLatch begun = new CountDownLatch(1);
    Sinks.Empty<Void> end = Sinks.empty();
    Outcome<Void> snapshot =
        Bounded.start(
            database.withSnapshot(
                held ->
                    held.query("SELECT 1")
                        .mapTo(Long.class)
                        .one()
                        .doOnNext(one -> begun.countDown())
                        .then(end.asMono())));
    Bounded.await(begun);
    refuse(1, "trySchedule");

    assertThat(Bounded.start(read()).error()).hasMessageStartingWith("No thread could be started");

    end.tryEmitEmpty();
    assertThat(snapshot.get().isOnComplete()).isTrue();
    noReaderIsLost();
  }

  @Test
  void readWhoseAlarmCannotBeSetIsRefusedAndLaterOnesHaveTheirs() {
    try (HeldReads both = HeldReads.queries(database, 2)) {
      Bounded.until("their alarm has gone off", this::nextAlarmIsOurs);

      assertThat(Bounded.start(read()).error())
          .hasMessageStartingWith("No thread could be started");
      assertThat(Bounded.start(read()).error()).hasMessageStartingWith("No reader was free");

      both.release();
    }
    noReaderIsLost();
  }

  /** Until the alarm of earlier reads is over, a later read needs none of its own. */
  private boolean nextAlarmIsOurs() {
    refuse(1, "atLatest");
    Outcome<Long> probe = Bounded.start(read());
    // The refusal is made at the subscription; its answer comes later
    boolean refused = refusals.get() == 0;
    if (refused) {
      refusals.set(1);
    } else {
      probe.cancel();
    }
    return refused;
  }

  @Test
  void writeWhoseAlarmCannotBeSetIsRefusedAndLaterOnesHaveTheirs() {
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      refuse(1, "atLatest");
      Outcome<Long> refused = Bounded.start(write());
      while (!refused.isDone() && refusals.get() > 0) {
        // The alarm of an earlier write was still in force
        assertThat(refused.error()).isInstanceOf(AcquireTimeoutException.class);
        refused = Bounded.start(write());
      }

      assertThat(refused.error()).hasMessageStartingWith("No thread could be started");
      assertThat(Bounded.start(write()).error()).hasMessageStartingWith("The write had no turn");

      writer.release();
    }
    assertThat(Bounded.get(write())).isOne();
  }

  @Test
  void alarmThatCannotBeSetAnewOnceIsSetNevertheless() {
    try (OccupiedWriter writer = new OccupiedWriter(database)) {
      refuse(2, () -> isCalledBy("reset"));
      List<Outcome<Long>> waiting = new ArrayList<>();

      Bounded.until(
          "an alarm was set anew",
          () -> {
            waiting.add(Bounded.start(write()));
            return refusals.get() == 0;
          });

      for (Outcome<Long> write : waiting) {
        assertThat(write.error()).hasMessageStartingWith("The write had no turn");
      }
      writer.release();
    }
  }
}
