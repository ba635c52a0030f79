package io.github.reactivesqlite.sqlite.engine.maintenance;

import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.BOUND;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.insert;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.run;
import static io.github.reactivesqlite.sqlite.engine.maintenance.OpenDatabases.script;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

class UpkeepTest {

  private static final int MIB = 1024 * 1024;
  private static final Duration SCAN = Duration.ofMillis(30);

  @TempDir Path dir;
  private Path file;
  private final OpenDatabases databases = new OpenDatabases();

  @BeforeEach
  void nameTheFile() {
    file = dir.resolve("x.db");
  }

  @AfterEach
  void closeAll() throws Exception {
    databases.close();
  }

  private SqliteDatabase open(SqliteConfig config) {
    SqliteDatabase database = databases.open(file, config);
    script(database, "CREATE TABLE t (number INTEGER, body BLOB)");
    return database;
  }

  private long logBytes() {
    try {
      return Files.size(dir.resolve("x.db-wal"));
    } catch (IOException missing) {
      return 0;
    }
  }

  private static WalSize await(SqliteDatabase database, Predicate<WalSize> wanted) {
    return Flux.interval(Duration.ofMillis(20))
        .onBackpressureDrop()
        .concatMap(tick -> database.maintenance().walSize())
        .filter(wanted)
        .next()
        .block(BOUND);
  }

  /** The bytes that were written, and the greatest length of the log meanwhile. */
  private final class Written {
    private static final long BYTES_A_ROW = 400;

    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong longestLog = new AtomicLong();

    /** Counts a row; whether the log was looked at. */
    boolean row() {
      boolean look = rows.incrementAndGet() % 500 == 0;
      if (look) {
        longestLog.accumulateAndGet(logBytes(), Math::max);
      }
      return look;
    }

    boolean logHoldsAThirdAtMost() {
      long longest = longestLog.get();
      return longest > 0 && 3 * longest < bytes();
    }

    private long bytes() {
      return rows.get() * BYTES_A_ROW;
    }

    @Override
    public String toString() {
      return String.format(
          "greatest log %.1f MiB of %.1f MiB written",
          longestLog.get() / (double) MIB, bytes() / (double) MIB);
    }
  }

  @Nested
  class Checkpoints {

