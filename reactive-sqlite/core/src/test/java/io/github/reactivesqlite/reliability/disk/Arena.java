package io.github.reactivesqlite.reliability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.DatabaseStats.WriteStats;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.OccupiedWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where a scenario plays: a database on the faulty disk, the switches of the disk, and a ledger in
 * which every unit's start and answer is noted. No subscription made here is forgotten.
 */
final class Arena implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * What the next write after a fault may take; the figures show what it does take. The promise is
   * kept to in the long form: on any machine only a hang tells anything.
   */
  static final Duration RECOVERY = Scale.isLong() ? Duration.ofSeconds(2) : Bounded.PATIENCE;

  private final Path file;
  private final Ledger ledger;
  private final List<String> arguments;
  private final BufferedReader commands;
  private final FaultControl faults = FaultControl.ofThisProcess();
  private final AtomicLong units;
  private final ConcurrentLinkedQueue<CompletableFuture<?>> subscriptions =
      new ConcurrentLinkedQueue<>();
  private @Nullable SqliteDatabase database;
  private long slowestRecoveryNanos;
  private int recoveries;

  Arena(Path file, Ledger ledger, long firstUnit, List<String> arguments, BufferedReader commands) {
    this.file = file;
    this.ledger = ledger;
    this.units = new AtomicLong(firstUnit);
    this.arguments = arguments;
    this.commands = commands;
  }

  /** How a unit was answered. */
  record Answer(Fate fate, @Nullable Throwable error) {

    boolean isAcknowledged() {
      return fate == Fate.ACKNOWLEDGED;
    }

    /** The error of one that was not acknowledged. */
    Throwable failure() {
      if (error == null) {
        throw new AssertionError("It was acknowledged");
      }
      return error;
    }
  }

  /** A unit that was subscribed to. */
  record Pending(Way way, long unit, CompletableFuture<Answer> answer, Runnable cancel) {

    Answer get() {
      try {
        return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException never) {
        throw new AssertionError("No answer to " + way + " " + unit, never);
      } catch (Exception impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  // ---- the database

  /** Opens the database with the table, at FULL durability unless the changes say otherwise. */
  SqliteDatabase open(UnaryOperator<SqliteConfigBuilder> changes) {
    SqliteDatabase opened =
        SqliteDatabase.builder(file)
            .config(config -> changes.apply(config.maxGroupTime(Duration.ofSeconds(1))))
            .build();
    database = opened;
    Bounded.get(
        opened.script("CREATE TABLE IF NOT EXISTS entry (unit INTEGER, part INTEGER, body BLOB)"));
    return opened;
  }

  SqliteDatabase open() {
    return open(config -> config);
  }

  SqliteDatabase database() {
    SqliteDatabase opened = database;
    if (opened == null) {
      throw new IllegalStateException("It was not opened");
    }
    return opened;
  }

  Path file() {
    return file;
  }

  /** The switches of the disk. */
  FaultControl faults() {
    return faults;
  }

  /** What the parent said beside the scenario's name. */
  List<String> arguments() {
    return arguments;
  }

  // ---- writing

  /** Subscribes to a new unit. */
  Pending start(Way way) {
    return start(way, units.getAndIncrement());
  }

  /** Subscribes to a unit with a number of its own. */
  Pending start(Way way, long unit) {
    return start(way, unit, way.write(database(), unit));
  }

  /** Subscribes to a unit that is written by the given Mono. */
  Pending start(Way way, long unit, Mono<?> write) {
    ledger.note(Fate.STARTED, way, unit);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    subscriptions.add(answer);
    reactor.core.Disposable subscription =
        write
            .then()
            .subscribe(
                never -> {},
                error -> answered(answer, way, unit, fateOf(error), error),
                () -> answered(answer, way, unit, Fate.ACKNOWLEDGED, null));
    return new Pending(
        way,
        unit,
        answer,
        () -> {
          subscription.dispose();
          // Nobody will be told: it may be there or not
          answer.complete(new Answer(Fate.STARTED, null));
        });
  }

  /** Notes the fate of a unit that was not written through here. */
  void note(Fate fate, Way way, long unit) {
    ledger.note(fate, way, unit);
  }

  long nextUnit() {
    return units.getAndIncrement();
  }

  private void answered(
      CompletableFuture<Answer> answer, Way way, long unit, Fate fate, @Nullable Throwable error) {
    ledger.note(fate, way, unit);
    answer.complete(new Answer(fate, error));
  }

  private static Fate fateOf(Throwable error) {
    return Failures.find(error, CommitOutcomeUnknownException.class) == null
        ? Fate.FAILED
        : Fate.UNKNOWN;
  }

  /** Writes a new unit and waits for its answer. */
  Answer write(Way way) {
    return start(way).get();
  }

  /** Subscribes to units while the writer is held, so that they become one group. */
  List<Pending> group(Runnable beforeItRuns, List<Way> ways) {
    List<Pending> group = new ArrayList<>();
    try (OccupiedWriter writer = new OccupiedWriter(database())) {
      for (Way way : ways) {
        group.add(start(way));
      }
      awaitQueued(ways.size());
      beforeItRuns.run();
      writer.release();
    }
    return group;
  }

  /** How many units a reader sees. */
  long countUnits() {
    return Objects.requireNonNull(
        Bounded.get(
            database().query("SELECT count(DISTINCT unit) FROM entry").mapTo(Long.class).one()));
  }

  /** Waits until so many units are in the writer's queue: chunks come there by themselves. */
  void awaitQueued(int units) {
    Bounded.until("all are queued", () -> queued() >= units);
  }

  private int queued() {
    WriteStats writes = database().stats().writes();
    return writes.queuedInteractive() + writes.queuedBulk();
  }

  /** Keeps an eye on any other subscription too. */
  <T> CompletableFuture<T> track(CompletableFuture<T> subscription) {
    subscriptions.add(subscription);
    return subscription;
  }

  // ---- the end of a fault

  /** Ends all faults; the very next write has to succeed, soon. */
  Duration recover() {
    faults.disarmAll();
    long begun = System.nanoTime();
    Answer answer = write(Way.STATEMENT);
    long took = System.nanoTime() - begun;
    slowestRecoveryNanos = Math.max(slowestRecoveryNanos, took);
    recoveries++;
    assertThat(answer.error()).as("the first write after the fault").isNull();
    assertThat(Duration.ofNanos(took)).as("recovery").isLessThan(RECOVERY);
    return Duration.ofNanos(took);
  }

  /**
   * Has the parent copy the files as they are: what would be found if this process were killed now.
   */
  void image() {
    System.out.println(ScenarioMain.IMAGE);
    try {
      ScenarioMain.await(commands);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says something that the parent prints. */
  void figure(String text, Object... values) {
    System.out.println(ScenarioMain.FIGURE + String.format(text, values));
  }

  /** What everything came to; waits for the last answers. */
  String summary() {
    return String.format(
        "%d faults armed, %d subscriptions, %d unanswered, %d recoveries of at most %d ms",
        faults.armed(),
        subscriptions.size(),
        unanswered(),
        recoveries,
        TimeUnit.NANOSECONDS.toMillis(slowestRecoveryNanos));
  }

  /** How many subscriptions are still without an answer after a long wait. */
  int unanswered() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int open = 0;
    for (CompletableFuture<?> subscription : subscriptions) {
      try {
        subscription.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException never) {
        open++;
      } catch (Exception answered) {
        // with an error, which is an answer
      }
    }
    return open;
  }

  @Override
  public void close() {
    SqliteDatabase opened = database;
    if (opened != null) {
      opened.close();
    }
  }
}
