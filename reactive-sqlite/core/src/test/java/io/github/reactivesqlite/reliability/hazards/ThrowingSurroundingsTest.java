package io.github.reactivesqlite.reliability.hazards;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.LogLines;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/**
 * What surrounds the library in an application throws: the meter registry, the appenders of the
 * log, what restores the Context. It costs nobody an answer.
 */
@Tag("reliability")
class ThrowingSurroundingsTest {

  private static final Duration AT_ONCE = Scale.isLong() ? Duration.ofSeconds(5) : Bounded.PATIENCE;

  @TempDir Path directory;

  private final List<SqliteDatabase> opened = new ArrayList<>();

  private SqliteDatabase open(UnaryOperator<SqliteConfigBuilder> settings) {
    SqliteDatabase database =
        SqliteDatabase.builder(directory.resolve("surroundings.db"))
            .config(config -> settings.apply(config.walCheckpointFrames(8)))
            .build();
    opened.add(database);
    return database;
  }

  /**
   * An appender that interrupts ends the wait for a close, not the close. The next file may get the
   * inode of the one that is being closed, which is claimed a moment longer.
   */
  @AfterEach
  void waitUntilAllIsClosed() {
    Thread.interrupted();
    opened.forEach(database -> Bounded.get(database.closeGracefully()));
  }