    @Test
    void theLogStaysShortWhileWritingAtFullRate() throws SQLException {
      SqliteDatabase database = open(SqliteConfig.ofDefaults());
      Written written = new Written();

      // On a machine that is held up the log is longer, and still no more than a part of all
      Flux<Integer> numbers =
          Flux.range(1, 1_000_000)
              .takeWhile(number -> number <= 100_000 || !written.logHoldsAThirdAtMost());
      long rows = insert(database, numbers).doOnNext(count -> written.row()).blockLast(BOUND);
      database.close();

      System.out.println("full rate: " + written);
      assertThat(written.logHoldsAThirdAtMost()).as("%s", written).isTrue();
      Connection outside = databases.outside(file);
      assertThat(OpenDatabases.ask(outside, "SELECT count(*) FROM t")).isEqualTo(rows);
      assertThat(OpenDatabases.ask(outside, "SELECT sum(number) FROM t"))
          .isEqualTo(rows * (rows + 1) / 2);
      assertThat(OpenDatabases.askText(outside, "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void readsThatOverlapWithoutAGapDoNotKeepTheLogFromStartingOver() {
      SqliteDatabase database = open(config().walCheckpointFrames(200).build());
      // Some tens of milliseconds on one snapshot, by the clock: as work they might outlast a gap
      Mono<Long> scan =
          database
              .query("SELECT count(*) FROM (SELECT 1 FROM t LIMIT 1)")
              .map(
                  row -> {
                    LockSupport.parkNanos(SCAN.toNanos());
                    return row.getLong(1);
                  })
              .one();
      Written written = new Written();
      Mono<Void> writing =
          insert(database, 1_000_000)
              .takeUntil(
                  count -> written.row() && count >= 100_000 && written.logHoldsAThirdAtMost())
              .then();

      Long scans =
          Flux.range(0, 3)
              .flatMap(reader -> scan.repeat())
              .takeUntilOther(writing)
              .count()
              .block(BOUND);

      System.out.printf("%d scans: %s%n", scans, written);
      assertThat(scans).isGreaterThan(10);
      // Without gaps it holds all that was written
      assertThat(written.logHoldsAThirdAtMost()).as("%s", written).isTrue();
    }

    @Test
    void whatWasWrittenIsCopiedWithoutFurtherCommits() {
      SqliteDatabase database = open(config().walCheckpointFrames(50).build());

      insert(database, 5_000).then().block(BOUND);

      assertThat(await(database, size -> size.pendingFrames() < 50)).isNotNull();
    }

    @Test
    void theLogIsTruncatedOnSchedule() {
      SqliteDatabase database = open(config().truncateInterval(Duration.ofMillis(100)).build());
      insert(database, 2_000).then().block(BOUND);

      // Its length and what SQLite counts in it are not read in one moment
      assertThat(await(database, size -> size.bytes() == 0 && size.frames() == 0)).isNotNull();
    }

    @Test
    void everyCheckpointIsMeasured() {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      SqliteDatabase database =
          open(config().walCheckpointFrames(50).meterRegistry(registry).build());

      insert(database, 5_000).then().block(BOUND);
      await(database, size -> size.pendingFrames() < 50);

      assertThat(registry.get(MeterNames.WAL_CHECKPOINT).tag("mode", "passive").timer().count())
          .isPositive();
    }
  }

  @Nested
  class Limits {

    private final Logger logger = (Logger) LoggerFactory.getLogger(LogLimits.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
      lines.start();
      logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
      logger.detachAppender(lines);
    }

    private List<String> warnings() {
      return List.copyOf(lines.list).stream()
          .filter(line -> line.getLevel() == Level.WARN)
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }

    @Test
    void aSnapshotThatPinsTooLargeALogIsEnded() {
      SqliteDatabase database = open(limited(null));
      Mono<Long> pinning =
          database.withSnapshot(
              snapshot ->
                  snapshot
                      .query("SELECT count(*) FROM t")
                      .mapTo(Long.class)
                      .one()
                      .then(Mono.<Long>never()));
      Flux<Long> writing =
          insert(database, 20_000).takeLast(1).repeat().takeUntilOther(pinning.onErrorComplete());

      StepVerifier.create(Flux.merge(pinning, writing.then(Mono.<Long>empty())))
          .expectErrorSatisfies(
              error ->
                  assertThat(error)
                      .isInstanceOf(SnapshotTimeoutException.class)
                      .hasMessageContaining("walLimit"))
          .verify(BOUND);

      assertThat(await(database, size -> size.pendingFrames() < 1_000)).isNotNull();
      assertThat(warnings()).anySatisfy(line -> assertThat(line).contains("ended"));
    }

    @Test
    void aReaderOutsideIsReportedOnceAndNothingIsRefused() throws SQLException {
      SqliteDatabase database = open(limited(null));
      pinFromOutside();

      insert(database, 40_000).then().block(BOUND);
      insert(database, 1_000).takeLast(1).repeat(() -> warnings().isEmpty()).then().block(BOUND);
      insert(database, 10_000).then().block(BOUND);

      assertThat(warnings())
          .singleElement()
          .satisfies(line -> assertThat(line).contains("no snapshot or stream of this database"));
    }

    @Test
    void writesAreRefusedBeyondTheHardLimitAndTakenAgainBelowIt() throws SQLException {
      SqliteDatabase database = open(limited(8L * MIB));
      Connection outside = pinFromOutside();

      StepVerifier.create(insert(database, 1_000_000).then())
          .expectErrorSatisfies(
              error ->
                  // Several writes in flight may be refused at the same moment
                  assertThat(Exceptions.unwrapMultiple(error))
                      .isNotEmpty()
                      .allSatisfy(
                          each ->
                              assertThat(each)
                                  .isInstanceOfSatisfying(
                                      StorageException.class,
                                      refused ->
                                          assertThat(refused.kind())
                                              .isEqualTo(StorageException.Kind.WAL_LIMIT))))
          .verify(BOUND);
      long counted = OpenDatabases.count(database, "t");
      run(outside, "COMMIT");

      Long inserted =
          insert(database, 1)
              .takeLast(1)
              .next()
              .retryWhen(
                  Retry.fixedDelay(1_000, Duration.ofMillis(20))
                      .filter(StorageException.class::isInstance))
              .block(BOUND);
      assertThat(inserted).isEqualTo(1);
      assertThat(OpenDatabases.count(database, "t")).isGreaterThanOrEqualTo(counted + 1);
    }

    private Connection pinFromOutside() throws SQLException {
      Connection outside = databases.outside(file);
      run(outside, "BEGIN");
      OpenDatabases.ask(outside, "SELECT count(*) FROM t");
      return outside;
    }

    private SqliteConfig limited(Long hardLimit) {
      return config().walCheckpointFrames(200).walLimit(4L * MIB).walHardLimit(hardLimit).build();
    }
  }

  @Nested
  class Closing {

    @Test
    void theThreadsAreGoneAndTheLogToo() {
      SqliteDatabase database = open(config().name("gone").build());
      insert(database, 2_000).then().block(BOUND);
      database.maintenance().walSize().block(BOUND);

      database.close();

      assertThat(logBytes()).isZero();
      // A thread that has left its pool may still be on its way out
      Flux.interval(Duration.ofMillis(5))
          .onBackpressureDrop()
          .filter(
              tick ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getName().startsWith("gone-")))
          .next()
          .block(BOUND);
    }
  }

  private static SqliteConfigBuilder config() {
    return SqliteConfig.builder();
  }
}
