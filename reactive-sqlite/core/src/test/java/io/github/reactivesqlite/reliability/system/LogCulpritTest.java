package io.github.reactivesqlite.reliability.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.error.SnapshotTimeoutException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.ForeignProcess;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** The log grows past its limit, and the line in the application's log says because of whom. */
@Tag("reliability")
@Tag("process")
class LogCulpritTest {

  private static final long MIB = 1_048_576;
  private static final long LIMIT = 4 * MIB;

  @TempDir Path directory;

  private Path file;
  private SqliteDatabase database;
  private LogLines log;

  @BeforeEach
  void open() {
    log = new LogLines("io.github.reactivesqlite");
    file = directory.resolve("growing.db");
    database =
        SqliteDatabase.builder(file)
            .config(config -> config.walCheckpointFrames(200).walLimit(LIMIT))
            .build();
    Bounded.get(
        database.script(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB);"
                + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                + " INSERT INTO entry SELECT i, zeroblob(500) FROM n"));
  }

  @AfterEach
  void close() {
    database.close();
    log.close();
  }

  @Test
  void aReaderInAnotherProcessIsTheCause() {
    String line;
    long greatest;
    try (ForeignProcess reader = new ForeignProcess(file)) {
      reader.run("BEGIN");
      reader.run("SELECT count(*) FROM entry");
      Bounded.until(
          "the log is past its limit, and somebody is named",
          () -> {
            write(MIB / 4);
            return !log.linesWith("Look for a process").isEmpty();
          });
      line = log.awaitLine("Look for a process");
      greatest = walSize().bytes();
    }
    assertThat(line).startsWith("WARN").contains("more than walLimit");
    assertThat(greatest).isGreaterThan(LIMIT);
    long begun = System.nanoTime();
    Bounded.until("the log is copied", () -> walSize().pendingFrames() < 500);
    System.out.printf(
        "reader elsewhere named at %d MiB; copied %d ms after its end; %s%n",
        greatest / MIB, (System.nanoTime() - begun) / 1_000_000, line);
  }

  @Test
  void aStreamThatNobodyReadsIsTheCauseAndIsEnded() {
    CompletableFuture<Long> end = new CompletableFuture<>();
    BaseSubscriber<Long> idle = requestingOne(end);
    database.query("SELECT e.id FROM entry e, entry f").mapTo(Long.class).all().subscribe(idle);
    Bounded.until(
        "the log is past its limit, and the stream is named",
        () -> {
          write(MIB / 4);
          return !log.linesWith("ended 1 snapshots and streams").isEmpty();
        });
    String line = log.awaitLine("ended 1 snapshots and streams");
    assertThat(line).startsWith("WARN").contains("more than walLimit", "reads of this database");
    Bounded.until("the log is copied", () -> walSize().pendingFrames() < 500);
    // The rows that had been read before come first
    idle.requestUnbounded();
    assertThat(Bounded.start(Mono.fromFuture(end)).error())
        .isInstanceOf(SnapshotTimeoutException.class)
        .hasMessageContaining("walLimit");
    System.out.println("own stream named: " + line);
  }

  private static BaseSubscriber<Long> requestingOne(CompletableFuture<Long> end) {
    return new BaseSubscriber<>() {
      @Override
      protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(1);
      }

      @Override
      protected void hookOnError(Throwable error) {
        end.completeExceptionally(error);
      }
    };
  }

  @Test
  void aHugeUnitIsTheCauseAndIsNamedByItsLabel() {
    ReactiveDatabase labelled = database.with(OperationOptions.labelled("import.everything"));
    Bounded.get(labelled.write(session -> insert(session, 4 * LIMIT)));
    named("import.everything");
    assertThat(log.linesWith("in one transaction")).hasSize(1);
    for (int i = 0; i < 10; i++) {
      write(MIB / 4);
    }
    assertThat(log.linesWith("in one transaction")).hasSize(1);
  }

  @Test
  void aHugeTransactionIsTheCauseAndIsNamedByItsLabel() {
    ReactiveDatabase labelled = database.with(OperationOptions.labelled("rebuild.index"));
    Bounded.get(
        labelled.withTransaction(
            transaction ->
                transaction
                    .update("INSERT INTO entry (body) VALUES (zeroblob(?1))")
                    .bind(1, 4 * LIMIT)
                    .rowsUpdated()));
    named("rebuild.index");
  }

  @Test
  void whatAnotherProcessWroteIsNotBlamedOnTheNextWrite() {
    write(1);
    try (ForeignProcess other = new ForeignProcess(file)) {
      other.run("PRAGMA wal_autocheckpoint = 0");
      other.run(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
              + " INSERT INTO entry (body) SELECT zeroblob(50000) FROM n");
      assertThat(walSize().bytes()).isGreaterThan(4 * LIMIT);
      Bounded.get(Mono.delay(Duration.ofMillis(60)));
      write(1);
      Bounded.get(
          database.withTransaction(
              transaction ->
                  transaction.update("INSERT INTO entry (body) VALUES (1)").rowsUpdated()));
    }
    assertThat(log.linesWith("in one transaction")).isEmpty();
  }

  private void named(String label) {
    String line = log.awaitLine("in one transaction");
    assertThat(line).startsWith("WARN").contains(label, "walLimit", "writeChunks");
    Bounded.until("the log is copied", () -> walSize().pendingFrames() < 500);
    System.out.println("huge unit named: " + line);
  }

  private void write(long bytes) {
    Bounded.get(database.write(session -> insert(session, bytes)));
  }

  private static long insert(WriteSession session, long bytes) {
    long rows = bytes / 50_000 + 1;
    for (long i = 0; i < rows; i++) {
      session.update("INSERT INTO entry (body) VALUES (zeroblob(50000))").execute();
    }
    return rows;
  }

  private WalSize walSize() {
    WalSize size = Bounded.get(database.maintenance().walSize());
    if (size == null) {
      throw new AssertionError("No size");
    }
    return size;
  }
}