  /** Every kind of operation, with success and failure, and the lock of somebody else. */
  private void everythingIsAnsweredAsUsual(SqliteDatabase database) throws SQLException {
    Bounded.get(
        database.script("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)"));
    for (int round = 1; round <= 20; round++) {
      String name = "n" + round;
      assertThat(Bounded.get(insert(database, name))).isOne();
      assertThat(Bounded.start(insert(database, name)).error())
          .isInstanceOf(ConstraintViolationException.class);
    }
    assertThat(Bounded.<Long>get(database.write(s -> s.query(COUNT).mapTo(Long.class).one().get())))
        .isEqualTo(20);
    assertThat(Bounded.<Long>get(database.read(s -> s.query(COUNT).mapTo(Long.class).one().get())))
        .isEqualTo(20);
    assertThat(Bounded.get(count(database))).isEqualTo(20);
    assertThat(
            Bounded.<Long>get(database.withSnapshot(s -> s.query(COUNT).mapTo(Long.class).one())))
        .isEqualTo(20);
    assertThat(
            Bounded.<Long>get(
                database.withTransaction(
                    tx -> tx.update("UPDATE item SET name = name").rowsUpdated())))
        .isEqualTo(20);
    StepVerifier.create(
            database
                .batch("INSERT INTO item (name) VALUES (?)")
                .chunkSize(100)
                .maxDelay(Bounded.PATIENCE)
                .execute(Flux.range(0, 1_000), (row, i) -> row.bind(1, "b" + i)))
        .expectNextCount(10)
        .expectComplete()
        .verify(Bounded.PATIENCE);
    StepVerifier.create(database.query("SELECT id FROM item").mapTo(Long.class).all().limitRate(10))
        .expectNextCount(1_020)
        .expectComplete()
        .verify(Bounded.PATIENCE);
    assertThat(Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE)).busy())
        .isFalse();
    locksAreWaitedFor(database);
    assertThat(database.stats().writes().queuedInteractive()).isZero();
  }

  private void locksAreWaitedFor(SqliteDatabase database) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("surroundings.db"));
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThat(
              Bounded.start(
                      database
                          .with(OperationOptions.none().lockTimeout(Duration.ofMillis(20)))
                          .update("DELETE FROM item WHERE id = 0")
                          .rowsUpdated())
                  .error())
          .isInstanceOf(DatabaseBusyException.class);
      statement.execute("COMMIT");
    }
    assertThat(Bounded.get(insert(database, "after the lock"))).isOne();
  }

  private static final String COUNT = "SELECT count(*) FROM item";

  private static Mono<Long> count(SqliteDatabase database) {
    return database.query(COUNT).mapTo(Long.class).one();
  }

  private static Mono<Long> insert(SqliteDatabase database, String name) {
    return database.update("INSERT INTO item (name) VALUES (?)").bind(1, name).rowsUpdated();
  }

  @Nested
  class Registries {

    @ParameterizedTest
    @CsvSource({
      "EXCEPTION, false",
      "STACK_OVERFLOW, false",
      "MISSING_CLASS, false",
      "UNSPEAKABLE, false",
      "EXCEPTION, true",
      "MISSING_CLASS, true"
    })
    void metersThatThrowCostNoAnswer(Thrown thrown, boolean whenMade) throws SQLException {
      ThrowingRegistry registry = new ThrowingRegistry(thrown, whenMade);
      try (LogLines log = new LogLines("io.github.reactivesqlite.metrics")) {
        try (SqliteDatabase database = open(config -> config.meterRegistry(registry))) {
          everythingIsAnsweredAsUsual(database);
        }
        assertThat(registry.throwings).hasValueGreaterThan(5);
        if (!whenMade) {
          assertThat(log.linesWith("threw while it was used")).hasSizeLessThanOrEqualTo(1);
        }
      }
    }
  }

  @Nested
  class Appenders {

    @ParameterizedTest
    @EnumSource(Thrown.class)
    void appendersThatThrowCostNoAnswer(Thrown thrown) throws SQLException {
      // Everything is worth a line
      Duration nothing = Duration.ofNanos(1);
      try (ThrowingAppender appender = new ThrowingAppender(thrown)) {
        try (SqliteDatabase database =
            open(config -> config.slowOperation(nothing).holdWarning(nothing))) {
          everythingIsAnsweredAsUsual(database);
        }
        assertThat(appender.throwings).hasValueGreaterThan(5);
      }
    }

    /** Writes of a file that is gone end in a line, a verdict and a new connection. */
    @ParameterizedTest
    @EnumSource(Thrown.class)
    void writesThatFailAtTheirCommitAreAnsweredAtOnce(Thrown thrown) throws IOException {
      try (ThrowingAppender appender = new ThrowingAppender(thrown);
          SqliteDatabase database = open(config -> config)) {
        Bounded.get(database.script("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)"));
        Files.delete(directory.resolve("surroundings.db"));
        long before = appender.throwings.get();
        for (int i = 0; i < 3; i++) {
          long begun = System.nanoTime();
          assertThat(Bounded.start(insert(database, "n" + i)).error())
              .isInstanceOf(DatabaseException.class);
          assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
        }
        assertThat(appender.throwings.get()).isGreaterThan(before);
      }
    }

    @ParameterizedTest
    @EnumSource(Thrown.class)
    void writerThatMeetsAnUnknownErrorGoesOnAtOnce(Thrown thrown) {
      AtomicInteger refusals = new AtomicInteger();
      Schedulers.onScheduleHook(
          "refused answers",
          task -> {
            if (Thread.currentThread().getName().endsWith("-writer")
                && refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
              throw new OutOfMemoryError("provoked");
            }
            return task;
          });
      try (ThrowingAppender appender = new ThrowingAppender(thrown);
          SqliteDatabase database = open(config -> config)) {
        Bounded.get(database.script("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)"));
        long before = appender.throwings.get();
        long begun = System.nanoTime();
        // The result scheduler refuses it, and the one that is asked instead
        refusals.set(2);
        assertThat(Bounded.start(insert(database, "a")).get()).isNotNull();
        assertThat(Bounded.get(insert(database, "b"))).isOne();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
        assertThat(refusals).hasValue(0);
        assertThat(appender.throwings.get()).isGreaterThan(before);
      } finally {
        Schedulers.resetOnScheduleHook("refused answers");
      }
    }
  }

  /** The only appender of the library, until it is closed. */
  private static final class ThrowingAppender extends AppenderBase<ILoggingEvent>
      implements AutoCloseable {
    final AtomicLong throwings = new AtomicLong();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.reactivesqlite");
    private final Level level = logger.getLevel();
    private final Thrown thrown;

    ThrowingAppender(Thrown thrown) {
      this.thrown = thrown;
      start();
      logger.setLevel(Level.INFO);
      logger.setAdditive(false);
      logger.addAppender(this);
    }

    @Override
    public void close() {
      logger.detachAppender(this);
      logger.setAdditive(true);
      logger.setLevel(level);
    }

    /** The base class would let errors pass, but not exceptions. */
    @Override
    public synchronized void doAppend(ILoggingEvent event) {
      throwings.incrementAndGet();
      thrown.raise();
    }

    @Override
    protected void append(ILoggingEvent event) {}
  }

  @Nested
  class Contexts {

    /** It cannot be restored: the callback is not run, and its caller hears why. */
    @ParameterizedTest
    @EnumSource(
        value = Thrown.class,
        names = {"EXCEPTION", "ASSERTION", "STACK_OVERFLOW", "MISSING_CLASS"})
    void accessorThatThrowsFailsItsOwnOperationOnly(Thrown thrown) {
      ContextRegistry.getInstance().registerThreadLocalAccessor(new ThrowingAccessor(thrown));
      try (SqliteDatabase database = open(config -> config)) {
        Bounded.get(database.script("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)"));
        Context context = Context.of(ThrowingAccessor.KEY, "value");
        List<Mono<?>> operations =
            List.of(
                database.write(session -> 1),
                database.read(session -> 1),
                database.query("SELECT 1").map(row -> 1).one(),
                database.query("SELECT 1").map(row -> 1).all().then(),
                database.update("INSERT INTO item (name) VALUES ('a')").rowsUpdated());

        for (Mono<?> operation : operations) {
          // Answered, whatever the answer is: not every operation restores a context
          Bounded.start(operation.contextWrite(context)).get();
          assertThat(Bounded.get(insert(database, "b"))).isOne();
          assertThat(Bounded.get(count(database))).isPositive();
        }
        for (Mono<?> operation : operations.subList(0, 4)) {
          assertThat(Bounded.start(operation.contextWrite(context)).error()).isNotNull();
        }
      } finally {
        ContextRegistry.getInstance().removeThreadLocalAccessor(ThrowingAccessor.KEY);
      }
    }
  }

  private record ThrowingAccessor(Thrown thrown) implements ThreadLocalAccessor<Object> {
    static final String KEY = "throwing";

    @Override
    public Object key() {
      return KEY;
    }

    @Override
    public Object getValue() {
      return "nothing";
    }

    @Override
    public void setValue(Object value) {
      thrown.raise();
    }

    @Override
    public void setValue() {}
  }
}
