package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/**
 * What every test of the facade shares: an open database with a table {@code item}, and after each
 * test the proof that nothing was left queued or held and that no error was dropped.
 */
abstract class ReactiveDatabaseContract {

  /** Far more than anything here takes; a wait that long is a hang. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  static final String INSERT = "INSERT INTO item (id, name) VALUES (:id, :name)";

  /** A statement that would run for hours. */
  static final String ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000)"
          + " SELECT count(*) FROM n";

  @TempDir Path directory;

  private final Queue<Throwable> droppedErrors = new ConcurrentLinkedQueue<>();
  private ReactiveDatabase database;

  /** The database under test. */
  abstract Backend backend();

  /** What a class of tests wants to be different. */
  Backend.Setup setup() {
    return Backend.Setup.ofDefaults();
  }

  @BeforeEach
  void openDatabase() {
    Hooks.onErrorDropped(
        error -> droppedErrors.add(new IllegalStateException("dropped on this path", error)));
    database = backend().open(setup());
    await(
        database.script(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, amount REAL);"
                + "CREATE TABLE note (id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES item"
                + " (id), text TEXT UNIQUE)"));
  }

  @AfterEach
  void nothingIsLeftBehind() {
    try {
      eventually("nothing is queued or held", () -> Quiet.is(database.stats()));
      assertThat(droppedErrors).as("dropped errors").isEmpty();
    } finally {
      Hooks.resetOnErrorDropped();
      database.close();
    }
  }

  final ReactiveDatabase db() {
    return database;
  }

  /** Closes the database and opens the same data again. */
  final ReactiveDatabase reopen() {
    database.close();
    database = backend().open(setup());
    return database;
  }

  // ---- short forms

  /** The value, or a failure when there is none. */
  static <T> T get(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(LIMIT), "the Mono completed empty");
  }

  /** Waits for the end. */
  static void await(Mono<?> mono) {
    mono.block(LIMIT);
  }

  static <T> List<T> all(Flux<T> flux) {
    return get(flux.collectList());
  }

  /** The error that the Mono ends with. */
  static Throwable errorOf(Mono<?> mono) {
    return Exceptions.unwrap(catchThrowable(() -> mono.block(LIMIT)));
  }

  /** The error that the Mono ends with, of the given type. */
  static <E extends Throwable> E errorOf(Class<E> type, Mono<?> mono) {
    Throwable error = errorOf(mono);
    assertThat(error).isInstanceOf(type);
    return type.cast(error);
  }

  /** What a call throws by itself, before anything is subscribed to. */
  static Throwable thrownBy(ThrowingCallable call) {
    return catchThrowable(call);
  }

  static void eventually(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as(what).isNegative();
      Mono.delay(Duration.ofMillis(2)).block(LIMIT);
    }
  }

  final Mono<Long> insert(long id) {
    return insert(db(), id);
  }

  static Mono<Long> insert(ReactiveDatabase through, long id) {
    return through.update(INSERT).bind("id", id).bind("name", "name " + id).rowsUpdated();
  }

  /** Inserts the items 1 to count in one statement. */
  final void fill(int count) {
    await(
        db().update(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                    + " INSERT INTO item (id, name) SELECT i, 'name ' || i FROM n")
            .bind(1, count)
            .rowsUpdated());
  }

  final long count() {
    return count("item");
  }

  final long count(String table) {
    return get(db().query("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  final List<Long> ids() {
    return all(db().query("SELECT id FROM item ORDER BY id").mapTo(Long.class).all());
  }

  /** Holds the writer in a unit until the gate opens. */
  final Gate holdWriter() {
    Gate gate = new Gate();
    db().write(
            session -> {
              gate.pass();
              return null;
            })
        .subscribe();
    gate.awaitReached();
    return gate;
  }

  /** Holds one reader in a unit until the gate opens. */
  final Gate holdReader() {
    Gate gate = new Gate();
    db().read(
            session -> {
              gate.pass();
              return null;
            })
        .subscribe();
    gate.awaitReached();
    return gate;
  }

  /** Holds one reader in a mapper until the gate opens; unlike a unit it may be the last one. */
  final Gate holdReaderByMapper() {
    Gate gate = new Gate();
    db().query("SELECT 1")
        .map(
            row -> {
              gate.pass();
              return 1;
            })
        .first()
        .subscribe();
    gate.awaitReached();
    return gate;
  }

  final void awaitQueuedWrites(int count) {
    eventually(
        count + " writes are queued", () -> db().stats().writes().queuedInteractive() == count);
  }

  final void awaitQueuedReads(int count) {
    eventually(count + " reads are queued", () -> db().stats().reads().queued() == count);
  }
}
