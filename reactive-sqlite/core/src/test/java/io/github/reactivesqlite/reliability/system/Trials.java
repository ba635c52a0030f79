package io.github.reactivesqlite.reliability.system;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.CommitOutcomeUnknownException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Ledger;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Writes units in every way, and notes in a ledger outside the database what their callers are
 * told. Thread-safe.
 */
final class Trials implements AutoCloseable {

  /**
   * What the next write after a fault may take. The promise is kept to in the long form: on any
   * machine only a hang tells anything.
   */
  static final Duration RECOVERY = Scale.isLong() ? Duration.ofSeconds(2) : Bounded.PATIENCE;

  /** How late an answer may come that a limit asks for, with the same difference. */
  static final Duration LATENESS = Scale.isLong() ? Duration.ofMillis(1_500) : Bounded.PATIENCE;

  private final Ledger ledger;
  private final AtomicLong units;
  private final AtomicInteger open = new AtomicInteger();

  Trials(Path ledger, long firstUnit) {
    this.ledger = new Ledger(ledger);
    this.units = new AtomicLong(firstUnit);
  }

  /** How a unit was answered. */
  record Answer(Fate fate, @Nullable Throwable error, Duration took) {

    boolean isAcknowledged() {
      return fate == Fate.ACKNOWLEDGED;
    }

    Throwable failure() {
      if (error == null) {
        throw new AssertionError("It was acknowledged");
      }
      return error;
    }

    /** The error in a word: the kind of a storage error, else the class of the first cause. */
    String kind() {
      return error == null ? fate.name() : Trials.kindOf(error);
    }
  }

  /** Creates the table that all ways write to. */
  static void prepare(ReactiveDatabase database) {
    Bounded.get(
        database.script(
            "CREATE TABLE IF NOT EXISTS entry (unit INTEGER, part INTEGER, body BLOB)"));
  }

  /** Writes a new unit when it is subscribed to; errors are answers too. */
  Mono<Answer> attempt(ReactiveDatabase database, Way way) {
    return Mono.defer(
        () -> {
          long unit = units.getAndIncrement();
          long begun = System.nanoTime();
          ledger.note(Fate.STARTED, way, unit);
          open.incrementAndGet();
          return way.write(database, unit)
              .then()
              .materialize()
              .map(
                  end -> {
                    Answer answer = answer(end.getThrowable(), begun);
                    ledger.note(answer.fate(), way, unit);
                    open.decrementAndGet();
                    return answer;
                  });
        });
  }

  /** The answer that an end comes to. */
  static Answer answer(@Nullable Throwable error, long begun) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new Answer(error == null ? Fate.ACKNOWLEDGED : fateOf(error), error, took);
  }

  private static Fate fateOf(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof CommitOutcomeUnknownException) {
        return Fate.UNKNOWN;
      }
    }
    return Fate.FAILED;
  }

  static String kindOf(Throwable error) {
    String word = error.getClass().getSimpleName();
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof CommitOutcomeUnknownException) {
        return "UNKNOWN";
      }
      if (at instanceof StorageException storage) {
        return storage.kind().name();
      }
    }
    return word;
  }

  /** What an error and its causes say. */
  static String messagesOf(Throwable error) {
    StringBuilder messages = new StringBuilder();
    for (Throwable at = error; at != null; at = at.getCause()) {
      messages.append(at.getMessage()).append(' ');
    }
    return messages.toString().replace('\n', ' ');
  }

  /** Writes a new unit and waits for its answer. */
  Answer write(ReactiveDatabase database, Way way) {
    return Objects.requireNonNull(Bounded.get(attempt(database, way)));
  }

  /** How many units have no answer yet. */
  int unanswered() {
    return open.get();
  }

  @Override
  public void close() throws Exception {
    ledger.close();
  }
}
